/**
 * Decides whether a recorded history of a log is allowed. It guards the promises of the store as its clients and readers see
 * them: what was acknowledged is stored; nothing is stored by half; seq and versions are dense and stable; optimistic concurrency
 * is linearizable; a command is done and answered once; each subscriber sees each seq once and in order.
 */
import { checkCommands } from './check-commands.js';
import { checkConcurrency } from './check-concurrency.js';
import { checkIngest } from './check-ingest.js';
import { checkLog } from './check-log.js';
import { checkReads } from './check-reads.js';
import { checkSubscribers } from './check-subscribers.js';
import { evidenceOf } from './evidence.js';
import type { History, Violation, ViolationKind } from './history.js';

export type * from './delivery.js';
export type * from './history.js';
export * from './check-delivery.js';
export * from './history-recorder.js';
export * from './journal.js';
export { askedOf, loggedOf } from './stored-in.js';

/** What a history shows that a correct log could not have done; empty when it is allowed. Pure: the same history, the same list. */
export function checkHistory(history: History): readonly Violation[] {
  const evidence = evidenceOf(history);
  return [checkLog, checkIngest, checkConcurrency, checkCommands, checkReads, checkSubscribers].flatMap((check) => check(evidence));
}

/** The kinds that occur, each once, in alphabetical order. */
export const kindsOf = (violations: readonly Violation[]): readonly ViolationKind[] =>
  [...new Set(violations.map(({ kind }) => kind))].toSorted();
