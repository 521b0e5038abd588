/** Real brokers for specs and chaos runs; the broker itself is the one that a cluster on one machine has. */
export * from '@touchstone/messaging/local-kafka';
export * from './certificates.js';
