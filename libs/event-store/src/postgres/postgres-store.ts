import type pg from 'pg';
import type { Uuid } from '@touchstone/kernel';
import { allCapabilities } from '../capabilities.js';
import type { Lineage } from '../epoch/lineage.js';
import { currentEpoch, LogEpochChanged } from '../epoch/lineage.js';
import type { EventStore, ForeignEvent, StoredEvent } from '../store.js';
import { Turnstile } from './append.js';
import type { PostgresOptions } from './connect.js';
import { openPool } from './connect.js';
import { Sessions } from './sessions.js';
import type { SnapshotStore } from '../stream-states.js';
import { readLineage } from './log-epochs.js';
import { findCausedBy, findClaim, findCommand, findEvent, head, readAll, StreamReads, takenFrom } from './read-all.js';
import { SnapshotTable } from './snapshot-table.js';

export interface PostgresStore extends EventStore {
  /** For what lives beside the log in the same database: checkpoints, read models, keys, parking. */
  readonly pool: pg.Pool;
  readonly snapshots: SnapshotStore;
  /** What the event led to in this log. */
  causedBy(eventId: Uuid): Promise<readonly StoredEvent[]>;
  /** Goes on in the epoch of the log that the database is in by now. Only while nobody writes: events are named after it. */
  adoptEpoch(): Promise<void>;
  /**
   * Appends foreign events when nothing is in their way: none is in the log, none of them was parked by `consumer`, and nothing waits there on
   * the stream of one. False, and nothing written, when something is.
   */
  ingestNew(events: readonly ForeignEvent[], consumer: string): Promise<boolean>;
}

/** Opens a log whose schema is in place (see `migrate`). Throws when the database has none, or is not UTF-8. */
export async function openPostgresStore(options: PostgresOptions): Promise<PostgresStore> {
  const pool = openPool(options);
  const { rows } = await pool.query<{ encoding: string }>(`select current_setting('server_encoding') as encoding`);
  const encoding = rows[0]?.encoding;
  if (encoding !== 'UTF8') throw new Error(`the database is ${encoding}: a log needs UTF8`);
  let lineage: Lineage = await readLineage(pool);
  if (lineage.length === 0) throw new Error('the database has no log yet: run the migrations as its owner first');
  let ofDatabase = lineage;
  const sessions = new Sessions(options, async (client) => {
    ofDatabase = await readLineage(client);
  });
  const turnstile = new Turnstile(sessions);
  const streams = new StreamReads(pool);
  pool.on('error', () => sessions.changed()); // a process that only reads has no other connection to notice it on
  await sessions.open();
  return {
    get logId() { return currentEpoch(lineage).logId; },
    get lineage() { return lineage; },
    adoptEpoch: async () => { lineage = ofDatabase = await readLineage(pool); },
    capabilities: allCapabilities,
    pool,
    get epoch() { return sessions.epoch; },
    snapshots: new SnapshotTable(pool),
    append: (append) => {
      const [knew, is] = [currentEpoch(lineage).logId, currentEpoch(ofDatabase).logId];
      return knew === is ? turnstile.append(append) : Promise.reject(new LogEpochChanged(knew, is)); // its events are named after the log
    },
    ingest: (events) => (events.length === 0 ? Promise.resolve([]) : turnstile.ingest(events)),
    ingestNew: async (events, consumer) => events.length === 0 || turnstile.ingestNew(events, consumer),
    durable: (epoch, seq) => sessions.flushed(epoch, seq),
    onAppend: (listener) => turnstile.onAppend(listener),
    onConnectionLost: (listener) => sessions.onChange(listener),
    command: (id) => findCommand(pool, id),
    claimed: (names) => (names.length === 0 ? Promise.resolve(undefined) : findClaim(pool, names)),
    event: (id) => findEvent(pool, id),
    causedBy: (eventId) => findCausedBy(pool, eventId),
    readStream: (stream, afterVersion = 0) => streams.read(stream, afterVersion),
    readAll: (seq, limit) => readAll(pool, seq, limit),
    head: () => head(pool),
    takenFrom: (topic) => takenFrom(pool, topic),
    close: async () => {
      await sessions.close();
      await pool.end();
    },
  };
}
