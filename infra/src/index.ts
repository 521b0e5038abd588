/**
 * Infrastructure for trying the platform out: a simulated company whose truth is known, and real data sets with their mappings.
 * It guards that everything comes in as from any user: over HTTP, under the token of the person or system that acts.
 */
export * from './datasets.js';
export * from './simulator/api.js';
export * from './simulator/company.js';
export * from './simulator/people.js';
export * from './simulator/products.js';
export * from './simulator/random.js';
export * from './simulator/run-company.js';
export * from './simulator/story.js';
