import type pg from 'pg';
import type { HeldEvent, Holder } from './transport.js';
import { laneOf, producerOf } from './transport.js';

interface Row {
  readonly seq: number;
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  readonly value: string;
  readonly meta: string;
}

/** Parked under its own id; what was replayed has its place here only. A parked message still has its headers, and is of the epoch that its source names. */
const PARKED = (consumer: string, epoch: string) => `consumer = ${consumer} and event_id::text = event::json->'headers'->>'ce_id'
  and event::json->'headers'->>'ce_source' ~ ('[^0-9]' || ${epoch}::text || '$')`;

/** Taken in, or parked: both were told. */
const HELD = `select * from (
    (select topic_offset as seq, stream, id::text, type, body as value, meta from event where topic = $1 and topic_offset > $2 order by topic_offset limit $3)
    union all
    (select position, $4::text || '/' || stream, event_id::text, event::json->'headers'->>'ce_type', event::json->>'value', event::json->'headers'->>'touchstone_meta'
     from parked where position > $2 and ${PARKED('$5', '$6')} order by position limit $3)
  ) held order by seq limit $3`;

/** The lanes of a topic that this log has noted a place in, by skipping through the index; and the epochs of what is parked. */
const EPOCHS = `with recursive lane as (
    (select topic from event where topic >= $1 order by topic limit 1)
    union all
    select (select e.topic from event e where e.topic > lane.topic order by e.topic limit 1) from lane where lane.topic is not null
  )
  select coalesce(nullif(split_part(topic, '@', 2), ''), '1')::int as epoch from lane where topic = $1 or (topic like $1::text || '@%' and split_part(topic, '@', 2) ~ '^[0-9]+$')
  union select substring(event::json->'headers'->>'ce_source' from '[^0-9]([0-9]+)$')::int from parked where consumer = $2 order by epoch`;

/** What a service was told, from its own log and what it has parked. */
export class LogHolder implements Holder {
  constructor(readonly name: string, private readonly pool: pg.Pool) {}

  async newest(topic: string): Promise<readonly HeldEvent[]> {
    const { rows } = await this.pool.query<{ epoch: number | null }>(EPOCHS, [topic, consumerOf(topic)]);
    const newest = await Promise.all(rows.map(async ({ epoch }) => {
      if (epoch === null) return [];
      const { rows: [last] } = await this.pool.query<{ seq: number }>(
        `select greatest((select max(topic_offset) from event where topic = $1),
           (select max(position) from parked where ${PARKED('$2', '$3')})) as seq`,
        [laneOf(topic, epoch), consumerOf(topic), String(epoch)],
      );
      return this.beyond(topic, epoch, (last?.seq ?? 0) - 1, 1);
    }));
    return newest.flat();
  }

  async beyond(topic: string, epoch: number, seq: number, limit: number): Promise<readonly HeldEvent[]> {
    const producer = producerOf(topic);
    const { rows } = await this.pool.query<Row>(HELD, [laneOf(topic, epoch), seq, limit, producer, consumerOf(topic), String(epoch)]);
    return rows.map(({ stream, ...row }) => ({ epoch, key: stream.slice(producer.length + 1), ...row }));
  }
}

/** Under this name is parked what ingest could not take from a topic. */
export const consumerOf = (topic: string): string => `ingest:${topic}`;
