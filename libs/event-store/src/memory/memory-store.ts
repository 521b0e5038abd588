import type { Capability } from '../capabilities.js';
import { allCapabilities } from '../capabilities.js';
import type { Lineage } from '../epoch/lineage.js';
import type { Append, AppendListener, AppendResult, EventStore, ForeignEvent, IngestResult, NewEvent, StoredCommand, StoredEvent } from '../store.js';

/** A log in memory with the meaning of the real one: for specs, and for trying commands out (dry runs) above a real log. */
export class MemoryStore implements EventStore {
  /** All but one: nothing outlives the process. */
  readonly capabilities: ReadonlySet<Capability> = new Set([...allCapabilities].filter((each) => each !== 'durable-flush'));
  readonly epoch = 0;
  private readonly events: StoredEvent[] = [];
  private readonly byId = new Map<string, StoredEvent>();
  private readonly streams = new Map<string, StoredEvent[]>();
  private readonly commands = new Map<string, StoredCommand>();
  private readonly claims = new Set<string>();
  private readonly offsets = new Map<string, number>();
  private readonly listeners = new Set<AppendListener>();

  constructor(readonly logId = 'memory:test:1') {}

  get lineage(): Lineage {
    return [{ epoch: 1, logId: this.logId, forkSeq: 0, startedAt: '' }];
  }

  async append({ stream, expectedVersion, events, command, guard, claims = [] }: Append): Promise<AppendResult> {
    await Promise.resolve(); // as with a real log, nobody is answered at once
    const known = this.commands.get(command.id);
    if (known) return { status: 'repeated', command: known };
    const version = this.versionOf(stream);
    if (expectedVersion !== 'any' && expectedVersion !== version) return { status: 'conflict', version };
    if (guard && this.versionOf(guard.stream) !== guard.version) return { status: 'conflict', version: this.versionOf(guard.stream) };
    const taken = claims.find((claim) => this.claims.has(claim));
    if (taken !== undefined) return { status: 'claimed', claim: taken };
    const given = events.find(({ id }) => this.byId.has(id));
    if (given) throw new Error(`event ${given.id} is in the log already`);
    for (const claim of claims) this.claims.add(claim);
    const written = events.map((event) => this.add(stream, event));
    this.commands.set(command.id, { ...command, stream, seq: this.events.length });
    for (const listener of this.listeners) listener(written);
    return { status: 'appended', version: this.versionOf(stream), seq: this.events.length };
  }

  async ingest(events: readonly ForeignEvent[]): Promise<readonly IngestResult[]> {
    await Promise.resolve();
    const written: StoredEvent[] = [];
    const results = events.map(({ stream, topic, offset, ...event }): IngestResult => {
      const known = this.byId.get(event.id);
      if (known) return known.body === event.body && known.meta === event.meta && known.stream === stream ? 'duplicate' : 'incident';
      written.push(this.add(stream, event));
      if (offset !== undefined) this.offsets.set(topic, Math.max(offset, this.offsets.get(topic) ?? 0));
      return 'appended';
    });
    for (const listener of this.listeners) listener(written);
    return results;
  }

  command(id: string) {
    return Promise.resolve(this.commands.get(id));
  }
  claimed(names: readonly string[]): Promise<string | undefined> {
    return Promise.resolve(names.find((name) => this.claims.has(name)));
  }
  event(id: string) {
    return Promise.resolve(this.byId.get(id));
  }
  readStream(stream: string, afterVersion = 0): Promise<readonly StoredEvent[]> {
    return Promise.resolve((this.streams.get(stream) ?? []).slice(afterVersion));
  }
  readAll(seq: number, limit: number) {
    return Promise.resolve(this.events.slice(seq, seq + limit));
  }
  head() {
    return Promise.resolve(this.events.length);
  }
  takenFrom(topic: string) {
    return Promise.resolve(this.offsets.get(topic) ?? 0);
  }
  durable() {
    return Promise.resolve();
  }
  onAppend(listener: AppendListener) {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
  onConnectionLost() {
    return () => undefined;
  }
  close() {
    return Promise.resolve();
  }

  /** Puts a stream's events in place, as they are in another log. */
  protected seed(stream: string, events: readonly StoredEvent[]): void {
    this.streams.set(stream, [...events]);
  }

  private versionOf(stream: string): number {
    return this.streams.get(stream)?.length ?? 0;
  }

  private add(stream: string, { id, type, body, meta }: NewEvent): StoredEvent {
    const event = { seq: this.events.length + 1, id, stream, version: this.versionOf(stream) + 1, type, body, meta };
    this.events.push(event);
    this.byId.set(id, event);
    this.streams.set(stream, [...(this.streams.get(stream) ?? []), event]);
    return event;
  }
}
