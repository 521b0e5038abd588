/** Public events of analytics. Released versions are never edited: add a version beside. */
export * from './exposure-identified.v1.js';
export * from './loyalty-assessed.v1.js';
export * from './policy-approved.v1.js';
export * from './policy-proposed.v1.js';
