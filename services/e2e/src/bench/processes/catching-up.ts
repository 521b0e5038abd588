import { openPostgresStore } from '@touchstone/event-store';
import { kafkajsPort } from '@touchstone/messaging/kafka';
import type { CaughtUp, Point } from '../kafka/catch-up.js';
import { openReceiving } from '../kafka/receiving.js';
import { once } from '../measure.js';
import { ourKeys } from '../our-commands.js';
import { answering } from './answering.js';

const LOOK_EVERY_MS = 250;

/** A consumer that is new to a topic, in a process of its own. */
answering({
  catchUp: async ({ url, brokers, prefix, events }: { url: string; brokers: readonly string[]; prefix: string; events: number }): Promise<CaughtUp> => {
    const store = await openPostgresStore({ url });
    const receiving = await openReceiving({ store, keys: ourKeys(store), url, port: kafkajsPort({ brokers, clientId: 'bench-catching-up' }), prefix });
    const curve: Point[] = [];
    const look = () => void curve.push({ events: receiving.counting.model.follower.position, rssMiB: process.memoryUsage.rss() / 2 ** 20 });
    const looking = setInterval(look, LOOK_EVERY_MS);
    try {
      const sample = await once(() => {
        receiving.listen();
        return receiving.counting.counted(events);
      });
      look();
      return { ...sample, memoryMiB: Math.max(...curve.map(({ rssMiB }) => rssMiB)), serviceCpuMs: Object.values(process.cpuUsage()).reduce((sum, us) => sum + us / 1_000, 0), curve };
    } finally {
      clearInterval(looking);
      await receiving.close();
      await store.close();
    }
  },
});
