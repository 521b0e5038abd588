/** Public events of planning. Released versions are never edited: add a version beside. */
export * from './characteristic-noted.v1.js';
export * from './control-plan-approved.v1.js';
export * from './control-plan-drafted.v1.js';
export * from './control-plan-in-force.v1.js';
export * from './item-registered.v1.js';
export * from './item-revision-released.v1.js';
export * from './item-site-added.v1.js';
