import type { PolicyDocument } from './policy.js';

/** What the tests decide by: may a lot leave after inspection? */
export const lotRelease: PolicyDocument = {
  id: 'lot-release',
  version: 3,
  title: 'Release of a lot after final inspection',
  inputs: [
    { field: 'defectRate', label: 'Defect rate found', kind: 'decimal' },
    { field: 'limit', label: 'Agreed limit', kind: 'decimal' },
    { field: 'severity', label: 'Worst defect', kind: 'text', optional: true },
    { field: 'customerConsent', label: 'Customer consents', kind: 'boolean' },
  ],
  outputs: [
    { field: 'disposition', label: 'Disposition', kind: 'text' },
    { field: 'sampleShare', label: 'Share of the next lot to inspect', kind: 'decimal' },
  ],
  hitPolicy: 'first',
  rules: [
    {
      id: 'critical',
      description: 'A critical defect holds the lot, whatever the rate',
      when: { severity: "'critical'" },
      then: { disposition: 'hold', sampleShare: '1' },
    },
    {
      id: 'over-limit-with-consent',
      description: 'Over the limit, but the customer takes it',
      when: { defectRate: '> limit', customerConsent: 'true' },
      then: { disposition: 'concession', sampleShare: '0.5' },
    },
    {
      id: 'over-limit',
      description: 'Over the agreed limit',
      when: { defectRate: '> limit' },
      then: { disposition: 'hold', sampleShare: '1' },
    },
    {
      id: 'otherwise',
      description: 'Nothing against it',
      when: {},
      then: { disposition: 'release', sampleShare: '0.10' },
    },
  ],
};

/** One decimal input, one cell, and a catch-all: does `cell` hold? */
export function testOf(cell: string, input: Partial<PolicyDocument['inputs'][number]> = {}): PolicyDocument {
  return {
    id: 'test',
    version: 1,
    title: 'One cell',
    inputs: [
      { field: 'x', label: 'X', kind: 'decimal', ...input },
      { field: 'other', label: 'Another', kind: 'decimal', optional: true },
    ],
    outputs: [{ field: 'answer', label: 'Answer' }],
    hitPolicy: 'first',
    rules: [
      { id: 'yes', description: '', when: { x: cell }, then: { answer: 'yes' } },
      { id: 'no', description: '', when: {}, then: { answer: 'no' } },
    ],
  };
}
