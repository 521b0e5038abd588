/** What hosts may import to re-run decisions: the deciders, without Nest. */
export { caseDecider } from './cases/decider.js';
