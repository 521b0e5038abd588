import type { Instant } from '@touchstone/kernel';
import { SimulatedClock } from '@touchstone/kernel';
import type { Platform } from './platform.js';

const PATIENCE_MS = 60_000;

/** Resolves when every relay, ingest, reaction and read model of all services stands at the head of its log. */
export async function settled({ services }: Pick<Platform, 'services'>): Promise<void> {
  const all = [...services.values()];
  const heads = () => Promise.all(all.map(({ runtime }) => runtime.options.store.head()));
  for (let before = await heads(); ; ) {
    const waits = all.flatMap(({ runtime, relay }, index) =>
      [...runtime.followers, ...(relay ? [relay] : [])].map(async (follower) => {
        if (!(await follower.reached(before[index] ?? 0, PATIENCE_MS))) {
          throw new Error(`${follower.name} stands at ${follower.position} of ${before[index] ?? 0}: ${follower.failure?.message ?? 'no error'}`);
        }
      }));
    await Promise.all(waits);
    const after = await heads();
    if (after.every((head, index) => head === before[index])) return;
    before = after;
  }
}

/**
 * Moves the simulated clock to `target`, stopping at every deadline on the way; each step only when everything has settled, so
 * that the same script gives the same history.
 */
export async function advance(platform: Platform, target: Instant): Promise<void> {
  const { clock } = platform;
  if (!(clock instanceof SimulatedClock)) throw new Error('only a simulated clock can be moved');
  const pollers = [...platform.services.values()].map(({ runtime }) => runtime.poller);
  for (;;) {
    await settled(platform);
    const due = (await Promise.all(pollers.map((poller) => poller.next()))).filter((each) => each !== undefined).toSorted()[0];
    const next = due !== undefined && due < target ? due : target;
    if (next > clock.now()) clock.moveTo(next);
    if (due === undefined || due > target) return;
    for (const poller of pollers) while ((await poller.fire()) > 0);
  }
}
