import type pg from 'pg';
import type { Actor, Command, RecordedEvent } from '@touchstone/kernel';
import { derivedId, isMigrated } from '@touchstone/kernel';
import { CommandIdReused } from './answer.js';
import type { Commands } from './handle-command.js';
import type { Entry, LogFeed } from './log-feed.js';
import { LogEpochChanged } from './epoch/lineage.js';
import { LogRestored } from './epoch/log-gate.js';
import { Follower, pause } from './follower.js';
import type { ParkingConsumer, Retaken } from './parked-decisions.js';
import type { ParkedEvent, Parking } from './parking.js';
import { isPassing } from './postgres/database-lost.js';
import type { SubjectKeys } from './personal.js';
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
  /** Subjects whose keys are destroyed before anything is sent. So what is sent may say that they are. */
  readonly destroysKeysOf?: (event: RecordedEvent) => readonly string[];
  readonly send: (event: RecordedEvent, ports: Ports) => readonly Sent[] | Promise<readonly Sent[]>;
}

export const reaction = (definition: Reaction): Reaction => definition;

export interface ReactionOptions {
  readonly service: string;
  readonly pool: pg.Pool;
  readonly keys: Pick<SubjectKeys, 'destroy'>;
  readonly feed: LogFeed;
  readonly commands: Commands;
  readonly parking: Parking;
  readonly ports: (cause: RecordedEvent) => Ports;
  /** A parked event as it is read today. */
  readonly understand: (parked: string) => Promise<RecordedEvent>;
  /** Where a reaction without a checkpoint begins. */
  readonly startAt: number;
}

const ATTEMPTS = 5;
const SIDE_BY_SIDE = 32;

/** Follows the log for one reaction. Migrated events are passed over: a migrated record starts nothing, in any service. */
export class ReactionRunner implements ParkingConsumer {
  readonly atOnce = 1;
  readonly follower: Follower<Entry>;
  private readonly wanted: (entries: readonly Entry[]) => readonly Entry[];
  private readonly checkpointName: string;
  private readonly actor: Actor;
  /** Streams that may wait for a person; asked again with each event of theirs. */
  private parked = new Set<string>();
  /** Beyond the checkpoint: a person has decided about these. */
  private decided = new Set<string>();
  private written = 0;

  constructor(private readonly reaction: Reaction, private readonly options: ReactionOptions) {
    this.checkpointName = `reaction:${reaction.name}`;
    this.actor = { id: `system:${options.service}:${reaction.name}`, roles: ['system'] };
    const { feed } = options;
    this.wanted = feed.sieve(reaction.on);
    this.follower = new Follower({
      name: this.checkpointName, feed: { read: (seq) => feed.entries(seq), changed: (signal, seq) => feed.changed(signal, seq), get epoch() { return feed.epoch; } },
      start: () => this.start(), handle: (page) => this.handle(page),
    });
  }

  private async start(): Promise<number> {
    const { pool, parking, startAt } = this.options;
    this.parked = await parking.streams(this.checkpointName);
    await pool.query('insert into checkpoint values ($1, $2) on conflict do nothing', [this.checkpointName, this.reaction.from === 'beginning' ? 0 : startAt]);
    const { rows } = await pool.query<{ seq: number }>('select seq from checkpoint where name = $1', [this.checkpointName]);
    this.written = rows[0]?.seq ?? 0;
    this.decided = await parking.decided(this.checkpointName, this.written);
    return this.written;
  }

  /** Under the ids of the first time: what was carried out then is answered as it was, and is not done again. */
  async retake(events: readonly Pick<ParkedEvent, 'event'>[]): Promise<Retaken> {
    for (const [taken, { event }] of events.entries()) {
      try {
        await this.send(await this.options.understand(event), true);
      } catch (cause) {
        if (passes(cause)) throw cause;
        return { taken, error: messageOf(cause) };
      }
    }
    return { taken: events.length };
  }

  /** What its commands would be answered cannot be told without sending them. */
  tryRetake(events: readonly ParkedEvent[]): Promise<Retaken> {
    return Promise.resolve({ taken: events.length });
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
    if (this.decided.has(event.id)) return;
    if (this.parked.has(event.stream)) {
      const known = await this.options.parking.parkBehind(this.checkpointName, await this.toPark(event), ATTEMPTS);
      if (known !== undefined) return;
      this.parked.delete(event.stream);
    }
    let error = '';
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      try {
        return await this.send(event);
      } catch (cause) {
        if (passes(cause)) throw cause; // the follower begins again at its checkpoint
        error = messageOf(cause);
        await pause(20 * 2 ** attempt * (1 + Math.random()));
      }
    }
    await this.options.parking.park(this.checkpointName, await this.toPark(event), error, ATTEMPTS);
    this.parked.add(event.stream);
  }

  /** As it is stored: what is personal stays encrypted, and is gone with its key. */
  private async toPark(event: RecordedEvent) {
    const { rows } = await this.options.pool.query<{ body: string }>('select body from event where id = $1', [event.id]);
    const stored = JSON.stringify({ ...event, type: event.recordedAs ?? event.type, data: JSON.parse(rows[0]?.body ?? 'null') as unknown });
    return { stream: event.stream, eventId: event.id, position: event.seq, event: stored };
  }

  /** A refusal is an answer: recorded, and not tried again. `again`: so is a command that was taken when the reaction still said it in other words. */
  private async send(event: RecordedEvent, again = false): Promise<void> {
    const { service, commands, ports, keys } = this.options;
    await keys.destroy(this.reaction.destroysKeysOf?.(event) ?? []);
    const sent = await this.reaction.send(event, ports(event));
    await Promise.all(sent.map(({ slice, command }, index) =>
      commands.handle(slice, command, {
        commandId: derivedId('reaction', service, this.reaction.name, event.id, index),
        actor: this.actor, causationId: event.id, correlationId: event.meta.correlationId, causeSeq: event.seq,
      }).catch((error: unknown) => {
        if (!again || !(error instanceof CommandIdReused)) throw error;
      })));
  }
}

const passes = (cause: unknown): boolean => isPassing(cause) || cause instanceof LogRestored || cause instanceof LogEpochChanged;
const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
