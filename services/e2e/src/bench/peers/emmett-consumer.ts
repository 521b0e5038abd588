import { dumbo, SQL } from '@event-driven-io/dumbo';
import { postgreSQLEventStoreConsumer, postgreSQLRawSQLProjection } from '@event-driven-io/emmett-postgresql';
import type { Contender } from '../measure.js';
import { once } from '../measure.js';
import { GAUGE_READ } from '../sample-event.js';
import { newReading, openEmmett } from './emmett.js';

const APPENDED_AT_ONCE = 100;

/** A log of Emmett's own, with as many events to a stream as ours has. */
export async function fillEmmett(ownerUrl: string, events: number): Promise<void> {
  const { store, close } = openEmmett(ownerUrl, 10);
  for (let done = 0; done < events; done += APPENDED_AT_ONCE) {
    const count = Math.min(APPENDED_AT_ONCE, events - done);
    await store.appendToStream(`gauge-filled-${done}`, Array.from({ length: count }, (_, index) => newReading(index)));
  }
  await close();
}

/** As tuned: all that it is given here in one batch, after which it would wait 100 ms. It stores a checkpoint after each message. */
const TUNED = { batchSize: 10_000, pullingFrequencyInMs: 0 };

let runs = 0;

/** Its consumer with a reactor that counts in memory: the least it can do for each message. */
export function emmettReactor(ownerUrl: string, events: number): Contender {
  return {
    name: 'Emmett, consumer with a reactor that counts in memory, with its checkpoint',
    run: () => consumed(ownerUrl, events, (consumer, stopAfter) => void consumer.reactor({ processorId: `bench-reactor-${(runs += 1)}`, stopAfter, eachMessage: () => undefined })),
  };
}

/** Its consumer with a projection that counts in a table, as our read model does. */
export function emmettProjector(ownerUrl: string, events: number): Contender {
  return {
    name: 'Emmett, consumer with an SQL projection that counts, with its checkpoint',
    run: () => consumed(ownerUrl, events, (consumer, stopAfter) => void consumer.projector({
      processorId: `bench-projector-${(runs += 1)}`, stopAfter,
      projection: postgreSQLRawSQLProjection({
        name: `bench-count-${runs}`, canHandle: [GAUGE_READ], init: () => SQL`create table if not exists emmett_count (type text primary key, events bigint not null)`,
        evolve: () => SQL`insert into emmett_count values (${GAUGE_READ}, 1) on conflict (type) do update set events = emmett_count.events + 1`,
      }),
    })),
  };
}

type Consumer = ReturnType<typeof postgreSQLEventStoreConsumer>;

async function consumed(ownerUrl: string, events: number, process: (consumer: Consumer, stopAfter: () => boolean) => void) {
  const pool = dumbo({ connectionString: ownerUrl });
  const consumer = postgreSQLEventStoreConsumer({ connectionString: ownerUrl, pool, pulling: TUNED });
  let seen = 0;
  process(consumer, () => (seen += 1) === events);
  try {
    return await once(async () => {
      await consumer.start();
      return seen;
    });
  } finally {
    await consumer.close();
  }
}
