import { readFileSync } from 'node:fs';
import { attributionReferences } from './references.js';

const methods = attributionReferences((name) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

describe.each(methods)('$name', ({ cases }) => {
  it.each(cases)('agrees with the published $quantity: $published', ({ published, ours, tolerance }) => {
    expect(Math.abs(ours() - published)).toBeLessThanOrEqual(tolerance);
  });
});
