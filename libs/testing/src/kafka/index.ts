/**
 * A real Kafka broker for specs, chaos runs and clusters on one machine, where there is Java; elsewhere the reason why not, so
 * that what needs it is listed as skipped and never silently passed.
 */
export * from './kafka-broker.js';
export * from './kafka-programs.js';
