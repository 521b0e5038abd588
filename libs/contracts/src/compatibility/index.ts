/**
 * Compatibility of public events over time. It guards that what was released stays as it was, that a reader of the newest version
 * can read all older ones, and that a version goes only after the notice that was given. Pure: what was released and the day are
 * arguments.
 */
export * from './check.js';
export { narrowings } from './narrowings.js';
export type { Narrowing } from './narrowings.js';
export * from './rules.js';
