import { createHash } from 'node:crypto';
import type { Append, AppendResult, EventStore, ForeignEvent, NewEvent, StoredCommand, StoredEvent } from '@touchstone/event-store';
import { AppendOutcomeUnknown } from '@touchstone/event-store';
import type { AppendOutcome, AskedEvent, Guarantee, History, IngestOutcome, KeptCommand, LoggedEvent, Operation, Subscriber, SubscriberStep } from './history.js';

export interface RecorderOptions {
  /**
   * Gives the moments: at each call a larger number. Counted by default, which orders what one process did; processes on one
   * machine need a clock that they share, e.g. the monotonic one.
   */
  readonly moment?: () => number;
  /** Head of the log when recording begins; 0 by default. */
  readonly before?: number;
}

/** Writes down what a subscriber saw. To be called after the step was done, in the order in which steps were done. */
export interface SubscriberRecorder {
  started(after: number): void;
  delivered(events: readonly Pick<StoredEvent, 'seq' | 'id'>[]): void;
  checkpoint(seq: number, options?: { readonly known: boolean }): void;
  /** It was given the time to come to the end of the log. */
  drained(): void;
}

const PAGE = 5_000;
const unanswered = { status: 'unknown', reason: 'no answer came' } as const;

const askedOf = ({ id, type, body, meta }: NewEvent): AskedEvent =>
  ({ id, digest: createHash('sha256').update(JSON.stringify([type, body, meta])).digest('base64url') });

const loggedOf = (event: StoredEvent): LoggedEvent => ({ ...askedOf(event), seq: event.seq, stream: event.stream, version: event.version });

const keptOf = ({ id, stream, seq, bodyHash, answer }: StoredCommand): KeptCommand => ({ id, stream, seq, bodyHash, answer });

const failureOf = (error: unknown) => ({ status: error instanceof AppendOutcomeUnknown ? 'unknown' as const : 'refused' as const, reason: String(error) });

const outcomeOf = (result: AppendResult): AppendOutcome => (result.status === 'repeated' ? { status: 'repeated', command: keptOf(result.command) } : { ...result });

/** Records what the clients of a log are told and what its readers see, for `checkHistory`. */
export class HistoryRecorder {
  private readonly operations = new Map<number, Operation>();
  private readonly subscribers: (Omit<Subscriber, 'steps'> & { steps: SubscriberStep[]; drained: boolean })[] = [];
  private readonly crashes: number[] = [];
  private readonly commandIds = new Set<string>();
  private readonly moment: () => number;
  private readonly before: number;
  private last = 0;
  private ids = 0;

  constructor({ moment = () => (this.last += 1), before = 0 }: RecorderOptions = {}) {
    this.moment = moment;
    this.before = before;
  }

  /** The same store; what is appended, taken in and read through it is recorded. Several stores may share a recorder. */
  wrap<S extends EventStore>(store: S): S {
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

  subscriber(name: string, guarantee: Guarantee = 'at-least-once'): SubscriberRecorder {
    const subscriber = { name, guarantee, steps: [] as SubscriberStep[], drained: false };
    this.subscribers.push(subscriber);
    return {
      started: (after) => void subscriber.steps.push({ kind: 'started', at: this.moment(), after }),
      delivered: (events) => { for (const { seq, id } of events) subscriber.steps.push({ kind: 'delivered', at: this.moment(), seq, eventId: id }); },
      checkpoint: (seq, { known } = { known: true }) => void subscriber.steps.push({ kind: 'checkpoint', at: this.moment(), seq, known }),
      drained: () => { subscriber.drained = true; },
    };
  }

  /** To be called when the server is down, before it is started again. */
  crashed(): void {
    this.crashes.push(this.moment());
  }

  /** Reads what is stored at the end, on a store that is not wrapped or of which nobody else writes any more. */
  async finish(store: EventStore): Promise<History> {
    const stored: LoggedEvent[] = [];
    for (let page = await store.readAll(0, PAGE); page.length > 0; page = await store.readAll(stored.at(-1)?.seq ?? 0, PAGE)) stored.push(...page.map(loggedOf));
    const commands: KeptCommand[] = [];
    for (const id of this.commandIds) {
      const command = await store.command(id);
      if (command) commands.push(keptOf(command));
    }
    const { before, operations, subscribers, crashes } = this;
    return { before, operations: [...operations.values()].toSorted((a, b) => a.id - b.id), subscribers, crashes, stored, commands };
  }

  private begin() {
    return { id: (this.ids += 1), begunAt: this.moment() };
  }

  private async append(store: EventStore, append: Append): Promise<AppendResult> {
    const { stream, expectedVersion, guard, claims, command: { id, bodyHash, answer } } = append;
    this.commandIds.add(id);
    const asked = { kind: 'append' as const, ...this.begin(), stream, expectedVersion, guard, claims, events: append.events.map(askedOf), command: { id, bodyHash, answer } };
    this.operations.set(asked.id, { ...asked, outcome: unanswered });
    const told = (outcome: AppendOutcome) => this.operations.set(asked.id, { ...asked, answeredAt: this.moment(), outcome });
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
    this.operations.set(asked.id, { ...asked, outcome: unanswered });
    const told = (outcome: IngestOutcome) => this.operations.set(asked.id, { ...asked, answeredAt: this.moment(), outcome });
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
    this.operations.set(asked.id, { ...asked, answeredAt: this.moment(), events: events.map(loggedOf) });
    return events;
  }
}
