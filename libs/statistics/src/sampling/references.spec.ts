import { readFileSync } from 'node:fs';
import { samplingReferences } from './index.js';

const methods = samplingReferences((name) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));
const cases = methods.flatMap(({ name, cases: published }) => published.map((known) => ({ ...known, name })));

describe('acceptance sampling as published', () => {
  it.each(cases)('$name: $quantity is $published', ({ published, ours, tolerance }) => {
    expect(Math.abs(ours() - published)).toBeLessThanOrEqual(tolerance);
  });
});
