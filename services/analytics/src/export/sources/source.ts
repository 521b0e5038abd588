import type { StoredEvent } from '@touchstone/event-store';

/**
 * Where an export reads the public events of one service. The service's log is one; a topic that carries the same events is
 * another, when it tells their `seq` and `version`: the same events give the same files.
 */
export interface Source {
  readonly service: string;
  /** Names the log that the events are from. A folder that was begun with another log is refused. */
  readonly logId: string;
  /** The place up to which the log is on disk and will never change; 0 for an empty one. */
  settled(): Promise<number>;
  /** Public events that the service itself recorded, after place `after` up to and with `to`, in the order of `seq`. */
  pages(after: number, to: number): AsyncIterable<readonly StoredEvent[]>;
}
