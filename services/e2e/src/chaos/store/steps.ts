import pg from 'pg';

/** What a process asks of PostgreSQL, by what it is for: the steps of append, read and project. */
export const statements = [
  'append', 'ingest', 'flush', 'connect', 'open-log', 'take-turn', 'read-all', 'read-stream', 'find-command', 'find-position', 'read-key', 'write-key',
  'load-rows', 'write-rows', 'write-checkpoint', 'ask-rows', 'read-deadlines', 'note-sent',
] as const;
export type Statement = (typeof statements)[number] | 'other';

/** Steps that are no statement: a client has been told, and a subscriber outside the database keeps its checkpoint. */
export type Step = Statement | 'tell' | 'keep-checkpoint';
export type Moment = 'before' | 'sent' | 'after';

const patterns: readonly (readonly [Statement, RegExp])[] = [
  ['append', /\bappend_\w+\s*\(/i],
  ['ingest', /\bingest_\w+\s*\(/i],
  ['flush', /pg_logical_emit_message|touchstone\.flush/i],
  ['open-log', /log_identity|log_epoch/i],
  ['take-turn', /pg_try_advisory_lock/i],
  ['write-key', /insert into subject_key/i],
  ['read-key', /from subject_key/i],
  ['note-sent', /insert into deadline_sent/i],
  ['read-deadlines', /deadline_sent/i],
  ['write-rows', /^with moved as|update checkpoint set seq = \$\d where name = \$\d and seq/i],
  ['load-rows', /json_populate_recordset/i],
  ['write-checkpoint', /(update|insert into) checkpoint/i],
  ['find-position', /from checkpoint|max\(seq\)/i],
  ['find-command', /from command/i],
  ['read-stream', /stream = (w\.stream|\$1)|unnest\(\$1::text\[\]/i],
  ['read-all', /from event where seq >/i],
  ['ask-rows', /"mould"/i],
];

/** By the text of the statement; `other` is what no pattern knows. */
export const statementOf = (text: string): Statement => patterns.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';

/** `text` and `values` are those of a statement. */
type Listener = (step: Step, moment: Moment, text?: string, values?: unknown) => void;

interface Submittable {
  submit(this: Submittable, connection: unknown): unknown;
  handleReadyForQuery(this: Submittable, connection: unknown): unknown;
  readonly text?: string;
  readonly values?: unknown;
}

const TOLD = Symbol('steps');

/**
 * Tells of every query of this process: before it is sent, when it has been handed to the kernel, and when its answer has come and
 * nobody has been told. At the wire, so that the product needs no hooks; also for queries that are no `pg.Query`.
 */
export function watchSteps(listener: Listener): void {
  watch(pg.Query.prototype as unknown as Submittable, listener);
  watchConnecting(listener);
  const { query } = pg.Client.prototype as unknown as { query: (this: unknown, first: unknown, ...rest: unknown[]) => unknown };
  (pg.Client.prototype as unknown as { query: typeof query }).query = function watched(first, ...rest) {
    if (!(first instanceof pg.Query) && isSubmittable(first)) watch(first, listener);
    return query.call(this, first, ...rest);
  };
}

function watchConnecting(listener: Listener): void {
  const client = pg.Client.prototype as unknown as { connect: (this: pg.Client, ...rest: unknown[]) => unknown };
  const { connect } = client;
  client.connect = function watchedConnect(...rest) {
    listener('connect', 'before');
    this.once('connect', () => listener('connect', 'after'));
    const connected = connect.apply(this, rest);
    listener('connect', 'sent');
    return connected;
  };
}

const isSubmittable = (value: unknown): value is Submittable => typeof (value as Partial<Submittable> | null)?.submit === 'function';

function watch(target: Submittable & { [TOLD]?: true }, listener: Listener): void {
  if (target[TOLD]) return;
  target[TOLD] = true;
  const { submit, handleReadyForQuery } = target;
  target.submit = function watchedSubmit(connection) {
    const step = statementOf(this.text ?? '');
    listener(step, 'before', this.text, this.values);
    const failed = submit.call(this, connection);
    listener(step, 'sent', this.text, this.values);
    return failed;
  };
  target.handleReadyForQuery = function watchedReady(connection) {
    listener(statementOf(this.text ?? ''), 'after', this.text, this.values);
    return handleReadyForQuery.call(this, connection);
  };
}
