import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { references } from './references.js';

const read = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
const results: number[] = [];

describe.each(references)('published results: $title', ({ methods }) => {
  const cases = methods(read).flatMap(({ name, cases: published }) => published.map((one) => ({ method: name, ...one })));
  it.each(cases)('$method: $quantity is $published', ({ published, ours, tolerance }) => {
    const result = ours();
    results.push(result);
    expect(Math.abs(result - published)).toBeLessThanOrEqual(tolerance);
  });
});

/** SHA-256 of the doubles above, in order. It changes when a method or a case is changed, and with nothing else; then write it anew. */
it('are the same to the last bit on every machine', () => {
  const bytes = new DataView(new ArrayBuffer(8 * results.length));
  results.forEach((result, index) => bytes.setFloat64(8 * index, result));
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(read('results.sha256').trim());
});
