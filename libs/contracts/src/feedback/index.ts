/** Public events of feedback. Released versions are never edited: add a version beside. */
export * from './account-registered.v1.js';
export * from './case-action-recorded.v1.js';
export * from './case-closed.v1.js';
export * from './case-opened.v1.js';
export * from './case-overdue.v1.js';
export * from './complaint-acknowledged.v1.js';
export * from './complaint-assessed.v1.js';
export * from './complaint-closed.v1.js';
export * from './complaint-escalated.v1.js';
export * from './complaint-received.v1.js';
export * from './complaint-resolved.v1.js';
export * from './complaint-responded.v1.js';
export * from './contact-added.v1.js';
export * from './customer-erased.v1.js';
export * from './purchase-recorded.v1.js';
export * from './satisfaction-stated.v1.js';
export * from './ship-to-added.v1.js';
