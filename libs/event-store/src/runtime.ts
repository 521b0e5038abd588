import type { Clock, Fact, Instant, RecordedEvent } from '@touchstone/kernel';
import type { EntityManager } from 'typeorm';
import type { CommandContext } from './handle-command.js';
import { Commands } from './handle-command.js';
import { requireCapabilities } from './capabilities.js';
import { decodeAll } from './decode.js';
import type { PublicEvents } from './declared-events.js';
import { upcastingOf } from './declared-events.js';
import type { Deadline } from './deadline.js';
import { DeadlinePoller, deadlineProjection } from './deadline.js';
import { GatedCommands } from './epoch/gated-commands.js';
import { seqIn } from './epoch/lineage.js';
import type { LogGate } from './epoch/log-gate.js';
import { resetLaterCheckpoints } from './epoch/later-checkpoints.js';
import { LogFeed } from './log-feed.js';
import { Parking } from './parking.js';
import type { SubjectKeys } from './personal.js';
import { decryptFields, SubjectErased } from './personal.js';
import { MemoryKeys } from './memory/memory-keys.js';
import { OverlayStore } from './memory/overlay-store.js';
import type { EventStore } from './store.js';
import type { PostgresStore } from './postgres/postgres-store.js';
import type { Projection } from './projection.js';
import type { Reaction } from './reaction.js';
import { ReactionRunner } from './reaction.js';
import type { RebuildReport } from './generations.js';
import { ReadModels } from './read-models.js';
import type { ServedModel } from './served-model.js';
import type { AnySlice, Ports } from './slice.js';
import { NotKnownYet } from './slice.js';
import type { SnapshotOptions } from './stream-states.js';
import type { Upcasting } from './upcast.js';

export interface RuntimeOptions {
  readonly service: string;
  readonly url: string;
  readonly store: PostgresStore;
  readonly keys: SubjectKeys;
  readonly clock: Clock;
  readonly contracts: PublicEvents;
  readonly onSnapshotIncident?: SnapshotOptions['onIncident'];
  readonly slices: readonly AnySlice[];
  readonly projections: readonly Projection[];
  readonly reactions: readonly Reaction[];
  readonly deadlines: readonly Deadline[];
  /** How long nobody may have had the schema of a read model in use before it is dropped; a minute, when left out. */
  readonly graceMs?: number;
  /** Commands pass it, where there is one. */
  readonly gate?: LogGate;
  /** Told of checkpoints that were beyond the log when it was started. */
  readonly onLaterCheckpoints?: (names: readonly string[]) => void;
}

const WAIT_MS = 2_000;

/** One service at work on its log: commands in, read models, reactions and deadlines following. */
export class Runtime {
  readonly upcasting: Upcasting;
  readonly feed: LogFeed;
  readonly commands: Commands;
  readonly parking: Parking;
  readonly readModels: ReadModels;
  readonly poller: DeadlinePoller;
  reactions: readonly ReactionRunner[] = [];

  constructor(readonly options: RuntimeOptions) {
    const { store, keys, clock, contracts, service, projections, deadlines } = options;
    requireCapabilities(store, ['dense-seq', 'durable-flush'], `the service ${service}`);
    this.upcasting = upcastingOf(options);
    this.feed = new LogFeed(store, keys, this.upcasting);
    this.parking = new Parking(store.pool, clock);
    const all = [...projections, deadlineProjection(deadlines)];
    this.readModels = new ReadModels({ store, url: options.url, feed: this.feed, projections: all, graceMs: options.graceMs });
    this.commands = new GatedCommands({ store, keys, clock, contracts, upcasting: this.upcasting, snapshots: { table: store.snapshots, onIncident: options.onSnapshotIncident }, ports: (context) => this.ports(context, context.at) }, options.gate);
    this.poller = new DeadlinePoller(service, deadlines, this.readModels.model('deadlines'), store.pool, this.commands, clock);
  }

  async start(): Promise<void> {
    const { store, service, reactions, keys } = this.options;
    const { rows } = await store.pool.query(`select from checkpoint where name like 'reaction:%' limit 1`);
    const startAt = rows.length > 0 ? await store.head() : 0; // a service's first start handles its history from the beginning
    const later = await resetLaterCheckpoints(store.pool);
    if (later.length > 0) this.options.onLaterCheckpoints?.(later);
    await this.readModels.start();
    this.reactions = reactions.map((each) => new ReactionRunner(each, {
      service, keys, pool: store.pool, feed: this.feed, commands: this.commands, parking: this.parking, startAt,
      ports: (cause) => this.ports({ causeSeq: cause.seq }, cause.meta.occurredAt),
      understand: async (parked) => {
        const stored = (await decryptFields(JSON.parse(parked), keys)) as RecordedEvent;
        return { ...stored, ...this.upcasting.upcast(stored.type, stored.data) };
      },
    }));
    for (const { follower } of this.reactions) follower.start();
    this.poller.start();
  }

  async stop(): Promise<void> {
    await this.poller.stop();
    this.feed.close();
    await Promise.all(this.followers.map((follower) => follower.stop()));
    await this.readModels.stop();
    await this.commands.states.idle();
    await this.options.store.close();
  }

  get models(): ReadonlyMap<string, ServedModel> {
    return this.readModels.models;
  }

  get followers() {
    return [...[...this.models.values()].map(({ follower }) => follower), ...this.reactions.map(({ follower }) => follower)];
  }

  query(projection: Pick<Projection, 'name'>): EntityManager {
    return this.readModels.model(projection.name).manager;
  }

  /** Read-your-writes: true when every read model has reached the position; false after two seconds. */
  async reached(position: string): Promise<boolean> {
    const seq = seqIn(this.options.store.lineage, position);
    const waits = [...this.models.values()].map((model) => model.reached(seq, WAIT_MS));
    return (await Promise.all(waits)).every(Boolean);
  }

  /** How far the slowest follower is behind the head of the log. */
  async lag(): Promise<number> {
    const head = await this.options.store.head();
    return Math.max(0, ...this.followers.map(({ position }) => head - position));
  }

  /** Builds a read model from zero beside the live one, and compares both. */
  rebuild(name: string): Promise<RebuildReport> {
    return this.readModels.compare(name);
  }

  /** Handles commands on what they leave, and writes nothing: for dry runs. Read models do not follow. */
  tryOut(): Commands {
    const { store, keys, clock, contracts } = this.options;
    const overlay = new OverlayStore(store);
    const kept = new MemoryKeys();
    const trial: SubjectKeys = {
      obtain: async (subject) => {
        if ((await keys.find(subject)) === 'destroyed') throw new SubjectErased(subject);
        return kept.obtain(subject);
      },
      find: async (subject) => (await kept.find(subject)) ?? keys.find(subject),
      destroy: (subjects) => kept.destroy(subjects),
      destructions: () => keys.destructions(),
      keyedHash: (text) => keys.keyedHash(text),
    };
    return new Commands({ store: overlay, keys: trial, clock, contracts, upcasting: this.upcasting, ports: (context) => this.ports(context, context.at, overlay) });
  }

  ports({ causeSeq }: Pick<CommandContext, 'causeSeq'>, at: Instant, store: EventStore = this.options.store): Ports {
    const { keys } = this.options;
    return {
      at,
      stream: async (stream): Promise<Fact<readonly RecordedEvent[]>> => {
        const events = await decodeAll(await store.readStream(stream), keys, this.upcasting);
        const last = events.at(-1);
        return { value: events, refs: last ? [{ stream, version: last.version }] : [], seq: last?.seq ?? 0 };
      },
      ask: async (projection, query) => {
        const model = this.readModels.model(projection.name);
        if (causeSeq !== undefined && !(await model.reached(causeSeq, WAIT_MS))) {
          throw new NotKnownYet(`${projection.name} stands at ${model.follower.position}, before ${causeSeq}`);
        }
        return { value: await query(model.manager), refs: [], seq: model.follower.position };
      },
    };
  }
}
