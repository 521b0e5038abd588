import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { StoredEvent } from '../store.js';
import type { SnapshotRead, SnapshotStore, StoredSnapshot } from '../stream-states.js';
import { GatheredCalls } from './gathered-calls.js';
import { withoutGap } from './read-all.js';

interface WantedState {
  readonly stream: string;
  readonly deciderHash: string;
}

/** A row is an event, or first of its stream, without a type, the snapshot: the state as body, the checksum as meta. */
type Row = Omit<StoredEvent, 'type'> & { readonly place: number; readonly type: string | null };

/**
 * Snapshot and later events in one round trip. A snapshot counts only while the event it was taken at stands in the log at that
 * version of the stream: after a restore, or where an append was lost, another one does, or none.
 */
const READ_FROM = `
with found as materialized (
  select w.place, w.stream, s.* from unnest($1::text[], $2::text[]) with ordinality as w (stream, hash, place)
  left join lateral (
    select version, event_id, state, checksum from snapshot where snapshot.stream = w.stream and decider_hash = w.hash
      and event_id = (select e.id from event e where e.stream = snapshot.stream and e.version = snapshot.version) limit 1
  ) s on true
)
select place, 0::bigint as seq, event_id as id, stream, version, null as type, state as body, checksum as meta from found where version is not null
union all
select f.place, e.* from found f cross join lateral (
  select seq, id, stream, version, type, body, meta from event where event.stream = f.stream and event.version > coalesce(f.version, 0) order by version
) e`;

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
    const byPlace = Map.groupBy(rows, ({ place }) => place);
    return wanted.map(({ stream, deciderHash }, index) => {
      const [snapshot, events] = split(byPlace.get(index + 1) ?? []);
      const found = snapshot && { stream, deciderHash, version: snapshot.version, eventId: snapshot.id, state: snapshot.body };
      const read = withoutGap({ stream, afterVersion: snapshot?.version ?? 0 }, events);
      if (read instanceof Error) return read;
      return { events: read, ...(found && { snapshot: { ...found, damaged: checksumOf(found) !== snapshot.meta } }) };
    });
  }
}

function split(rows: readonly Row[]): [snapshot: Row | undefined, events: StoredEvent[]] {
  const [first] = rows;
  const snapshot = first?.type === null ? first : undefined;
  return [snapshot, rows.slice(snapshot ? 1 : 0).map(({ place: _, type, ...event }) => ({ ...event, type: type ?? '' }))];
}

const checksumOf = ({ stream, deciderHash, version, eventId, state }: Omit<StoredSnapshot, 'decider'>): string =>
  createHash('sha256').update([stream, deciderHash, version, eventId, state].join('\n'), 'utf8').digest('hex');
