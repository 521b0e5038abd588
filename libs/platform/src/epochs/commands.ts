import { TextField } from '../fields.js';

/** What an operator says to start a new epoch of the log: why. */
export class AskForEpoch {
  readonly type = 'AskForEpoch';
  @TextField({ description: 'what happened, and which backup was put back; without personal data' }) reason!: string;
}

/** The log goes on under a new id from here. Given by the service itself, for the operator who asked for it. */
export class StartLogEpoch {
  readonly type = 'StartLogEpoch';
  service!: string;
  epoch!: number;
  logId!: string;
  formerLogId!: string;
  forkSeq!: number;
  withdrawn!: number;
  pages!: number;
  startedBy!: string;
  reason!: string;
}

export interface WithdrawnEvent {
  readonly eventId: string;
  readonly stream: string;
  readonly type: string;
  /** In the log that was lost. */
  readonly position: string;
}

/** One page of what others were told and the log lost. */
export class WithdrawEvents {
  readonly type = 'WithdrawEvents';
  epoch!: number;
  service!: string;
  logId!: string;
  page!: number;
  events!: WithdrawnEvent[];
}
