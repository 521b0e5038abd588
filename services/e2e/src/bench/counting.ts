import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PostgresStore, SubjectKeys } from '@touchstone/event-store';
import { LogFeed, noUpcasting, projection, ReadModel } from '@touchstone/event-store';
import type { Contender } from './measure.js';
import { once } from './measure.js';
import { GAUGE_READ } from './sample-event.js';

const PATIENCE_MS = 600_000;

@Entity('event_count')
class EventCount {
  @PrimaryColumn('text') type!: string;
  @Column('int') events!: number;
}

/** How many events of each type there are. */
const counts = projection({
  name: 'bench-counts', version: 1, tables: [EventCount], on: [GAUGE_READ],
  apply: async (events, rows) => {
    const table = rows(EventCount);
    const types = [...new Set(events.map(({ type }) => type))];
    await table.load(types.map((type) => ({ type })));
    for (const { type } of events) table.put({ type, events: (table.get({ type })?.events ?? 0) + 1 });
  },
});

export interface CountingModel {
  /** Begins to follow; resolves when it has counted so many events, and throws when the count is another one. */
  counted(events: number): Promise<number>;
  readonly model: ReadModel;
  drop(): Promise<void>;
}

/** The read model as services run it: rows and checkpoint in one transaction a page. Its schema is there when this resolves. */
export async function openCounting(store: PostgresStore, keys: SubjectKeys, url: string, schema: string): Promise<CountingModel> {
  const feed = new LogFeed(store, keys, noUpcasting);
  const model = new ReadModel(counts, { pool: store.pool, url, feed }, schema);
  await model.open();
  return {
    model,
    counted: async (events) => {
      model.follower.pauseAt = events;
      model.follower.start();
      if (!(await model.follower.reached(events, PATIENCE_MS))) throw new Error(`the read model stands still: ${model.follower.failure?.message ?? 'no error'}`);
      const found = await model.manager.findOneByOrFail(EventCount, { type: GAUGE_READ });
      if (found.events !== events) throw new Error(`${found.events} of ${events} events were counted`);
      return events;
    },
    drop: async () => {
      feed.close();
      await model.drop();
    },
  };
}

/** From zero; its schema is made before the clock starts. */
export function countingReadModel(store: PostgresStore, keys: SubjectKeys, url: string, events: number): Contender {
  let runs = 0;
  return {
    name: 'this store, a counting read model from zero, with its checkpoint',
    run: async () => {
      const counting = await openCounting(store, keys, url, `bench_counts_${(runs += 1)}`);
      try {
        return await once(() => counting.counted(events));
      } finally {
        await counting.drop();
      }
    },
  };
}
