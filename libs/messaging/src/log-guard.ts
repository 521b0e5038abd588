import type { LogEpoch, LogGate, PostgresStore, StoredEvent } from '@touchstone/event-store';
import { currentEpoch, LogRestored, readLineage, sharedUntil, unknownIds } from '@touchstone/event-store';
import type { HeldEvent, Holder } from './transport.js';

export interface LogGuardOptions {
  readonly store: PostgresStore;
  readonly gate: LogGate;
  /** The service's own topic, and who holds what was published on it. */
  readonly topic: string;
  readonly holders: () => readonly Holder[];
  /** Why the epoch that the log is in has not been finished, if so: it was started, and others were not told all of it yet. */
  readonly unfinished?: (epoch: LogEpoch) => Promise<string | undefined>;
  /** Told once for each reason. */
  readonly onClosed?: (why: string) => void;
}

const PAGE = 500;

/**
 * Shows that the log still has what others were told of it. Asked at each start, and again whenever a connection was lost, since
 * a database may come back as another one. An ordinary crash passes: the relay tells nobody what is not on disk. What fails is a
 * log that was put back to a backup: then the gate closes, with the reason.
 */
export class LogGuard {
  /** The last event that others were told by this process. */
  private told?: { readonly seq: number; readonly id: string };
  /** Why the log is not judged now: an epoch is being started. */
  private suspended?: string;
  /** Whether holders behind a broker were asked since it was last in doubt, and what they said. */
  private remotely: 'not asked' | 'whole' | 'lost' = 'not asked';
  private reported?: string;

  constructor(private readonly options: LogGuardOptions) {
    options.gate.provenBy(() => this.prove());
    options.store.onConnectionLost(() => {
      if (this.remotely === 'whole') this.remotely = 'not asked';
      if (this.suspended === undefined) options.gate.doubt();
    });
  }

  /** For the relay, at each start: resolves when the log is whole by what this process knows and by what everybody holds. */
  async proven(): Promise<void> {
    const { gate } = this.options;
    await gate.proven(); // also where it was found wanting: it may have been mended
    const asked = this.remotely === 'not asked';
    const lost = gate.isOpen ? await this.lostTo(this.options.holders().filter(({ remote }) => asked || !remote)) : gate.closedBecause;
    if (asked && gate.isOpen) this.remotely = lost === undefined ? 'whole' : 'lost';
    if (lost !== undefined) this.close(lost);
    if (!gate.isOpen) throw new LogRestored(lost ?? 'the connection was lost while the log was examined');
  }

  /** The relay says: others have this, so the log must have it for ever. */
  onTold({ seq, id }: StoredEvent): void {
    this.told = { seq, id };
  }

  /** Keeps the gate closed while `job` runs, whatever becomes of connections; what was known before counts no more afterwards. */
  async closedWhile<T>(why: string, job: () => Promise<T>): Promise<T> {
    const { gate } = this.options;
    this.suspended = why;
    gate.close(why);
    try {
      await gate.drained();
      return await job();
    } finally {
      this.suspended = undefined;
      this.told = undefined;
      this.remotely = 'not asked';
      gate.doubt();
    }
  }

  /** The highest epoch of this log that anybody knows. */
  async highestEpoch(): Promise<number> {
    const held = await Promise.all(this.options.holders().map((holder) => holder.newest(this.options.topic)));
    return Math.max(currentEpoch(await readLineage(this.options.store.pool)).epoch, ...held.flat().map(({ epoch }) => epoch));
  }

  /** What others were told and this log does not have, in pages. An event may come more than once, from one holder each. */
  async *lost(): AsyncGenerator<{ readonly holder: string; readonly events: readonly HeldEvent[] }> {
    const { store: { pool }, topic } = this.options;
    const lineage = await readLineage(pool);
    for (const holder of this.options.holders()) {
      for (const { epoch, seq, id } of await holder.newest(topic)) {
        const until = Math.min(sharedUntil(lineage, epoch) ?? 0, currentEpoch(lineage).forkSeq);
        // The log may have grown again before anybody noticed: then what was lost lies before the fork, and all is compared.
        let after = seq > until || (await unknownIds(pool, [id])).size === 0 ? until : 0;
        for (let page = await holder.beyond(topic, epoch, after, PAGE); page.length > 0; page = await holder.beyond(topic, epoch, after, PAGE)) {
          const unknown = await unknownIds(pool, page.map(({ id }) => id));
          const events = page.filter(({ id }) => unknown.has(id));
          if (events.length > 0) yield { holder: holder.name, events };
          after = page.at(-1)?.seq ?? Infinity;
        }
      }
    }
  }

  private async prove(): Promise<void> {
    const { gate, store } = this.options;
    const why = this.suspended ?? (await this.whyNot());
    if (why !== undefined) return this.close(why);
    if (currentEpoch(await readLineage(store.pool)).logId !== store.logId) {
      await gate.drained(); // another process of the service started an epoch: nothing may be named after the one before
      await store.adoptEpoch();
    }
    gate.open();
  }

  private close(why: string): void {
    const { gate, onClosed } = this.options;
    gate.close(why);
    if (why === this.reported || why === this.suspended) return;
    this.reported = why;
    onClosed?.(why);
  }

  private async whyNot(): Promise<string | undefined> {
    const { store, unfinished } = this.options;
    const lineage = await readLineage(store.pool);
    const current = currentEpoch(lineage);
    const knew = currentEpoch(store.lineage);
    if (!lineage.some(({ logId }) => logId === knew.logId)) return `the database has the log ${current.logId}, and this service wrote to ${knew.logId}`;
    const open = await unfinished?.(current);
    if (open !== undefined) return open;
    if (this.told) {
      const [known] = await store.readAll(this.told.seq - 1, 1);
      return known?.id === this.told.id ? undefined : `others were told event ${this.told.id} (${knew.logId}@${this.told.seq}), which the log, at ${current.logId}@${await store.head()}, does not have`;
    }
    // Who is behind a broker is asked here only when he has once said that something is lost: commands are taken also while it is away.
    return this.lostTo(this.options.holders().filter(({ remote }) => !remote || this.remotely === 'lost'));
  }

  private async lostTo(holders: readonly Holder[]): Promise<string | undefined> {
    const { store, topic } = this.options;
    const current = currentEpoch(await readLineage(store.pool));
    for (const holder of holders) {
      const newest = await holder.newest(topic);
      const beyond = newest.find(({ epoch }) => epoch > current.epoch);
      if (beyond) return `${holder.name} knows epoch ${beyond.epoch} of the log, which is in epoch ${current.epoch}`;
      const unknown = await unknownIds(store.pool, newest.map(({ id }) => id));
      const lost = newest.find(({ id }) => unknown.has(id));
      if (lost) return `${holder.name} was told event ${lost.id} (epoch ${lost.epoch}, ${lost.seq}), which the log, at ${current.logId}@${await store.head()}, does not have`;
    }
    return undefined;
  }
}

