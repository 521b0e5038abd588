import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { FoldedEvent, SnapshotRead, SnapshotStore, StoredSnapshot } from '../stream-states.js';
import { GatheredCalls } from './gathered-calls.js';
import { withoutGap } from './read-all.js';

interface WantedState {
  readonly stream: string;
  readonly deciderHash: string;
}

/** An event, or none where nothing is later than the snapshot, or nothing there at all; with the first of a stream comes its snapshot. */
type Row = (FoldedEvent | { readonly version: null }) & {
  readonly place: number;
  /** Version of the snapshot. */
  readonly at: number | null;
  readonly event_id: string;
  readonly state: string | null;
  readonly checksum: string;
};

/**
 * Snapshot and later events in one round trip. A snapshot counts only while the event it was taken at stands in the log at that
 * version of the stream: after a restore, or where an append was lost, another one does, or none. The state comes once a stream.
 * Metadata stay where they are: no decider sees them, and they are longer than most bodies. As with `read-streams`, the arrays stand in subqueries for the sake of the plan.
 */
const READ_FROM = `
select w.place, s.at, s.event_id, case when e.version is null or e.version = s.at + 1 then s.state end as state, s.checksum, e.*
from unnest((select $1::text[]), (select $2::text[])) with ordinality as w (stream, hash, place)
left join lateral (
  select version as at, event_id, state, checksum from snapshot where snapshot.stream = w.stream and decider_hash = w.hash
    and event_id = (select known.id from event known where known.stream = snapshot.stream and known.version = snapshot.version) limit 1
) s on true
left join lateral (
  select id, version, type, body from event where event.stream = w.stream and event.version > coalesce(s.at, 0) order by version
) e on true`;

/** Snapshots in a table of the service's own database. */
export class SnapshotTable implements SnapshotStore {
  private readonly reads: GatheredCalls<WantedState, SnapshotRead>;

  constructor(private readonly pool: pg.Pool) {
    this.reads = new GatheredCalls((wanted) => this.read(wanted));
  }

  readFrom(stream: string, deciderHash: string): Promise<SnapshotRead> {
    return this.reads.ask({ stream, deciderHash });
  }

  async save(snapshot: StoredSnapshot): Promise<void> {
    const { stream, decider, deciderHash, version, eventId, state } = snapshot;
    await this.pool.query(
      `insert into snapshot (stream, decider, decider_hash, version, event_id, state, checksum) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (stream) do update set decider = excluded.decider, decider_hash = excluded.decider_hash, version = excluded.version,
          event_id = excluded.event_id, state = excluded.state, checksum = excluded.checksum`,
      [stream, decider, deciderHash, version, eventId, state, checksumOf(snapshot)],
    );
  }

  async forget(deciderHash: string): Promise<void> {
    await this.pool.query('delete from snapshot where decider_hash = $1', [deciderHash]);
  }

  private async read(wanted: readonly WantedState[]): Promise<(SnapshotRead | Error)[]> {
    const { rows } = await this.pool.query<Row>({
      name: 'read-from-snapshots', text: READ_FROM, values: [wanted.map(({ stream }) => stream), wanted.map(({ deciderHash }) => deciderHash)],
    });
    if (wanted.length === 1) return wanted.map((one) => read(one, rows));
    const byPlace = Map.groupBy(rows, ({ place }) => place);
    return wanted.map((one, index) => read(one, byPlace.get(index + 1) ?? []));
  }
}

function read({ stream, deciderHash }: WantedState, rows: readonly Row[]): SnapshotRead | Error {
  const [first] = rows;
  const found = first && first.at !== null && first.state !== null ? { stream, deciderHash, version: first.at, eventId: first.event_id, state: first.state } : undefined;
  const events = withoutGap({ stream, afterVersion: first?.at ?? 0 }, rows.filter((row) => row.version !== null));
  if (events instanceof Error) return events;
  return { events, ...(found && { snapshot: { ...found, damaged: checksumOf(found) !== first?.checksum } }) };
}

const checksumOf = ({ stream, deciderHash, version, eventId, state }: Omit<StoredSnapshot, 'decider'>): string =>
  createHash('sha256').update([stream, deciderHash, version, eventId, state].join('\n'), 'utf8').digest('hex');
