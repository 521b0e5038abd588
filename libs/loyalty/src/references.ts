// Every published result this library is held to, by folder. `references.spec.ts` asserts each; the documentation prints them.
import type { ReferenceSection } from '@touchstone/statistics/references';
import { attributionReferences } from './attribution/references.js';
import { repeatPurchaseReferences } from './repeat-purchase/references.js';
import { riskReferences } from './risk/references.js';
import { survivalReferences } from './survival/references.js';
import { voiceReferences } from './voice/references.js';

export const references: readonly ReferenceSection[] = [
  { title: 'Repeat purchase', methods: repeatPurchaseReferences },
  { title: 'Survival', methods: survivalReferences },
  { title: 'Risk', methods: riskReferences },
  { title: 'Voice of the customer', methods: voiceReferences },
  { title: 'Attribution', methods: attributionReferences },
];
