/** Public events of control. Released versions are never edited: add a version beside. */
export * from './concession-granted.v1.js';
export * from './hold-lifted.v1.js';
export * from './inspection-completed.v1.js';
export * from './inspection-started.v1.js';
export * from './lot-accepted.v1.js';
export * from './lot-registered.v1.js';
export * from './lot-rejected.v1.js';
export * from './measurement-corrected.v1.js';
export * from './measurements-recorded.v1.js';
export * from './quantity-allocated.v1.js';
export * from './quantity-dispositioned.v1.js';
export * from './quantity-held.v1.js';
export * from './quantity-released.v1.js';
export * from './reassessment-opened.v1.js';
export * from './result-out-of-specification.v1.js';
export * from './stage-passed.v1.js';
