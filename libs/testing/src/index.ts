/**
 * What specs are written with: a PostgreSQL of their own, specs of deciders and projections in the words of the domain, and the
 * conformance suite that every store must pass. It guards the guards: each of its checks was shown to fail on a planted bug.
 */
export * from './database.js';
export * from './decider-spec.js';
export * from './history/history-checker.js';
export * from './projection-spec.js';
export * from './recorded.js';
export * from './store-checks.js';
export * from './store-conformance.js';
export * from './test-service.js';
