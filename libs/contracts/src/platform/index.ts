/** Public events that any service may publish, about its log. Released versions are never edited: add a version beside. */
export * from './events-withdrawn.v1.js';
export * from './log-epoch-started.v1.js';
