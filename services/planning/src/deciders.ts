/** What hosts may import to re-run decisions: the deciders, without Nest. */
export { controlPlan } from './control-plans/decider.js';
export { item } from './items/decider.js';
