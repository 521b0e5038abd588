import type { Sessions } from './sessions.js';
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

const MAX_WAITING = 20_000;
const MAX_GATHERED = 256;

/**
 * A short turnstile and one shared flush. While one call is in flight the next gathers; the call numbers and inserts under an
 * advisory lock with `synchronous_commit = off`, so the lock is gone before any disk is waited for. Then one synchronous commit
 * on another connection makes everything so far durable, for all who wait, and only then is anyone answered.
 */
export class Turnstile {
  private waiting: Waiting[] = [];
  private inCall = false;
  private readonly appended = new Set<() => void>();

  constructor(private readonly sessions: Sessions) {}

  /** Called after each call that may have written. */
  onAppend(listener: () => void): () => void {
    this.appended.add(listener);
    return () => void this.appended.delete(listener);
  }

  async append(append: Append): Promise<AppendResult> {
    return (await this.pass({ kind: 'append', append: linkedAppend(append) })) as AppendResult;
  }

  async ingest(events: readonly ForeignEvent[]): Promise<readonly IngestResult[]> {
    const outcome = await this.pass({ kind: 'ingest', events: events.map(linked) });
    return outcome.status === 'ingested' ? outcome.statuses : [];
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
    let { epoch } = this.sessions;
    try {
      await this.sessions.open();
      ({ epoch } = this.sessions);
      const current = gathered.filter((one) => this.isCurrent(one));
      if (current.length === 0) return;
      const lone = current.length === 1 && this.sessions.atRest && this.waiting.length === 0;
      const outcomes = (await this.together(current.map(({ turn }) => turn), lone)) ?? (await this.oneByOne(current));
      for (const listener of this.appended) listener();
      const tell = () => current.forEach((one, index) => one.resolve(outcomes.results[index] as Outcome));
      if (outcomes.durable && epoch === this.sessions.epoch) return tell();
      this.sessions.flushed(epoch).then(tell, (error: unknown) => current.forEach((one) => one.reject(error)));
    } catch (error) {
      if (epoch !== this.sessions.epoch || isBroken(error)) {
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
    if (read === undefined || read === this.sessions.epoch) return true;
    reject(new AppendOutcomeUnknown('a connection was lost since the stream was read: what was read may be gone'));
    return false;
  }

  /** All in a few statements; undefined, and nothing written, when something is in the way. */
  private async together(turns: readonly Turn[], lone: boolean): Promise<{ results: readonly Outcome[]; durable: boolean } | undefined> {
    const appends = turns.flatMap((turn) => (turn.kind === 'append' ? [turn.append] : []));
    if (appends.length < turns.length) return this.ingestTogether(turns.map((turn) => (turn.kind === 'ingest' ? turn.events : [])));
    const call = standAlone(appends) ? togetherCall(appends) : undefined;
    if (!call) return undefined;
    const [row] = await this.sessions.appending.query<{ head: number | null; versions: number[] }>({ ...(lone ? appendAndFlush(call) : append(call)), values: [...call.values] });
    return row === undefined || row.head === null ? undefined : { results: togetherResults(appends, row.head, row.versions), durable: lone };
  }

  private async ingestTogether(turns: readonly (readonly Linked<ForeignEvent>[])[]): Promise<{ results: readonly Outcome[]; durable: boolean } | undefined> {
    const call = ingestCall(turns.flat());
    if (!call) return undefined;
    const [row] = await this.sessions.appending.query<{ head: number | null }>({ ...ingest(call), values: [...call.values] });
    if (row === undefined || row.head === null) return undefined;
    return { results: turns.map((events) => ({ status: 'ingested', statuses: events.map(() => 'appended') })), durable: false };
  }

  private async oneByOne(gathered: readonly Waiting[]): Promise<{ results: readonly Outcome[]; durable: boolean }> {
    const [row] = await this.sessions.appending.query<{ results: Outcome[] }>({
      text: 'select append_batch($1::json) as results', values: [JSON.stringify(gathered.map(({ turn }) => asItem(turn)))],
    });
    return { results: row?.results ?? [], durable: false };
  }
}

const append = ({ expressions }: Call) => ({ name: 'append-together', text: `select head, versions from append_together(${expressions.join(', ')})` });
const appendAndFlush = ({ expressions }: Call) => ({ name: 'append-and-flush', text: `call append_and_flush(${expressions.join(', ')}, null, null)` });
const ingest = ({ expressions }: Call) => ({ name: 'ingest-together', text: `select ingest_together(${expressions.join(', ')}) as head` });

/**
 * 57P01 admin shutdown, 57P02 crash, 57P03 starting up, 08xxx the wire, none: no answer in time. The session is gone, and with it the answer.
 * 57014 cut off for its time: maybe between the append and the flush of one that goes alone.
 */
const isBroken = (error: unknown): boolean => {
  const code = (error as { code?: unknown }).code;
  return typeof code !== 'string' || /^(57014|57P0[123]|08...|E[A-Z]+)$/.test(code);
};

function asItem(turn: Turn): object {
  if (turn.kind === 'ingest') return turn;
  const { stream, expectedVersion, events, command, guard, claims = [] } = turn.append;
  return {
    kind: 'append', stream, expected: String(expectedVersion), guard, claims, events,
    command: command.id, hash: command.bodyHash, answer: command.answer, record: command.record,
  };
}
