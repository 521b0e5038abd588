import { Calls } from './calls.js';
import type { Sessions } from './sessions.js';
import { linked, linkedAppend } from './together.js';
import type { Outcome, Turn } from './turn.js';
import { howManyTogether } from './turn.js';
import type { Append, AppendListener, AppendResult, ForeignEvent, IngestResult } from '../store.js';
import { AppendOutcomeUnknown, StoreBusy } from '../store.js';

interface Waiting {
  readonly turn: Turn;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

const MAX_WAITING = 20_000;
/** A disk that answers sooner is not worth a round trip of its own. */
const FAST_FLUSH_MS = 2;
/** One call in so many has its flush apart, so that a disk is noticed that has become slow. */
const MEASURE_EVERY = 64;

/**
 * A short turnstile and one shared flush. While one call is in flight the next gathers; the call numbers and inserts under an
 * advisory lock with `synchronous_commit = off`, so the lock is gone before any disk is waited for. Then one synchronous commit
 * on another connection makes everything so far durable, for all who wait, and only then is anyone answered. Where the disk is fast,
 * that commit is the second half of the same call.
 */
export class Turnstile {
  private waiting: Waiting[] = [];
  private inCall = false;
  private calls = 0;
  private readonly asked: Calls;
  private readonly appended = new Set<AppendListener>();

  constructor(private readonly sessions: Sessions) {
    this.asked = new Calls(sessions.appending);
  }

  /** Called after each call that may have written. */
  onAppend(listener: AppendListener): () => void {
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

  async ingestNew(events: readonly ForeignEvent[], consumer: string): Promise<boolean> {
    return (await this.pass({ kind: 'ingest-new', events: events.map(linked), consumer })).status === 'ingested';
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
    while (this.waiting.length > 0) await this.call(this.waiting.splice(0, howManyTogether(this.waiting)));
    this.inCall = false;
  }

  private async call(gathered: readonly Waiting[]): Promise<void> {
    let { epoch } = this.sessions;
    try {
      await this.sessions.open();
      ({ epoch } = this.sessions);
      const current = gathered.filter((one) => this.isCurrent(one));
      if (current.length === 0) return;
      const { results, written, durable } = await this.asked.make(current.map(({ turn }) => turn), this.inOneTrip(current));
      const onDisk = durable && epoch === this.sessions.epoch;
      const seq = written?.at(-1)?.seq ?? 0;
      if (onDisk) this.sessions.isOnDisk(seq);
      const flushed = onDisk ? undefined : this.sessions.flushed(epoch, seq); // sent before those who follow the log are told: they wait for it, too
      for (const listener of this.appended) listener(epoch === this.sessions.epoch ? written : undefined);
      const tell = () => current.forEach((one, index) => one.resolve(results[index] as Outcome));
      if (!flushed) return tell();
      flushed.then(tell, (error: unknown) => current.forEach((one) => one.reject(error)));
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

  /**
   * On a fast disk the flush goes along with the appends: half the round trips. On a slow one others append while it waits. So do foreign
   * events: their pages are large, and the next is made ready meanwhile.
   */
  private inOneTrip(gathered: readonly Waiting[]): boolean {
    const { atRest, flushMs } = this.sessions;
    if (!atRest) return false;
    if (gathered.length === 1 && this.waiting.length === 0) return true;
    if (gathered[0]?.turn.kind !== 'append') return false;
    this.calls += 1;
    return flushMs < FAST_FLUSH_MS && this.calls % MEASURE_EVERY !== 0;
  }

  /** False, and answered, when the state that an append rests on was read before a connection was lost. */
  private isCurrent({ turn, reject }: Waiting): boolean {
    const read = turn.kind === 'append' ? turn.append.epoch : undefined;
    if (read === undefined || read === this.sessions.epoch) return true;
    reject(new AppendOutcomeUnknown('a connection was lost since the stream was read: what was read may be gone'));
    return false;
  }
}

/**
 * 57P01 admin shutdown, 57P02 crash, 57P03 starting up, 08xxx the wire, none: no answer in time. The session is gone, and with it the answer.
 * 57014 cut off for its time: maybe between the append and the flush of those that go in one trip.
 */
const isBroken = (error: unknown): boolean => {
  const code = (error as { code?: unknown }).code;
  return typeof code !== 'string' || /^(57014|57P0[123]|08...|E[A-Z]+)$/.test(code);
};
