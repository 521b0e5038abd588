import type { Uuid } from '@touchstone/kernel';

/** Where a log stood: names the log, so that a position of another one is not taken for ours. Opaque outside. */
export type Position = string;

export const positionOf = (logId: string, seq: number): Position => `${logId}@${seq}`;

/** What the caller of a command is told; stored with the command and told again when it is repeated. Holds nothing personal. */
export type Answer = Accepted | Refused;

export interface Accepted {
  readonly outcome: 'accepted';
  readonly stream: string;
  readonly version: number;
  readonly events: readonly { readonly id: Uuid; readonly type: string }[];
  readonly position: Position;
  /** True when the command had been taken before and this is the stored answer. */
  readonly repeated: boolean;
}

export interface Refused {
  readonly outcome: 'refused';
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly stream: string;
  /** The entity's version that was judged; a refusal does not move it. */
  readonly version: number;
  readonly events: readonly { readonly id: Uuid; readonly type: string }[];
  readonly position: Position;
  readonly repeated: boolean;
}

export const answerOf = (logId: string, { answer, seq }: { answer: string; seq: number }, repeated: boolean): Answer =>
  ({ ...(JSON.parse(answer) as object), position: positionOf(logId, seq), repeated }) as Answer;

/** An error that is answered with a stable code; the HTTP layer makes a problem document of it. Logged, not appended. */
export abstract class CodedError extends Error {
  abstract readonly code: string;
  abstract readonly status: number;
  readonly details: Readonly<Record<string, unknown>> = {};
}

export class OccurredInFuture extends CodedError {
  readonly code = 'OCCURRED_IN_FUTURE';
  readonly status = 400;
  constructor(occurredAt: string, now: string) {
    super(`occurredAt ${occurredAt} lies after now, ${now}: record it when it has happened`);
  }
}

export class VersionMismatch extends CodedError {
  readonly code = 'VERSION_MISMATCH';
  readonly status = 412;
  constructor(expected: number, actual: number) {
    super(`the caller saw version ${expected}, but it is at ${actual}: read it again and decide anew`);
  }
}

export class CommandIdReused extends CodedError {
  readonly code = 'COMMAND_ID_REUSED';
  readonly status = 409;
  constructor(id: Uuid) {
    super(`command ${id} was given before with another content: use a new Idempotency-Key`);
  }
}

export class NameTaken extends CodedError {
  readonly code = 'NAME_TAKEN';
  readonly status = 409;
  override readonly details: Readonly<Record<string, unknown>>;
  constructor(name: string) {
    super(`${name} is taken`);
    this.details = { name };
  }
}

export class Conflicted extends CodedError {
  readonly code = 'CONFLICT';
  readonly status = 409;
  constructor(stream: string, attempts: number) {
    super(`${stream} changed under each of ${attempts} attempts: try again`);
  }
}

export class ForeignPosition extends CodedError {
  readonly code = 'FOREIGN_POSITION';
  readonly status = 400;
  constructor(position: string, logId: string) {
    super(`${position} is no position of the log ${logId}`);
  }
}

export class TooManyWaiting extends CodedError {
  readonly code = 'STREAM_BUSY';
  readonly status = 503;
  constructor(stream: string, waiting: number) {
    super(`${waiting} commands wait for ${stream}: try again later`);
  }
}
