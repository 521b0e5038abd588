// Every published result this library is held to, by folder. `references.spec.ts` asserts each; the documentation prints them.
import { capabilityReferences } from './capability/references.js';
import { chartReferences, constantReferences } from './charts/references.js';
import { inferenceReferences } from './inference/references.js';
import { measurementSystemsReferences } from './measurement-systems/references.js';
import { numericsReferences } from './numerics/references.js';
import type { ReferenceSection } from './reference.js';
import { rulesReferences } from './rules/references.js';
import { samplingReferences } from './sampling/references.js';

export type { ReadFixture, ReferenceCase, ReferencedMethod, ReferenceSection, ReferencesOf } from './reference.js';

export const references: readonly ReferenceSection[] = [
  { title: 'Means and spread', methods: numericsReferences },
  { title: 'Control charts', methods: (read) => [...constantReferences(read), ...chartReferences(read)] },
  { title: 'Run rules', methods: rulesReferences },
  { title: 'Process capability', methods: capabilityReferences },
  { title: 'Measurement systems', methods: measurementSystemsReferences },
  { title: 'Acceptance sampling', methods: samplingReferences },
  { title: 'Comparisons, trends and sample sizes', methods: inferenceReferences },
];
