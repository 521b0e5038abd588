/** What hosts may import to re-run decisions: the deciders, without Nest. */
export { loyalty } from './loyalty/decider.js';
export { policy } from './policies/decider.js';
export { exposure } from './traceability/decider.js';
