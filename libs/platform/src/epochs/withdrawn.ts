import type { EventsWithdrawn } from '@touchstone/contracts/platform';
import type { PostgresStore } from '@touchstone/event-store';
import { metaOf } from '@touchstone/event-store';
import type { WithdrawnEvent } from './commands.js';

/** An event of this log, as far as people need it to find it. */
export interface Found {
  readonly eventId: string;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
}

/** An event that its service told and lost, as this service knows it. */
export interface Withdrawn extends WithdrawnEvent {
  readonly service: string;
  /** The log in which it no longer is. */
  readonly logId: string;
  /** Where it stands in this log: as it was taken in, or as evidence in that of its own service; missing where it was never told. */
  readonly here?: { readonly stream: string; readonly version: number };
  /** Who had it recorded; missing where the event is not here. */
  readonly actor?: string;
  readonly commandId?: string;
  readonly occurredAt?: string;
  /** In its own service: whether the same command was given again, and decided anew. */
  readonly enteredAgain?: boolean;
  /** What is recorded here because of it. It stands until a person changes it. */
  readonly consequences: readonly Found[];
}

/** Of the pages of this log that list withdrawn events, the next after `after` (a seq). */
export async function withdrawnAfter(store: PostgresStore, producers: readonly string[], after: number): Promise<{ items: Withdrawn[]; next?: string }> {
  const prefixes = ['', ...producers.map((producer) => `${producer}/`)];
  const { rows: [page] } = await store.pool.query<{ seq: number; stream: string; body: string }>(
    `select e.seq, e.stream, e.body from unnest($1::text[]) p (prefix) join event e on e.stream >= p.prefix || 'epoch-' and e.stream < p.prefix || 'epoch.'
     where e.type = 'platform.EventsWithdrawn.v1' and e.seq > $2 order by e.seq limit 1`,
    [prefixes, after],
  );
  if (!page) return { items: [] };
  const { service, logId, events } = JSON.parse(page.body) as EventsWithdrawn['data'];
  const items = await known(store, events, !page.stream.includes('/'));
  return { items: items.map((item) => ({ service, logId, ...item })), next: String(page.seq) };
}

async function known(store: PostgresStore, events: readonly WithdrawnEvent[], ours: boolean): Promise<Omit<Withdrawn, 'service' | 'logId'>[]> {
  const ids = events.map(({ eventId }) => eventId);
  const here = await store.pool.query<{ id: string; stream: string; version: number; meta: string }>('select id, stream, version, meta from event where id = any($1)', [ids]);
  // What an event caused has another correlation, or came from another service: the indices hold no others.
  const caused = await store.pool.query<Found & { cause: string }>(
    `select causation_id as cause, id as "eventId", stream, version, type from event
     where causation_id = any($1) and (causation_id <> correlation_id or topic is not null) order by seq limit 2000`, [ids],
  );
  const byId = new Map(here.rows.map((row) => [row.id, row]));
  const commandIds = here.rows.map((row) => metaOf(row).commandId);
  const again = ours ? await store.pool.query<{ id: string }>('select id from command where id = any($1)', [commandIds]) : undefined;
  const given = new Set(again?.rows.map(({ id }) => id));
  return events.map((event) => {
    const row = byId.get(event.eventId);
    const meta = row && metaOf(row);
    return {
      ...event,
      ...(row && { here: { stream: row.stream, version: row.version } }),
      ...(meta && { actor: meta.actor, commandId: meta.commandId, occurredAt: meta.occurredAt }),
      ...(ours && meta && { enteredAgain: given.has(meta.commandId) }),
      consequences: caused.rows.filter(({ cause }) => cause === event.eventId).map(({ cause: _, ...found }) => found),
    };
  });
}
