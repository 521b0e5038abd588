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

/** The read model as services run it: rows and checkpoint in one transaction a page. Its schema is made before the clock starts. */
export function countingReadModel(store: PostgresStore, keys: SubjectKeys, url: string, events: number): Contender {
  let runs = 0;
  return {
    name: 'this store, a counting read model from zero, with its checkpoint',
    run: async () => {
      const feed = new LogFeed(store, keys, noUpcasting);
      const model = new ReadModel(counts, { pool: store.pool, url, feed }, `bench_counts_${(runs += 1)}`);
      try {
        await model.open();
        const sample = await once(async () => {
          model.follower.pauseAt = events;
          model.follower.start();
          if (!(await model.follower.reached(events, PATIENCE_MS))) throw new Error(`the read model stands still: ${model.follower.failure?.message ?? 'no error'}`);
          return events;
        });
        const counted = await model.manager.findOneByOrFail(EventCount, { type: GAUGE_READ });
        if (counted.events !== events) throw new Error(`${counted.events} of ${events} events were counted`);
        return sample;
      } finally {
        feed.close();
        await model.drop();
      }
    },
  };
}
