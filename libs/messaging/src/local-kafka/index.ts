/**
 * A real Kafka broker on this machine, where there is Java; elsewhere the reason why not: for a cluster of processes on loopback,
 * and for specs, which are listed as skipped and never silently passed.
 */
export * from './kafka-broker.js';
export * from './kafka-programs.js';
