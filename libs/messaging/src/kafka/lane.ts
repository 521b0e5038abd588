import { setTimeout as pause } from 'node:timers/promises';
import { PlaceUnsure } from '../gated-ingest.js';
import type { Consumer, Message } from '../transport.js';
import type { KafkaConsumer, KafkaRecord, Place } from './kafka-port.js';

/** Who knows how far a lane was taken. */
export type PlaceKeeper = Pick<Consumer, 'takenFrom' | 'notedAt' | 'startOver'>;

export interface LaneOptions {
  readonly place: Place;
  /** What the service calls the place: `<topic>/<partition>`, without the prefix of the deployment. */
  readonly name: string;
  readonly kafka: Pick<KafkaConsumer, 'seek' | 'pause' | 'resume'>;
  readonly consumer: PlaceKeeper;
  readonly deliver: (topic: string, records: readonly KafkaRecord[]) => Promise<void>;
}

/**
 * Text that waits, in UTF-16 units, before the partition is paused; it is resumed at the second mark. What waits then must last until the
 * client has come round, or the service stands still; large records must not fill the memory.
 */
const FULL = 4 * 1024 * 1024;
const ROOM_AGAIN = 2 * 1024 * 1024;
/** What a record takes besides its texts, about, so that small ones count as well. */
const RECORD = 500;
const PAGE = 1_000;
const MAX_BACKOFF_MS = 5_000;

/**
 * One assigned partition: begins where the service's own database says, hands records on one page after the other, and the same
 * page again until it is taken. It never waits inside the client, so that heartbeats go on; when it falls behind, the partition is paused.
 */
export class Lane {
  /** Why the page in hand is not taken yet. */
  failure?: Error;
  /** The offset up to which all was handed on; shown to those who monitor. */
  done?: number;
  private readonly ending = new AbortController();
  private waiting: KafkaRecord[] = [];
  private waitingSize = 0;
  private paused = false;
  /** The offset that should come next. */
  private next = 0;
  /** Id of the event at the place noted last: the first record that comes must be it, else this is another topic of that name. */
  private noted?: { readonly offset: number; readonly id: string };
  /** The topic was made anew: what comes meanwhile is read again. */
  private startingOver = false;
  private working: Promise<void>;

  /** Nothing begins before `before` has ended: the same partition under the assignment before this one. */
  constructor(private readonly options: LaneOptions, before: Promise<void> | undefined) {
    this.working = this.begin(before);
  }

  received(records: readonly KafkaRecord[]): void {
    if (this.ending.signal.aborted || this.startingOver) return;
    const fresh = this.noted ? this.recognised(records, this.noted) : records;
    const [first] = fresh;
    if (!first) return;
    if (first.offset < this.next) return this.startOver(); // the topic was made anew under our hands
    this.next = (fresh.at(-1)?.offset ?? 0) + 1;
    this.waiting.push(...fresh);
    this.waitingSize += sizeOf(fresh);
    if (this.waitingSize >= FULL) {
      this.paused = true;
      this.options.kafka.pause(this.options.place);
    }
    if (this.waiting.length === fresh.length) this.working = this.working.then(() => this.work());
  }

  /** Resolves when the page in hand is done, or given up. */
  async end(): Promise<void> {
    this.ending.abort();
    this.forget();
    await this.working;
  }

  private async begin(before: Promise<void> | undefined): Promise<void> {
    const { kafka, place, name, consumer } = this.options;
    await before;
    await this.untilDone(async () => {
      const taken = await consumer.takenFrom(name);
      const id = taken > 0 ? await consumer.notedAt?.(name, taken) : undefined;
      if (this.ending.signal.aborted) return;
      this.done = this.next = taken;
      this.noted = id === undefined ? undefined : { offset: taken - 1, id };
      kafka.seek(place, id === undefined ? taken : taken - 1);
    });
  }

  /** The records, when the first of them is the one that was noted last; else all is read again from the beginning. */
  private recognised(records: readonly KafkaRecord[], noted: { readonly offset: number; readonly id: string }): readonly KafkaRecord[] {
    const [first] = records;
    if (!first) return [];
    this.noted = undefined;
    if (first.offset === noted.offset && first.headers['ce_id'] === noted.id) return records.slice(1);
    this.startOver();
    return [];
  }

  /** All is read again from the beginning, once the page in hand is done: it notes a place in the topic that is gone. */
  private startOver(): void {
    const { kafka, place, name, consumer } = this.options;
    this.startingOver = true;
    this.forget();
    this.working = this.working.then(() => {
      if (this.ending.signal.aborted) return;
      this.forget(); // the page that was in hand counted itself out
      consumer.startOver?.(name);
      this.noted = undefined;
      [this.next, this.done, this.paused, this.startingOver] = [0, 0, false, false];
      kafka.seek(place, 0);
    });
  }

  private async work(): Promise<void> {
    const { kafka, place, name, deliver } = this.options;
    for (;;) {
      const page = this.waiting.slice(0, PAGE);
      const last = page.at(-1);
      if (!last || this.ending.signal.aborted) return;
      let unsure = false;
      await this.untilDone(async () => {
        await deliver(name, page).catch((error: unknown) => {
          if (!(error instanceof PlaceUnsure)) throw error;
          unsure = true;
        });
      });
      if (this.ending.signal.aborted) return;
      if (unsure) return this.askAgain();
      this.done = last.offset + 1;
      this.waiting = this.waiting.slice(page.length);
      this.waitingSize -= sizeOf(page);
      if (this.paused && this.waitingSize <= ROOM_AGAIN) {
        this.paused = false;
        kafka.resume(place);
      }
    }
  }

  /** The service's database may be another one: what it has taken may be less than what was handed on. */
  private async askAgain(): Promise<void> {
    this.forget();
    await this.begin(undefined);
    if (this.paused) this.options.kafka.resume(this.options.place);
    this.paused = false;
  }

  private forget(): void {
    this.waiting = [];
    this.waitingSize = 0;
  }

  private async untilDone(job: () => Promise<void>): Promise<void> {
    const { signal } = this.ending;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        await job();
        this.failure = undefined;
        return;
      } catch (error) {
        this.failure = error instanceof Error ? error : new Error(String(error));
        await pause(backOffMs(failures), undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

const sizeOf = (records: readonly KafkaRecord[]): number =>
  records.reduce((sum, { value, headers }) => sum + value.length + (headers['touchstone_meta']?.length ?? 0) + RECORD, 0);

/** Between half and all of a time that doubles, so that those who failed together do not come back together. */
export const backOffMs = (failures: number): number => Math.min(50 * 2 ** failures, MAX_BACKOFF_MS) * (0.5 + Math.random() / 2);

/** Offsets are counted from 1 here: 0 is "nothing taken yet". */
export const asMessage = ({ offset, key, value, headers }: KafkaRecord): Message => ({
  key, offset: offset + 1, value,
  headers: {
    ce_id: headers['ce_id'] ?? '', ce_type: headers['ce_type'] ?? '', ce_source: headers['ce_source'] ?? '', touchstone_meta: headers['touchstone_meta'] ?? '',
    ...(headers['touchstone_derived_from'] !== undefined && { touchstone_derived_from: headers['touchstone_derived_from'] }),
  },
});
