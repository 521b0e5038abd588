import type { PostgresOptions } from './connect.js';
import { Connection } from './connect.js';
import type { Call, Linked } from './together.js';
import { ingestCall, linked, linkedAppend, standAlone, togetherCall, togetherResults } from './together.js';
import type { Append, AppendResult, ForeignEvent, IngestResult } from '../store.js';
import { AppendOutcomeUnknown, StoreBusy } from '../store.js';

/** A turn at the turnstile: a command's outcome, or foreign events. */
type Turn = { readonly kind: 'append'; readonly append: Linked<Append> } | { readonly kind: 'ingest'; readonly events: readonly Linked<ForeignEvent>[] };
type Outcome = AppendResult | { readonly status: 'ingested'; readonly statuses: readonly IngestResult[] };

interface Waiting {
  readonly turn: Turn;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

interface Unflushed {
  readonly epoch: number;
  readonly done: () => void;
  readonly lost: (error: unknown) => void;
}

const MAX_WAITING = 20_000;
const MAX_GATHERED = 256;
/** Flushes that may be under way at once: one that begins later covers more, and PostgreSQL merges those that wait for the same disk. */
const FLUSHING = 3;
/**
 * A short turnstile and one shared flush. While one call is in flight the next gathers; the call numbers and inserts under an
 * advisory lock with `synchronous_commit = off`, so the lock is gone before any disk is waited for. Then one synchronous commit
 * on another connection makes everything so far durable, for all who wait, and only then is anyone answered.
 *
 * A flush proves something only about what was appended while its own session stood. A server that went down in between, or
 * lost one of its processes, forgets what was not on disk, may be up again at once, and takes every session with it; so does a
 * fail-over. When a session is lost or opened, `epoch` moves, and what was under way is *unknown*: the command's id resolves it.
 */
export class Turnstile {
  epoch = 0;
  private readonly appending: Connection;
  private readonly flushing: readonly Connection[];
  private waiting: Waiting[] = [];
  private unflushed: Unflushed[] = [];
  private inCall = false;
  private readonly idle: Connection[];
  private readonly appended: (() => void)[] = [];
  private readonly changed = new Set<() => void>();

  constructor(options: PostgresOptions) {
    this.appending = new Connection(options, 'off');
    this.flushing = Array.from({ length: FLUSHING }, () => new Connection(options, 'on'));
    this.idle = [...this.flushing];
    for (const session of [this.appending, ...this.flushing]) session.onChange(() => this.sessionChanged());
  }

  /** A session was lost or opened, here or in the pool that reads: between the two, nobody knows what became of the log. */
  sessionChanged(): void {
    this.epoch += 1;
    for (const listener of this.changed) listener();
  }

  onAppend(listener: () => void): () => void {
    this.appended.push(listener);
    return () => void this.appended.splice(this.appended.indexOf(listener), 1);
  }

  onSessionChanged(listener: () => void): () => void {
    this.changed.add(listener);
    return () => void this.changed.delete(listener);
  }

  /** Opens both sessions: what is read from now on, a flush can speak for. */
  async open(): Promise<void> {
    await Promise.all([this.appending, ...this.flushing].map((session) => session.open()));
  }

  async append(append: Append): Promise<AppendResult> {
    return (await this.pass({ kind: 'append', append: linkedAppend(append) })) as AppendResult;
  }

  async ingest(events: readonly ForeignEvent[]): Promise<readonly IngestResult[]> {
    const outcome = await this.pass({ kind: 'ingest', events: events.map(linked) });
    return outcome.status === 'ingested' ? outcome.statuses : [];
  }

  /** A flush that begins after this call; covers whatever any process had committed before it, and was read in this epoch. */
  async durable(epoch = this.epoch): Promise<void> {
    await this.flushed(epoch);
  }

  async close(): Promise<void> {
    await Promise.all([this.appending, ...this.flushing].map((session) => session.close()));
  }

  private pass(turn: Turn): Promise<Outcome> {
    if (this.waiting.length >= MAX_WAITING) return Promise.reject(new StoreBusy(`${MAX_WAITING} appends are waiting`));
    return new Promise((resolve, reject) => {
      this.waiting.push({ turn, resolve, reject });
      if (!this.inCall) void this.callUntilEmpty();
    });
  }

  private async callUntilEmpty(): Promise<void> {
    this.inCall = true;
    while (this.waiting.length > 0) await this.call(this.gather());
    this.inCall = false;
  }

  /** The next in the queue that go in one call: appends, or foreign events. */
  private gather(): Waiting[] {
    const kind = this.waiting[0]?.turn.kind;
    const other = this.waiting.findIndex(({ turn }, index) => index >= MAX_GATHERED || turn.kind !== kind);
    return this.waiting.splice(0, other < 0 ? this.waiting.length : other);
  }

  private async call(gathered: readonly Waiting[]): Promise<void> {
    let { epoch } = this;
    try {
      await this.open();
      epoch = this.epoch;
      const current = gathered.filter((one) => this.isCurrent(one));
      if (current.length === 0) return;
      const lone = current.length === 1 && this.idle.length === FLUSHING && this.waiting.length === 0;
      const outcomes = (await this.together(current.map(({ turn }) => turn), lone)) ?? (await this.oneByOne(current));
      for (const listener of this.appended) listener();
      const tell = () => current.forEach((one, index) => one.resolve(outcomes.results[index] as Outcome));
      if (outcomes.durable) return tell();
      this.flushed(epoch).then(tell, (error: unknown) => current.forEach((one) => one.reject(error)));
    } catch (error) {
      if (epoch !== this.epoch || isBroken(error)) {
        for (const one of gathered) one.reject(new AppendOutcomeUnknown('the connection broke during the append', { cause: error }));
      } else if (gathered.length === 1) {
        gathered[0]?.reject(error);
      } else {
        for (const one of gathered) await this.call([one]); // one poisoned append does not fail its neighbours
      }
    }
  }

  /** False, and answered, when the state that an append rests on was read before a connection was lost. */
  private isCurrent({ turn, reject }: Waiting): boolean {
    const read = turn.kind === 'append' ? turn.append.epoch : undefined;
    if (read === undefined || read === this.epoch) return true;
    reject(new AppendOutcomeUnknown('a connection was lost since the stream was read: what was read may be gone'));
    return false;
  }

  /** All in a few statements; undefined, and nothing written, when something is in the way. */
  private async together(turns: readonly Turn[], lone: boolean): Promise<{ results: readonly Outcome[]; durable: boolean } | undefined> {
    const appends = turns.flatMap((turn) => (turn.kind === 'append' ? [turn.append] : []));
    if (appends.length < turns.length) return this.ingestTogether(turns.map((turn) => (turn.kind === 'ingest' ? turn.events : [])));
    const call = standAlone(appends) ? togetherCall(appends) : undefined;
    if (!call) return undefined;
    const [row] = await this.appending.query<{ head: number | null; versions: number[] }>({ ...(lone ? appendAndFlush(call) : append(call)), values: [...call.values] });
    return row === undefined || row.head === null ? undefined : { results: togetherResults(appends, row.head, row.versions), durable: lone };
  }

  private async ingestTogether(turns: readonly (readonly Linked<ForeignEvent>[])[]): Promise<{ results: readonly Outcome[]; durable: boolean } | undefined> {
    const call = ingestCall(turns.flat());
    if (!call) return undefined;
    const [row] = await this.appending.query<{ head: number | null }>({ ...ingest(call), values: [...call.values] });
    if (row === undefined || row.head === null) return undefined;
    return { results: turns.map((events) => ({ status: 'ingested', statuses: events.map(() => 'appended') })), durable: false };
  }

  private async oneByOne(gathered: readonly Waiting[]): Promise<{ results: readonly Outcome[]; durable: boolean }> {
    const [row] = await this.appending.query<{ results: Outcome[] }>({
      text: 'select append_batch($1::json) as results', values: [JSON.stringify(gathered.map(({ turn }) => asItem(turn)))],
    });
    return { results: row?.results ?? [], durable: false };
  }

  private flushed(epoch: number): Promise<void> {
    return new Promise((done, lost) => {
      this.unflushed.push({ epoch, done, lost });
      const session = this.idle.pop();
      if (session) void this.flushUntilNoneWaits(session);
    });
  }

  private async flushUntilNoneWaits(session: Connection): Promise<void> {
    while (this.unflushed.length > 0) {
      const covered = this.unflushed.splice(0);
      try {
        await this.open(); // all that were lost, so that `epoch` comes to rest
        await session.query({ name: 'flush', text: `select pg_logical_emit_message(true, 'touchstone.flush', '')` });
        for (const { epoch, done, lost } of covered) {
          if (epoch === this.epoch) done();
          else lost(new AppendOutcomeUnknown('a connection was lost between the append and the flush'));
        }
      } catch (error) {
        for (const { lost } of covered) lost(new AppendOutcomeUnknown('the flush did not come back', { cause: error }));
      }
    }
    this.idle.push(session);
  }
}

const append = ({ expressions }: Call) => ({ name: 'append-together', text: `select head, versions from append_together(${expressions.join(', ')})` });
const appendAndFlush = ({ expressions }: Call) => ({ name: 'append-and-flush', text: `call append_and_flush(${expressions.join(', ')}, null, null)` });
const ingest = ({ expressions }: Call) => ({ name: 'ingest-together', text: `select ingest_together(${expressions.join(', ')}) as head` });

/** 57P01 admin shutdown, 57P02 crash, 57P03 starting up, 08xxx the wire: the session is gone, and with it the answer. */
const isBroken = (error: unknown): boolean => {
  const code = (error as { code?: unknown }).code;
  return typeof code !== 'string' || /^(57P0[123]|08...|E[A-Z]+)$/.test(code);
};

function asItem(turn: Turn): object {
  if (turn.kind === 'ingest') return turn;
  const { stream, expectedVersion, events, command, guard, claims = [] } = turn.append;
  return {
    kind: 'append', stream, expected: String(expectedVersion), guard, claims, events,
    command: command.id, hash: command.bodyHash, answer: command.answer, record: command.record,
  };
}
