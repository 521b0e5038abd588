import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumerListener, KafkaConsumer, KafkaPort, KafkaRecord, Place } from './kafka-port.js';
import type { PlaceKeeper } from './lane.js';
import { backOffMs, Lane } from './lane.js';

export interface IntakeOptions {
  readonly port: KafkaPort;
  readonly group: string;
  /** As the services call them. */
  readonly topics: readonly string[];
  readonly prefix: string;
  readonly consumer: PlaceKeeper;
  readonly deliver: (topic: string, records: readonly KafkaRecord[]) => Promise<void>;
}

/** A fetch loop that has not come round for so long is dead: not ready. */
const DEAD_AFTER_MS = 7_000;
/** Then it is given up and another is opened. */
const REPLACE_AFTER_MS = 20_000;
const CLOSE_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 500;
const COMMIT_EVERY_MS = 5_000;
const LOOK_FOR_TOPICS_EVERY_MS = 2_000;

const nameOf = ({ topic, partition }: Place): string => `${topic}/${partition}`;

/** Keeps one member of the group at work: waits for topics that are not there yet, and opens another consumer when one has died. */
export class Intake {
  private readonly stopping = new AbortController();
  private running?: Promise<void>;
  private lanes = new Map<string, Lane>();
  /** Why the consumer before this one ended; until one is heard again, whoever took its place. */
  private broken?: Error;
  private aliveAt = Date.now();

  constructor(private readonly options: IntakeOptions) {}

  /** Why nothing is taken in at present. */
  get failure(): Error | undefined {
    if (this.broken) return this.broken;
    const silentMs = Date.now() - this.aliveAt;
    if (silentMs > DEAD_AFTER_MS) return new Error(`the fetch loop has not come round for ${Math.round(silentMs / 1_000)} s`);
    return [...this.lanes.values()].find(({ failure }) => failure)?.failure;
  }

  /** By lane, the offset up to which all was handed on. */
  get taken(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.lanes].map(([name, { done = 0 }]) => [name.slice(this.options.prefix.length), done]));
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the pages in hand are done, the place is shown to the group and the group was left. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; ) {
      const startedAt = Date.now();
      try {
        await this.consume();
      } catch (error) {
        this.broken = error instanceof Error ? error : new Error(String(error));
        failures = Date.now() - startedAt > 60_000 ? 0 : failures + 1;
        await pause(backOffMs(failures), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Ends when it should stop, or when there is a topic that was not there before; throws when the consumer has died. */
  private async consume(): Promise<void> {
    const { port, group, consumer, prefix, deliver, topics } = this.options;
    const there = await this.existing(topics);
    if (there.length === 0) {
      this.cameRound(true); // nobody has published yet
      await pause(LOOK_EVERY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      return;
    }
    let died: Error | undefined;
    const listener: ConsumerListener = {
      assigned: (places, kafka) => {
        const before = this.endLanes();
        this.lanes = new Map(places.map((place) => [nameOf(place), new Lane({ place, name: nameOf(place).slice(prefix.length), kafka, consumer, deliver }, before)]));
      },
      received: (place: Place, records: readonly KafkaRecord[]) => this.lanes.get(nameOf(place))?.received(records),
      alive: (heard) => this.cameRound(heard),
      failed: (error) => { died = error; },
    };
    const openedAt = Date.now();
    const kafka = await port.consumer(group, there.map((topic) => prefix + topic), listener);
    try {
      await this.watch(kafka, there, openedAt, () => died);
    } finally {
      await this.close(kafka);
    }
  }

  private cameRound(heard: boolean): void {
    this.aliveAt = Date.now();
    if (heard) this.broken = undefined;
  }

  private async watch(kafka: KafkaConsumer, there: readonly string[], openedAt: number, died: () => Error | undefined): Promise<void> {
    const { signal } = this.stopping;
    let [committedAt, lookedAt] = [Date.now(), Date.now()];
    while (!signal.aborted) {
      await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      const error = died();
      if (error) throw error;
      const now = Date.now();
      if (now - Math.max(this.aliveAt, openedAt) > REPLACE_AFTER_MS) throw new Error('the fetch loop was dead, and is replaced');
      if (now - committedAt > COMMIT_EVERY_MS) {
        committedAt = now;
        void this.commit(kafka);
      }
      if (there.length < this.options.topics.length && now - lookedAt > LOOK_FOR_TOPICS_EVERY_MS) {
        lookedAt = now;
        if ((await this.existing(this.options.topics)).length > there.length) return;
      }
    }
  }

  private async existing(topics: readonly string[]): Promise<string[]> {
    const found = await Promise.all(topics.map(async (topic) => ((await this.options.port.admin.partitions(this.options.prefix + topic)) === undefined ? [] : [topic])));
    return found.flat();
  }

  private async close(kafka: KafkaConsumer): Promise<void> {
    await this.endLanes();
    const leave = async () => {
      await this.commit(kafka);
      await kafka.close();
    };
    await Promise.race([leave().catch(() => undefined), pause(CLOSE_WITHIN_MS, undefined, { ref: false })]);
    this.lanes = new Map();
  }

  private async endLanes(): Promise<void> {
    await Promise.all([...this.lanes.values()].map((lane) => lane.end()));
  }

  private async commit(kafka: KafkaConsumer): Promise<void> {
    const offsets = [...this.lanes].flatMap(([name, { done }]) => {
      const slash = name.lastIndexOf('/');
      return done === undefined ? [] : [{ topic: name.slice(0, slash), partition: Number(name.slice(slash + 1)), offset: done }];
    });
    if (offsets.length > 0) await kafka.commit(offsets).catch(() => undefined); // for monitoring only
  }
}
