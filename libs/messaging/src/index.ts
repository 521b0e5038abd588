/**
 * Messaging: how one service's events reach the others' logs. The relay publishes, ingest takes in, what cannot be taken is
 * parked. It guards: only the relay publishes, only what is on disk, in the order of each stream; repeated delivery changes nothing.
 */
export * from './deliver.js';
export * from './gated-ingest.js';
export * from './in-process.js';
export * from './inbound.js';
export * from './ingest.js';
export * from './ingest-controller.js';
export * from './log-guard.js';
export * from './log-holder.js';
export * from './relay.js';
export * from './transport.js';
