import type { PostgresOptions, ServerIdentity } from './connect.js';
import { Connection, sameServer } from './connect.js';
import type { Append, AppendResult, ForeignEvent, IngestResult } from '../store.js';
import { AppendOutcomeUnknown, StoreBusy } from '../store.js';

/** A turn at the turnstile: a command's outcome, or foreign events. */
type Turn = { readonly kind: 'append'; readonly append: Append } | { readonly kind: 'ingest'; readonly events: readonly ForeignEvent[] };
type Outcome = (AppendResult & { seq?: number }) | { status: 'ingested'; statuses: IngestResult[]; seq: number };

interface Waiting {
  readonly item: object;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

interface Unflushed {
  readonly server: ServerIdentity;
  readonly done: () => void;
  readonly lost: (error: unknown) => void;
}

const MAX_WAITING = 20_000;
const MAX_GATHERED = 256;

/**
 * A short turnstile and one shared flush. While one call is in flight the next gathers; the call numbers and inserts under an
 * advisory lock with `synchronous_commit = off`, so the lock is gone before any disk is waited for. Then one synchronous commit
 * on a second connection makes everything so far durable, for all who wait, and only then is anyone answered.
 */
export class Turnstile {
  private readonly appending: Connection;
  private readonly flushing: Connection;
  private waiting: Waiting[] = [];
  private unflushed: Unflushed[] = [];
  private inCall = false;
  private inFlush = false;
  private readonly appended: (() => void)[] = [];

  constructor(options: PostgresOptions) {
    this.appending = new Connection(options, 'off');
    this.flushing = new Connection(options, 'on');
  }

  onAppend(listener: () => void): () => void {
    this.appended.push(listener);
    return () => void this.appended.splice(this.appended.indexOf(listener), 1);
  }

  onConnectionLost(listener: () => void): void {
    this.appending.onLost(listener);
    this.flushing.onLost(listener);
  }

  async append(append: Append): Promise<AppendResult> {
    return (await this.pass({ kind: 'append', append })) as AppendResult;
  }

  async ingest(events: readonly ForeignEvent[]): Promise<IngestResult[]> {
    const outcome = await this.pass({ kind: 'ingest', events });
    return outcome.status === 'ingested' ? outcome.statuses : [];
  }

  /** A flush that begins after this call; covers whatever any process had committed before it. */
  async durable(): Promise<void> {
    const server = this.flushing.lastServer ?? (await this.flushing.query('select 1', [])).server;
    await this.flushed(server);
  }

  async close(): Promise<void> {
    await Promise.all([this.appending.close(), this.flushing.close()]);
  }

  private pass(turn: Turn): Promise<Outcome> {
    if (this.waiting.length >= MAX_WAITING) return Promise.reject(new StoreBusy(`${MAX_WAITING} appends are waiting`));
    return new Promise((resolve, reject) => {
      this.waiting.push({ item: asItem(turn), resolve, reject }); // throws before anybody shares a call with it
      if (!this.inCall) void this.callUntilEmpty();
    });
  }

  private async callUntilEmpty(): Promise<void> {
    this.inCall = true;
    while (this.waiting.length > 0) {
      const gathered = this.waiting.splice(0, MAX_GATHERED);
      await this.call(gathered);
    }
    this.inCall = false;
  }

  private async call(gathered: readonly Waiting[]): Promise<void> {
    try {
      const { rows, server } = await this.appending.query<{ results: Outcome[] }>('select append_batch($1::json) as results', [
        JSON.stringify(gathered.map(({ item }) => item)),
      ]);
      const results = rows[0]?.results ?? [];
      this.answerAfterFlush(gathered, results, server);
    } catch (error) {
      if (!this.appending.alive || isBroken(error)) {
        for (const one of gathered) one.reject(new AppendOutcomeUnknown('the connection broke during the append', { cause: error }));
      } else if (gathered.length === 1) {
        gathered[0]?.reject(error);
      } else {
        for (const one of gathered) await this.call([one]); // one poisoned append does not fail its neighbours
      }
    }
  }

  private answerAfterFlush(gathered: readonly Waiting[], results: readonly Outcome[], server: ServerIdentity): void {
    for (const listener of this.appended) listener();
    this.flushed(server).then(
      () => gathered.forEach((one, index) => one.resolve(results[index] as Outcome)),
      (error: unknown) => gathered.forEach((one) => one.reject(error)),
    );
  }

  private flushed(server: ServerIdentity): Promise<void> {
    return new Promise((done, lost) => {
      this.unflushed.push({ server, done, lost });
      if (!this.inFlush) void this.flushUntilNoneWaits();
    });
  }

  private async flushUntilNoneWaits(): Promise<void> {
    this.inFlush = true;
    while (this.unflushed.length > 0) {
      const covered = this.unflushed.splice(0);
      try {
        const { server } = await this.flushing.query(`select pg_logical_emit_message(true, 'touchstone.flush', '')`, []);
        for (const one of covered) {
          if (sameServer(one.server, server)) one.done();
          else one.lost(new AppendOutcomeUnknown('the server was restarted between the append and the flush'));
        }
      } catch (error) {
        for (const one of covered) one.lost(new AppendOutcomeUnknown('the flush did not come back', { cause: error }));
      }
    }
    this.inFlush = false;
  }
}

/** 57P01 admin shutdown, 57P02 crash, 57P03 starting up, 08xxx the wire: the session is gone, and with it the answer. */
const isBroken = (error: unknown): boolean => {
  const code = (error as { code?: unknown }).code;
  return typeof code !== 'string' || /^(57P0[123]|08...|E[A-Z]+)$/.test(code);
};

function asItem(turn: Turn): object {
  if (turn.kind === 'ingest') return { kind: 'ingest', events: turn.events.map((event) => ({ ...event, ...links(event.meta) })) };
  const { stream, expectedVersion, events, command, guard, claims = [] } = turn.append;
  return {
    kind: 'append', stream, expected: String(expectedVersion), guard, claims,
    command: command.id, hash: command.bodyHash, answer: command.answer, record: command.record,
    events: events.map((event) => ({ ...event, ...links(event.meta) })),
  };
}

function links(meta: string): { causation: string; correlation: string } {
  const { causationId, correlationId } = JSON.parse(meta) as { causationId: string; correlationId: string };
  return { causation: causationId, correlation: correlationId };
}
