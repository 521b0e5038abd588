/** Public events of assurance. Released versions are never edited: add a version beside. */
export * from './capa-closed.v1.js';
export * from './capa-declined.v1.js';
export * from './capa-due-date-extended.v1.js';
export * from './capa-implemented.v1.js';
export * from './capa-opened.v1.js';
export * from './capa-overdue.v1.js';
export * from './capa-plan-approved.v1.js';
export * from './capa-planned.v1.js';
export * from './capa-proposed.v1.js';
export * from './capa-reopened.v1.js';
export * from './containment-recorded.v1.js';
export * from './effectiveness-verified.v1.js';
export * from './recurrence-prevented.v1.js';
export * from './root-cause-confirmed.v1.js';
