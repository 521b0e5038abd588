import type { Position } from '../answer.js';
import { CodedError, ForeignPosition } from '../answer.js';

/** A log's history between two restorings of its database. The log id ends in its number: `control.plant-1.2`. */
export interface LogEpoch {
  readonly epoch: number;
  readonly logId: string;
  /** Events up to this seq were taken over from the epoch before; 0 for the first. */
  readonly forkSeq: number;
  readonly startedAt: string;
  readonly startedBy?: string;
  readonly reason?: string;
}

/** The log was given another id since this process read it: what was about to be appended is named after the old one. */
export class LogEpochChanged extends CodedError {
  readonly code = 'LOG_EPOCH_CHANGED';
  readonly status = 503;
  constructor(knew: string, is: string) {
    super(`the log is ${is} by now, no longer ${knew}: try again`);
  }
}

/** The epochs that a log has been through, oldest first; the last is the one that it is in. */
export type Lineage = readonly LogEpoch[];

/** A position that lies in a history which was lost when the database was put back: what stood there is no longer in this log. */
export class PositionWithdrawn extends CodedError {
  readonly code = 'POSITION_WITHDRAWN';
  readonly status = 410;
  constructor(position: Position, logId: string) {
    super(`${position} was lost when the log was put back to a backup; it goes on as ${logId}: read again, and enter again what is missing`);
  }
}

export const currentEpoch = (lineage: Lineage): LogEpoch => {
  const last = lineage.at(-1);
  if (!last) throw new Error('a log has one epoch at least');
  return last;
};

/** The epoch in which the event at `seq` was appended; its id is derived from that log id. */
export const epochAt = (lineage: Lineage, seq: number): LogEpoch => lineage.findLast(({ forkSeq }) => forkSeq < seq) ?? currentEpoch(lineage.slice(0, 1));

/** Up to here an epoch's events are still in this log; Infinity for the one that it is in, undefined for one that it never knew. */
export function sharedUntil(lineage: Lineage, epoch: number): number | undefined {
  if (!lineage.some((each) => each.epoch === epoch)) return undefined;
  return Math.min(...lineage.filter((each) => each.epoch > epoch).map(({ forkSeq }) => forkSeq));
}

/** `control.plant-1.` and 2 of `control.plant-1.2`. */
export function parseLogId(logId: string): { readonly name: string; readonly epoch: number } {
  const [, name = `${logId}.`, digits = '1'] = /^(.*?[^0-9])(\d{1,9})$/.exec(logId) ?? [];
  return { name, epoch: Number(digits) };
}

/** The id of the same log in another epoch. */
export const logIdIn = (logId: string, epoch: number): string => `${parseLogId(logId).name}${epoch}`;

/**
 * The seq that a position means in this log. One of an earlier epoch is understood as long as it lies before the fork; beyond it,
 * or in an epoch that this log never knew, throws {@link PositionWithdrawn}; of another log, {@link ForeignPosition}.
 */
export function seqIn(lineage: Lineage, position: Position): number {
  const current = currentEpoch(lineage);
  const [, logId = '', digits = ''] = /^(.+)@(\d{1,15})$/.exec(position) ?? [];
  if (digits === '' || parseLogId(logId).name !== parseLogId(current.logId).name) throw new ForeignPosition(position, current.logId);
  const seq = Number(digits);
  const known = lineage.find((each) => each.logId === logId);
  if (!known || seq > (sharedUntil(lineage, known.epoch) ?? 0)) throw new PositionWithdrawn(position, current.logId);
  return seq;
}
