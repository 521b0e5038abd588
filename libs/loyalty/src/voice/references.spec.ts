import { readFileSync } from 'node:fs';
import { voiceReferences } from './references.js';

const read = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');

describe.each(voiceReferences(read).map((method) => [method.name, method] as const))('%s', (_, method) => {
  it.each(method.cases.map((one) => [one.quantity, one] as const))('%s', (_quantity, { ours, published, tolerance }) => {
    expect(Math.abs(ours() - published)).toBeLessThanOrEqual(tolerance);
  });
});
