/**
 * The kernel: what every decision is made of. A decider, the envelope of an event, a refusal, a fact, exact decimals, derived
 * ids and the clock. It guards purity: nothing here reads, writes, waits or depends on anything.
 */
export * from './clock.js';
export * from './decider.js';
export * from './decimal.js';
export * from './envelope.js';
export * from './ids.js';
export * from './upcaster.js';
