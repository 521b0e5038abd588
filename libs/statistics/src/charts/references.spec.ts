import { readFileSync } from 'node:fs';
import { numericsReferences } from '../numerics/references.js';
import { chartReferences, constantReferences } from './references.js';

const read = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
const methods = [...constantReferences(read), ...chartReferences(read), ...numericsReferences(read)];

describe.each(methods.map((method) => [method.name, method] as const))('published results: %s', (_, { cases }) => {
  it.each(cases.map((one) => [one.quantity, one] as const))('%s', (_quantity, { published, ours, tolerance }) => {
    expect(Math.abs(ours() - published)).toBeLessThanOrEqual(tolerance);
  });
});
