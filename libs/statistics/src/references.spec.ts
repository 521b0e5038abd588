import { readFileSync } from 'node:fs';
import { references } from './references.js';

const read = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');

describe.each(references)('published results: $title', ({ methods }) => {
  const cases = methods(read).flatMap(({ name, cases: published }) => published.map((one) => ({ method: name, ...one })));
  it.each(cases)('$method: $quantity is $published', ({ published, ours, tolerance }) => {
    expect(Math.abs(ours() - published)).toBeLessThanOrEqual(tolerance);
  });
});
