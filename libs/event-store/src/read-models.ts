import type { PostgresOptions } from './postgres/connect.js';
import type { PostgresStore } from './postgres/postgres-store.js';
import type { Generation, Progress, Purpose, RebuildReport } from './generations.js';
import { Generations, progressOf } from './generations.js';
import { pause } from './follower.js';
import type { LogFeed } from './log-feed.js';
import type { Projection } from './projection.js';
import { ServedModel } from './served-model.js';
import { Writers } from './writers.js';

export interface ReadModelsOptions extends PostgresOptions {
  readonly store: PostgresStore;
  readonly feed: LogFeed;
  readonly projections: readonly Projection[];
  /** How long nobody may have had a schema in use before it is dropped; a minute, when left out. */
  readonly graceMs?: number;
}

const LOOK_EVERY_MS = 400;
const START_WAIT_MS = 2_000;

/**
 * All read models of a service, in one of its processes. Looks into their register again and again: what was switched elsewhere
 * is switched here, what was asked to be built is built by one of the processes, what nobody uses any more is dropped.
 */
export class ReadModels {
  readonly models: ReadonlyMap<string, ServedModel>;
  /** Why the register could not be acted upon. */
  failure?: Error;
  private readonly generations: Generations;
  private readonly writers: Writers;
  private readonly stopping = new AbortController();
  private readonly graceMs: number;
  private looking?: Promise<void>;
  private running?: Promise<void>;
  private seenAt = 0;

  constructor(private readonly options: ReadModelsOptions) {
    const { store, url, feed, projections, graceMs = 60_000 } = options;
    this.graceMs = graceMs;
    this.generations = new Generations(store.pool);
    this.writers = new Writers(options);
    const shared = {
      pool: store.pool, url, feed, graceMs, generations: this.generations, writers: this.writers, head: () => store.head(),
      onRetired: () => void this.look(),
    };
    this.models = new Map(projections.map((each) => [each.name, new ServedModel(each, shared)]));
  }

  /** Returns when all are ready, or after two seconds: what takes longer is built on while the service is not ready. */
  async start(): Promise<void> {
    for (const model of this.models.values()) await model.open();
    const until = performance.now() + START_WAIT_MS;
    do {
      await this.look();
      if ([...this.models.values()].every(({ ready }) => ready)) break;
      await pause(5, this.stopping.signal);
    } while (performance.now() < until);
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    for (const model of this.models.values()) await model.close();
    await this.writers.close();
  }

  async begin(name: string, purpose: Exclude<Purpose, 'serve'>): Promise<Progress> {
    const row = await this.model(name).start(purpose);
    void this.look();
    return this.told(row);
  }

  async progress(operation: string): Promise<Progress | undefined> {
    const row = await this.generations.byOperation(operation);
    return row && this.told(row);
  }

  /** The newest building of a read model that has been begun on demand; undefined when there was none. */
  async newest(name: string): Promise<Progress | undefined> {
    const row = (await this.generations.of([name])).find(({ purpose }) => purpose !== 'serve');
    return row && this.told(row);
  }

  /** Stops what is being built beside the live one. What is built so far is kept for a day, to go on with. */
  async cancel(name: string): Promise<Progress | undefined> {
    const rows = await this.generations.of([name]);
    const building = rows.find(({ state, purpose, version }) => state === 'building' && purpose !== 'serve' && version === this.model(name).projection.version);
    if (!building) return undefined;
    await this.generations.stop(building.schema, null);
    await this.look();
    return this.progress(building.operation);
  }

  /** Resolves when a building has ended. Throws when it failed or was cancelled. */
  async ended({ operation }: Progress): Promise<Progress> {
    for (;;) {
      await this.look();
      const progress = await this.progress(operation);
      if (!progress) throw new Error(`there is no building ${operation}`);
      if (progress.state === 'stopped') throw new Error(`${progress.name}: ${progress.failure ?? 'cancelled'}`);
      if (progress.state !== 'building') return progress;
      this.stopping.signal.throwIfAborted();
      await pause(20, this.stopping.signal);
    }
  }

  /** Builds it from zero beside the live one and compares both. */
  async compare(name: string): Promise<RebuildReport> {
    const { outcome } = await this.ended(await this.begin(name, 'compare'));
    if (!outcome) throw new Error(`${name}: the comparison left no outcome`);
    return outcome;
  }

  model(name: string): ServedModel {
    const model = this.models.get(name);
    if (!model) throw new Error(`there is no read model ${name}`);
    return model;
  }

  /** One look at the register; those who ask while one is under way share it. */
  private look(): Promise<void> {
    return (this.looking ??= this.lookOnce().finally(() => {
      this.looking = undefined;
    }));
  }

  private async lookOnce(): Promise<void> {
    const { store } = this.options;
    const names = [...this.models.keys()];
    try {
      const [rows, head] = await Promise.all([this.generations.of(names), store.head()]);
      const looked = await Promise.allSettled([...this.models.values()].map((model) => model.look(rows, head)));
      const failed = looked.find((each) => each.status === 'rejected');
      if (failed) throw failed.reason;
      if (performance.now() - this.seenAt > this.graceMs / 8) {
        this.seenAt = performance.now();
        await this.generations.seen([...this.models.values()].flatMap(({ schemas }) => schemas));
        await this.generations.sweep(names, this.graceMs);
      }
      this.failure = undefined;
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
    }
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.look();
      await pause(LOOK_EVERY_MS, signal);
    }
  }

  private async told(row: Generation): Promise<Progress> {
    return progressOf(row, await this.options.store.head());
  }
}
