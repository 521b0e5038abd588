import type { Append, AppendResult, EventStore, ForeignEvent, StoredEvent } from '@touchstone/event-store';
import { AppendOutcomeUnknown, requireCapabilities } from '@touchstone/event-store';
import type { AppendOutcome, Guarantee, History, IngestOutcome, SubscriberStep, Subscription } from './history.js';
import type { JournalEntry } from './journal.js';
import { historyOf } from './journal.js';
import { askedOf, keptOf, loggedOf } from './stored-in.js';

export interface RecorderOptions {
  /**
   * Gives the moments: at each call a larger number. Counted by default, which orders what one process did; processes on one
   * machine need a clock that they share, e.g. the monotonic one.
   */
  readonly moment?: () => number;
  /** Head of the log when recording begins; 0 by default. */
  readonly before?: number;
  /** Called with each thing as it is recorded, so that it can be kept where the end of this process does not take it; see `historyOf`. */
  readonly keep?: (entry: JournalEntry) => void;
}

/** Writes down what a subscriber saw. To be called after the step was done, in the order in which steps were done. */
export interface SubscriberRecorder {
  started(after: number): void;
  delivered(events: readonly Pick<StoredEvent, 'seq' | 'id'>[]): void;
  /** For who wants some types only: has read up to this seq, and was given what it wants of it. */
  read(seq: number): void;
  checkpoint(seq: number, options?: { readonly known: boolean }): void;
  /** It was given the time to come to the end of the log. */
  drained(): void;
}

const unanswered = { status: 'unknown', reason: 'no answer came' } as const;

const failureOf = (error: unknown) => ({ status: error instanceof AppendOutcomeUnknown ? 'unknown' as const : 'refused' as const, reason: String(error) });

const outcomeOf = (result: AppendResult): AppendOutcome => (result.status === 'repeated' ? { status: 'repeated', command: keptOf(result.command) } : { ...result });

/** Records what the clients of a log are told and what its readers see, for `checkHistory`. */
export class HistoryRecorder {
  private readonly journal: JournalEntry[] = [];
  private readonly keep: (entry: JournalEntry) => void;
  private readonly moment: () => number;
  private readonly before: number;
  private last = 0;
  private ids = 0;

  constructor({ moment = () => (this.last += 1), before = 0, keep = (entry) => void this.journal.push(entry) }: RecorderOptions = {}) {
    this.moment = moment;
    this.before = before;
    this.keep = keep;
  }

  /** The same store; what is appended, taken in and read through it is recorded. Several stores may share a recorder. */
  wrap<S extends EventStore>(store: S): S {
    requireCapabilities(store, ['dense-seq', 'command-records'], 'the history checker');
    const recorded: Partial<EventStore> = {
      append: (append) => this.append(store, append),
      ingest: (events) => this.ingest(store, events),
      readAll: (seq, limit) => this.readAll(store, seq, limit),
    };
    return new Proxy(store, { get: (target, name) => {
      if (name in recorded) return Reflect.get(recorded, name) as unknown;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member as () => unknown).bind(target) : member;
    } });
  }

  subscriber(name: string, guarantee: Guarantee = 'at-least-once', more: Omit<Subscription, 'guarantee'> = {}): SubscriberRecorder {
    const who = { subscriber: name, guarantee, ...more };
    const did = (step: SubscriberStep) => this.keep({ ...who, step });
    this.keep(who);
    return {
      started: (after) => did({ kind: 'started', at: this.moment(), after }),
      delivered: (events) => { for (const { seq, id } of events) did({ kind: 'delivered', at: this.moment(), seq, eventId: id }); },
      read: (seq) => did({ kind: 'read', at: this.moment(), seq }),
      checkpoint: (seq, { known } = { known: true }) => did({ kind: 'checkpoint', at: this.moment(), seq, known }),
      drained: () => this.keep({ ...who, drained: true }),
    };
  }

  /** To be called when the server is down, before it is started again. */
  crashed(): void {
    this.keep({ crash: this.moment() });
  }

  /** Reads what is stored at the end, on a store that is not wrapped or of which nobody else writes any more. Not with `keep`. */
  finish(store: EventStore): Promise<History> {
    return historyOf([this.journal], store, this.before);
  }

  private begin() {
    return { id: (this.ids += 1), begunAt: this.moment() };
  }

  private async append(store: EventStore, append: Append): Promise<AppendResult> {
    const { stream, expectedVersion, guard, claims, command: { id, bodyHash, answer } } = append;
    const asked = { kind: 'append' as const, ...this.begin(), stream, expectedVersion, guard, claims, events: append.events.map(askedOf), command: { id, bodyHash, answer } };
    this.keep({ operation: { ...asked, outcome: unanswered } });
    const told = (outcome: AppendOutcome) => this.keep({ operation: { ...asked, answeredAt: this.moment(), outcome } });
    try {
      const result = await store.append(append);
      told(outcomeOf(result));
      return result;
    } catch (error) {
      told(failureOf(error));
      throw error;
    }
  }

  private async ingest(store: EventStore, events: readonly ForeignEvent[]) {
    const asked = { kind: 'ingest' as const, ...this.begin(), events: events.map((event) => ({ ...askedOf(event), stream: event.stream })) };
    this.keep({ operation: { ...asked, outcome: unanswered } });
    const told = (outcome: IngestOutcome) => this.keep({ operation: { ...asked, answeredAt: this.moment(), outcome } });
    try {
      const results = await store.ingest(events);
      told({ status: 'ingested', results });
      return results;
    } catch (error) {
      told(failureOf(error));
      throw error;
    }
  }

  private async readAll(store: EventStore, after: number, limit: number) {
    const asked = { kind: 'read' as const, ...this.begin(), after, limit };
    const events = await store.readAll(after, limit);
    this.keep({ operation: { ...asked, answeredAt: this.moment(), events: events.map(loggedOf) } });
    return events;
  }
}
