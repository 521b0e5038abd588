import { readFileSync } from 'node:fs';
import { repeatPurchaseReferences } from './references.js';

const methods = repeatPurchaseReferences((name) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

describe.each(methods.map((method) => [method.name, method.cases] as const))('%s as published', (_, cases) => {
  it.each(cases.map((one) => [one.quantity, one] as const))('has %s', (__, { published, tolerance, ours }) => {
    expect(Math.abs(ours() - published)).toBeLessThanOrEqual(tolerance);
  });
});
