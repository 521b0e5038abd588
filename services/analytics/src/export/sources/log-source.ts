import type { EventStore, PublicEvents, StoredEvent } from '@touchstone/event-store';
import { requireCapabilities } from '@touchstone/event-store';
import type { Source } from './source.js';

const MOST_EVENTS = 2_000;
/** Of text: large events do not fill the memory. */
const PAGE_BYTES = 4 * 1024 * 1024;
const ATTEMPTS = 5;

type Log = Pick<EventStore, 'logId' | 'capabilities' | 'head' | 'readAll' | 'durable' | 'epoch'>;

/** The log of a service. Rights to select from its tables are enough. */
export class LogSource implements Source {
  readonly logId: string;

  constructor(readonly service: string, private readonly log: Log, private readonly contracts: Pick<PublicEvents, 'isPublic'>) {
    requireCapabilities(log, ['dense-seq'], 'an export');
    this.logId = log.logId;
  }

  /** What is read may be a moment ahead of the disk, and a file must never hold what a crash then takes out of the log. */
  async settled(): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      const { epoch } = this.log;
      const head = await this.log.head();
      try {
        await this.log.durable(epoch);
        return head;
      } catch (error) {
        if (attempt >= ATTEMPTS) throw error; // a connection was lost in between: what `head` said may no longer be so
      }
    }
  }

  async *pages(after: number, to: number): AsyncGenerator<readonly StoredEvent[]> {
    let limit = MOST_EVENTS;
    let reading = this.read(after, to, limit);
    for (let place = after; place < to; ) {
      const page = await reading;
      const last = page.at(-1);
      if (!last) throw new Error(`${this.logId} ends at ${place}, and was said to reach ${to}`);
      place = last.seq;
      limit = nextLimit(page);
      reading = this.read(place, to, limit); // while this page is worked on
      reading.catch(() => undefined); // told to whoever waits for it
      const own = page.filter(({ stream, type }) => !stream.includes('/') && this.contracts.isPublic(type));
      if (own.length > 0) yield own;
    }
  }

  private read(after: number, to: number, limit: number): Promise<readonly StoredEvent[]> {
    return after >= to ? Promise.resolve([]) : this.log.readAll(after, Math.min(limit, to - after));
  }
}

function nextLimit(page: readonly StoredEvent[]): number {
  const bytes = page.reduce((sum, { body, meta }) => sum + body.length + meta.length, 1);
  return Math.max(1, Math.min(MOST_EVENTS, Math.floor((page.length * PAGE_BYTES) / bytes)));
}
