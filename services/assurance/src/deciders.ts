/** What hosts may import to re-run decisions: the deciders, without Nest. */
export { capa } from './capas/decider.js';
