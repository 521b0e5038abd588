import type { EntityManager } from 'typeorm';
import { pause } from './follower.js';
import type { Follower, FollowerWatch } from './follower.js';
import type { Generation, Purpose } from './generations.js';
import type { Generations } from './generations.js';
import { progressOf } from './generations.js';
import type { Entry } from './log-feed.js';
import { isDatabaseLost } from './postgres/database-lost.js';
import type { Projection } from './projection.js';
import type { ReadModelOptions } from './read-model.js';
import { ReadModel, SchemaRetired } from './read-model.js';
import { compared, reaches } from './rebuild.js';
import type { Writers } from './writers.js';

export interface ServedModelOptions extends Pick<ReadModelOptions, 'pool' | 'url' | 'feed'> {
  readonly writers: Writers;
  readonly onRetired: () => void;
  readonly generations: Generations;
  readonly head: () => Promise<number>;
  /** How long nobody may have had a schema in use before it is dropped. */
  readonly graceMs: number;
}

const STEP_MS = 100;

/**
 * A read model as a service has it: the generation that is live, wherever that is, followed and queried; and its successor while
 * it is built. What is asked of it is answered before, during and after a switch, never from less than before.
 */
export class ServedModel {
  private current: ReadModel;
  private builder?: { readonly model: ReadModel; readonly stopping: AbortController; readonly done: Promise<void> };
  private readonly left = new Set<ReadModel>();
  private row?: Generation;
  private head = 0;
  private target?: number;
  private followerWatch?: FollowerWatch;
  private switching = false;
  private readonly closing = new AbortController();

  constructor(readonly projection: Projection, private readonly options: ServedModelOptions) {
    this.current = this.at();
  }

  get follower(): Follower<Entry> {
    return this.current.follower;
  }
  get manager(): EntityManager {
    return this.current.manager;
  }
  get schema(): string {
    return this.current.schema;
  }
  /** Schemas that this process has in use. */
  get schemas(): string[] {
    return [this.current, ...(this.builder ? [this.builder.model] : []), ...this.left].map(({ schema }) => schema);
  }
  /** Whether it is the live one and has once caught up since this process started: before that, its answers are older than the log. */
  get ready(): boolean {
    return this.row?.state === 'live' && this.target !== undefined && this.follower.position >= this.target;
  }
  /** What is wrong with it, with its name; undefined when it works and is up to date. */
  get trouble(): string | undefined {
    const { failure, stopped, position } = this.follower;
    const { name, version } = this.projection;
    if (failure && !(failure instanceof SchemaRetired)) return `${name}: ${failure.message}`;
    if (stopped && !this.switching) return `${name}: stopped`;
    if (this.ready) return undefined;
    const { secondsLeft } = this.row ? progressOf({ ...this.row, seq: position }, this.head) : {};
    const percent = this.head > 0 ? Math.floor((100 * Math.min(position, this.head)) / this.head) : 0;
    return `${name} v${version}: ${this.row?.state === 'live' ? 'catching up' : 'building'}, ${percent} %${secondsLeft === undefined ? '' : `, about ${secondsLeft} s left`}`;
  }

  set watch(watch: FollowerWatch) {
    this.followerWatch = watch;
    this.follower.watch = watch;
  }

  hash(): Promise<string> {
    return this.current.hash();
  }

  /** True as soon as everything up to `seq` is in what is queried; false when that takes longer than `timeoutMs`. */
  async reached(seq: number, timeoutMs: number): Promise<boolean> {
    for (const until = performance.now() + timeoutMs; ; ) {
      const left = until - performance.now();
      if (await this.current.follower.reached(seq, Math.max(0, Math.min(left, STEP_MS)))) return true; // the live one may be another by now
      if (left <= 0) return false;
    }
  }

  /** Opens what is live, or what is becoming so, or begins it. */
  async open(): Promise<void> {
    const { generations, head } = this.options;
    this.row = await generations.obtain(this.projection, 'serve', '');
    await generations.seen([this.row.schema]);
    if (this.row.schema !== this.schema) this.current = this.at(this.row.schema);
    if (this.followerWatch) this.current.follower.watch = this.followerWatch;
    await this.current.open();
    this.head = await head();
    this.target ??= this.head;
    if (this.row.state === 'building') await generations.begun(this.row.schema, this.row.seq ?? 0);
    this.current.follower.start();
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('stopped'));
    this.builder?.stopping.abort(new Error('stopped'));
    await this.builder?.done;
    await Promise.all([this.current, ...this.left].map((model) => model.close()));
  }

  /** Acts on what the register says of this read model. Called again and again. */
  async look(rows: readonly Generation[], head: number): Promise<void> {
    const mine = rows.filter(({ name, version }) => name === this.projection.name && version === this.projection.version);
    const live = mine.find(({ state }) => state === 'live');
    const building = mine.find(({ state }) => state === 'building');
    this.head = head;
    this.row = mine.find(({ schema }) => schema === this.schema);
    if (this.builder && building?.schema !== this.builder.model.schema && live?.schema !== this.builder.model.schema) this.builder.stopping.abort(new Error('cancelled'));
    if (this.closing.signal.aborted || this.switching) return;
    if (live && live.schema !== this.schema && live.schema !== this.builder?.model.schema) void this.adopt(this.at(live.schema), live).catch(() => undefined); // and again at the next look
    else if (!live && building?.schema !== this.schema) await this.reopen();
    else if (!live && building) await this.becomeLive(building);
    else if (building && !this.builder && (await this.options.writers.mayWrite(building.schema))) this.build(building);
  }

  private at(schema?: string): ReadModel {
    const { generations, writers, pool, url, feed, onRetired } = this.options;
    return new ReadModel(this.projection, {
      pool, url, feed, onRetired, mayWrite: (name) => writers.mayWrite(name), mayCreate: (client, name) => generations.isBuilding(client, name),
    }, schema);
  }

  /** All that there was of this version was dropped while this process slept. */
  private async reopen(): Promise<void> {
    const { current } = this;
    this.target = undefined;
    await this.open();
    await current.close();
  }

  private async becomeLive({ schema }: Generation): Promise<void> {
    if (this.follower.position < this.head) return;
    await this.options.generations.serves(schema);
    this.target = this.head;
    this.row = (await this.options.generations.of([this.projection.name])).find((row) => row.schema === schema);
  }

  /** The old one no longer changes; the new one is asked as soon as it is as far here as the old one was. */
  private async adopt(next: ReadModel, row: Generation): Promise<void> {
    const old = this.current;
    this.switching = true;
    try {
      if (next !== this.builder?.model) await next.open();
      next.follower.start();
      await old.follower.stop();
      await reaches(next, old.follower.position, this.closing.signal);
      if (this.followerWatch) next.follower.watch = this.followerWatch;
      this.current = next;
      this.row = row;
    } catch (error) {
      if (next !== this.builder?.model) await next.close();
      throw error;
    } finally {
      this.switching = false;
    }
    this.left.add(old); // queries under way end in peace
    void pause(this.options.graceMs / 2, this.closing.signal).then(() => this.leave(old)).finally(() => this.left.delete(old));
  }

  private async leave(model: ReadModel): Promise<void> {
    await model.close().catch(() => undefined);
    await this.options.writers.letGo(model.schema).catch(() => undefined);
  }

  private build(row: Generation): void {
    const model = this.at(row.schema);
    const stopping = new AbortController();
    const done = this.work(row, model, stopping.signal).catch(() => undefined).finally(async () => {
      if (this.current !== model) await this.leave(model);
      this.builder = undefined;
    });
    this.builder = { model, stopping, done };
  }

  private async work(row: Generation, model: ReadModel, signal: AbortSignal): Promise<void> {
    const { generations } = this.options;
    try {
      await model.open();
      if (row.fingerprint !== model.fingerprint) {
        await generations.startOver(row.schema, model.fingerprint);
        await model.open();
      }
      await generations.begun(row.schema, await model.checkpoint());
      if (row.purpose === 'compare') return await generations.compared(model, await compared(this.current, model, signal));
      model.follower.start();
      do await this.follow(model, signal); while (!(await generations.replace(this.schema, row.schema)));
      await this.adopt(model, { ...row, state: 'live' });
    } catch (error) {
      if (signal.aborted || isDatabaseLost(error)) return; // it goes on from its checkpoint: here, or where somebody asks for it
      await generations.stop(row.schema, error instanceof Error ? error.message : String(error));
    }
  }

  /** Catches up, and has its position on disk. */
  private async follow(model: ReadModel, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    model.follower.start();
    await reaches(model, this.follower.position, signal);
    await model.follower.stop();
    await model.flush();
  }

  /** Begins a building beside the live one, or goes on with one that was stopped. */
  start(purpose: Exclude<Purpose, 'serve'>): Promise<Generation> {
    return this.options.generations.obtain(this.projection, purpose, this.current.fingerprint);
  }
}
