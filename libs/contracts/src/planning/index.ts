/** Public events of planning. Released versions are never edited: add a version beside. */
export * from './control-plan-in-force.v1.js';
