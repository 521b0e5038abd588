import type pg from 'pg';
import { Connection } from './connect.js';
import type { PostgresOptions } from './connect.js';
import { AppendOutcomeUnknown } from '../store.js';

interface Unflushed {
  readonly epoch: number;
  /** What must be on disk; 0 where that was not said. */
  readonly seq: number;
  readonly done: () => void;
  readonly lost: (error: unknown) => void;
}

/** One that was sent: all up to `seq` was committed before. */
interface Flush {
  readonly epoch: number;
  readonly seq: number;
  readonly covered: Unflushed[];
}

/** Flushes that may be under way at once: one that begins later covers more, and PostgreSQL merges those that wait for the same disk. */
const FLUSHING = 3;
/** By so much the time that a flush is thought to take may grow with each. */
const LONGER = 1.25;

/**
 * The session that appends without waiting for the disk, and those that wait for it: one synchronous commit makes all that was
 * committed before it durable, whoever wrote it.
 *
 * A flush proves something only about what was appended while its own session stood. A server that went down in between, or
 * lost one of its processes, forgets what was not on disk, may be up again at once, and takes every session with it; so does a
 * fail-over. When a session is lost or opened, `epoch` moves, and what was under way is *unknown*: the command's id resolves it.
 */
export class Sessions {
  epoch = 0;
  /** About how long a flush takes: the shortest of late, so that a busy machine is not taken for a slow disk. */
  flushMs = Infinity;
  readonly appending: Connection;
  private readonly flushing: readonly Connection[];
  private readonly idle: Connection[];
  private unflushed: Unflushed[] = [];
  private readonly underWay = new Set<Flush>();
  /** Up to here the log is known to be on disk in this epoch: its order is that of the commits, so what stands before an event is there with it. */
  private onDisk = 0;
  /** The epoch in which all were found open, and on one server: while it does not move, they are. */
  private openIn?: number;
  private readonly listeners = new Set<() => void>();

  /** `greet` runs on each session that appends before anything else. */
  constructor(options: PostgresOptions, greet?: (client: pg.Client) => Promise<void>) {
    this.appending = new Connection(options, 'off', greet);
    this.flushing = Array.from({ length: FLUSHING }, () => new Connection(options, 'on'));
    this.idle = [...this.flushing];
    for (const session of this.all) session.onChange((what) => this.sessionChanged(what));
  }

  /** What broke one line has mostly broken all: whether it ended them or left them silent. What is under way on them is unknown already. */
  private sessionChanged(what: 'opened' | 'lost'): void {
    this.changed();
    if (what === 'lost') for (const session of this.all) session.reset();
  }

  /** A session was lost or opened, here or in the pool that reads: between the two, nobody knows what became of the log. */
  changed(): void {
    this.epoch += 1;
    this.onDisk = 0;
    for (const listener of this.listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Opens those that are not open: what is read from now on, a flush can speak for. */
  async open(): Promise<void> {
    const { epoch } = this;
    if (this.openIn === epoch) return;
    await Promise.all(this.all.map((session) => session.open()));
    if (new Set(this.all.map(({ server }) => server)).size === 1) {
      if (epoch === this.epoch) this.openIn = epoch; // else one was opened or lost meanwhile: to be looked at again
      return;
    }
    for (const session of this.all) session.reset(); // the primary that was is still there beside the one that is
    throw new AppendOutcomeUnknown('the sessions were on different servers');
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((session) => session.close()));
  }

  /** No flush is under way. */
  get atRest(): boolean {
    return this.idle.length === FLUSHING;
  }

  /**
   * A flush that begins after this call; covers whatever any process had committed before it, and was seen in that epoch. Of one who
   * says up to which `seq` he has seen the log, any flush will do that began after that was committed.
   */
  flushed(epoch = this.epoch, seq = 0): Promise<void> {
    if (epoch !== this.epoch) return Promise.reject(new AppendOutcomeUnknown('a connection was lost before the flush'));
    if (seq > 0 && seq <= this.onDisk) return Promise.resolve();
    return new Promise((done, lost) => {
      const asked = { epoch, seq, done, lost };
      const covering = seq > 0 ? [...this.underWay].find((flush) => flush.epoch === epoch && flush.seq >= seq) : undefined;
      if (covering) return void covering.covered.push(asked);
      this.unflushed.push(asked);
      const session = this.idle.pop();
      if (session) void this.flushUntilNoneWaits(session);
    });
  }

  /** A commit that waited for the disk told so of all up to `seq`. */
  isOnDisk(seq: number): void {
    this.onDisk = Math.max(this.onDisk, seq);
  }

  private get all(): readonly Connection[] {
    return [this.appending, ...this.flushing];
  }

  private async flushUntilNoneWaits(session: Connection): Promise<void> {
    while (this.unflushed.length > 0) {
      const covered = this.unflushed.splice(0);
      try {
        await this.open(); // all that were lost, so that `epoch` comes to rest
        await this.flush(session, covered);
        for (const { epoch, done, lost } of covered) {
          if (epoch === this.epoch) done();
          else lost(new AppendOutcomeUnknown('a connection was lost between the append and the flush'));
        }
      } catch (error) {
        for (const { lost } of covered) lost(new AppendOutcomeUnknown('the flush did not come back', { cause: error }));
      }
    }
    this.idle.push(session);
  }

  private async flush(session: Connection, covered: Unflushed[]): Promise<void> {
    const { epoch } = this;
    const flush: Flush = { epoch, covered, seq: covered.reduce((seq, asked) => (asked.epoch === epoch ? Math.max(seq, asked.seq) : seq), 0) };
    this.underWay.add(flush);
    const beganMs = performance.now();
    try {
      await session.query({ name: 'flush', text: `select pg_logical_emit_message(true, 'touchstone.flush', '')` });
    } finally {
      this.underWay.delete(flush);
    }
    this.flushMs = Math.min(performance.now() - beganMs, LONGER * this.flushMs);
    if (epoch === this.epoch) this.isOnDisk(flush.seq);
  }
}
