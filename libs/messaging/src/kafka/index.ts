/**
 * The transport between processes, over Kafka. It guards: one process of a service publishes at a time, after the disk and in
 * order; each consumer begins where its own log stands, whatever the broker remembers; a dead part shows, and is replaced.
 */
export type * from './kafka-port.js';
export * from './inbound.js';
export * from './kafka-transport.js';
export * from './kafka-publisher.js';
export * from './kafkajs-port.js';
export * from './partition.js';
export * from './relay-lease.js';
