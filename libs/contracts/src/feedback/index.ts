/** Public events of feedback. Released versions are never edited: add a version beside. */
export * from './case-action-recorded.v1.js';
export * from './case-closed.v1.js';
export * from './case-opened.v1.js';
export * from './case-overdue.v1.js';
