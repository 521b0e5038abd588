import type pg from 'pg';
import type { Actor, Command, RecordedEvent } from '@touchstone/kernel';
import { derivedId, isMigrated } from '@touchstone/kernel';
import type { Commands } from './handle-command.js';
import type { Entry, LogFeed } from './log-feed.js';
import { LogEpochChanged } from './epoch/lineage.js';
import { LogRestored } from './epoch/log-gate.js';
import { Follower, pause } from './follower.js';
import type { Parking } from './parking.js';
import { isPassing } from './postgres/database-lost.js';
import type { AnySlice, Ports } from './slice.js';

export interface Sent {
  readonly slice: AnySlice;
  readonly command: Command;
}

/** An event in our log → commands. Their ids are derived from the event, so that reacting twice changes nothing. */
export interface Reaction {
  readonly name: string;
  readonly on: readonly string[];
  /** A reaction added to a running service begins at the head, unless it says this. */
  readonly from?: 'beginning';
  /** Events with the same name here are handled in the order of the log; those of one stream, when left out. */
  readonly inOrderOf?: (event: RecordedEvent) => string;
  readonly send: (event: RecordedEvent, ports: Ports) => readonly Sent[] | Promise<readonly Sent[]>;
}

export const reaction = (definition: Reaction): Reaction => definition;

export interface ReactionOptions {
  readonly service: string;
  readonly pool: pg.Pool;
  readonly feed: LogFeed;
  readonly commands: Commands;
  readonly parking: Parking;
  readonly ports: (cause: RecordedEvent) => Ports;
  /** Where a reaction without a checkpoint begins. */
  readonly startAt: number;
}

const ATTEMPTS = 5;
const SIDE_BY_SIDE = 32;

/** Follows the log for one reaction. Migrated events are passed over: a migrated record starts nothing, in any service. */
export class ReactionRunner {
  readonly follower: Follower<Entry>;
  private readonly wanted: (entries: readonly Entry[]) => readonly Entry[];
  private readonly checkpointName: string;
  private readonly actor: Actor;
  private parked = new Set<string>();
  private written = 0;

  constructor(private readonly reaction: Reaction, private readonly options: ReactionOptions) {
    this.checkpointName = `reaction:${reaction.name}`;
    this.actor = { id: `system:${options.service}:${reaction.name}`, roles: ['system'] };
    const { feed } = options;
    this.wanted = feed.sieve(reaction.on);
    this.follower = new Follower({
      name: this.checkpointName, feed: { read: (seq) => feed.entries(seq), changed: (signal) => feed.changed(signal), get epoch() { return feed.epoch; } },
      start: () => this.start(), handle: (page) => this.handle(page),
    });
  }

  private async start(): Promise<number> {
    const { pool, parking, startAt } = this.options;
    this.parked = await parking.streams(this.checkpointName);
    await pool.query('insert into checkpoint values ($1, $2) on conflict do nothing', [this.checkpointName, this.reaction.from === 'beginning' ? 0 : startAt]);
    const { rows } = await pool.query<{ seq: number }>('select seq from checkpoint where name = $1', [this.checkpointName]);
    this.written = rows[0]?.seq ?? 0;
    return this.written;
  }

  /** After a person decided about something parked: streams with nothing left to decide flow again. */
  async refreshParked(): Promise<void> {
    this.parked = await this.options.parking.streams(this.checkpointName);
  }

  private async handle(page: readonly Entry[]): Promise<void> {
    const mine = (await Promise.all(this.wanted(page).map((entry) => entry.decoded()))).filter((event) => !isMigrated(event));
    const last = page.at(-1)?.seq ?? 0;
    const sequences = Map.groupBy(mine, this.reaction.inOrderOf ?? (({ stream }) => stream)).values();
    const workers = Array.from({ length: SIDE_BY_SIDE }, async () => {
      for (const sequence of sequences) for (const event of sequence) await this.react(event); // the workers share one iterator
    });
    const broken = (await Promise.allSettled(workers)).find(({ status }) => status === 'rejected');
    if (broken) throw (broken as PromiseRejectedResult).reason;
    if (mine.length === 0 && last - this.written < 2_000) return;
    await this.options.pool.query('update checkpoint set seq = $1 where name = $2', [last, this.checkpointName]);
    this.written = last;
  }

  private async react(event: RecordedEvent): Promise<void> {
    let error = 'waits for what is parked before it on its stream';
    if (!this.parked.has(event.stream)) {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        try {
          return await this.send(event);
        } catch (cause) {
          if (isPassing(cause) || cause instanceof LogRestored || cause instanceof LogEpochChanged) throw cause; // the follower begins again at its checkpoint
          error = cause instanceof Error ? cause.message : String(cause);
          await pause(20 * 2 ** attempt * (1 + Math.random()));
        }
      }
    }
    // Parked as it is stored: what is personal stays encrypted, and is gone with its key.
    const { rows } = await this.options.pool.query<{ body: string }>('select body from event where id = $1', [event.id]);
    const stored = JSON.stringify({ ...event, type: event.recordedAs ?? event.type, data: JSON.parse(rows[0]?.body ?? 'null') as unknown });
    await this.options.parking.park(this.checkpointName, { stream: event.stream, eventId: event.id, position: event.seq, event: stored }, error, ATTEMPTS);
    this.parked.add(event.stream);
  }

  /** A refusal is an answer: recorded, and not tried again. `attempt` is added to the ids when a person replays. */
  async send(event: RecordedEvent, attempt = 0): Promise<void> {
    const { service, commands, ports } = this.options;
    const sent = await this.reaction.send(event, ports(event));
    await Promise.all(sent.map(({ slice, command }, index) =>
      commands.handle(slice, command, {
        commandId: derivedId('reaction', service, this.reaction.name, event.id, index, ...(attempt > 0 ? [attempt] : [])),
        actor: this.actor, causationId: event.id, correlationId: event.meta.correlationId, causeSeq: event.seq,
      })));
  }
}
