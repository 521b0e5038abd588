import type { Capability } from '../capabilities.js';
import type { Append, AppendResult, EventStore, StoredEvent } from '../store.js';
import { MemoryStore } from './memory-store.js';

/**
 * A log that reads through to a real one and keeps what is appended to itself: commands can be tried, each on what those before
 * it left, and nothing is written. Streams are copied on first use.
 */
export class OverlayStore extends MemoryStore {
  /** Numbers and foreign events are its own: those of below stand in neither. */
  override readonly capabilities: ReadonlySet<Capability>;
  private readonly copied = new Map<string, Promise<void>>();

  constructor(private readonly below: EventStore) {
    super(below.logId);
    this.capabilities = new Set((['command-records', 'claims', 'guards'] as const).filter((each) => below.capabilities.has(each)));
  }

  override async append(append: Append): Promise<AppendResult> {
    const known = await this.below.command(append.command.id);
    if (known) return { status: 'repeated', command: known };
    const claim = await this.below.claimed(append.claims ?? []);
    if (claim !== undefined) return { status: 'claimed', claim };
    await this.copy(append.stream);
    if (append.guard) await this.copy(append.guard.stream);
    return super.append(append);
  }

  override async command(id: string) {
    return (await super.command(id)) ?? this.below.command(id);
  }

  override async readStream(stream: string, afterVersion = 0): Promise<readonly StoredEvent[]> {
    await this.copy(stream);
    return super.readStream(stream, afterVersion);
  }

  private copy(stream: string): Promise<void> {
    const known = this.copied.get(stream) ?? this.below.readStream(stream).then((events) => this.seed(stream, events));
    this.copied.set(stream, known);
    return known;
  }
}
