import { setTimeout as pause } from 'node:timers/promises';
import type { Clock, Instant } from '@touchstone/kernel';
import { SimulatedClock } from '@touchstone/kernel';
import type { Standing, TimedService } from '@touchstone/platform';

/** A platform whose time its host moves. */
export interface Timed {
  readonly clock: Clock;
  readonly timed: readonly TimedService[];
}

const PATIENCE_MS = 60_000;
/** Between two looks at what is still on its way. */
const LOOK_AGAIN_MS = 5;

/**
 * Resolves when nothing is left to do anywhere: every relay, reaction and read model of all services stands at the head of its
 * log, all that was published has been taken in by those who listen, and none of these heads has moved meanwhile.
 */
export async function settled({ timed }: Pick<Timed, 'timed'>): Promise<void> {
  if (timed.length === 0) throw new Error('no service here has a simulated time');
  const until = Date.now() + PATIENCE_MS;
  for (let before = await standings(timed); ; ) {
    const after = await standings(timed);
    const late = lanesBehind(timed, after);
    if (late.length === 0 && after.every(({ head }, index) => head === before[index]?.head)) return;
    if (late.length > 0 && Date.now() > until) throw new Error(`not taken in within ${PATIENCE_MS / 1_000} s: ${late.join(', ')}`);
    if (late.length > 0) await pause(LOOK_AGAIN_MS);
    before = after;
  }
}

const standings = (timed: readonly TimedService[]): Promise<Standing[]> => Promise.all(timed.map((service) => service.standing()));

/**
 * Lanes that a listener has not read to where their producer has published. A listener says how far he is before he says where
 * his log stands, a producer how far he has published after it; so when no head moves from one look to the next, nothing is on its way.
 */
function lanesBehind(timed: readonly TimedService[], standing: readonly Standing[]): string[] {
  const published = new Map(timed.map(({ name }, index) => [name, Object.entries(standing[index]?.published ?? {})]));
  return timed.flatMap(({ name, hears }, index) => hears.flatMap((producer) =>
    (published.get(producer) ?? []).filter(([lane, end]) => (standing[index]?.taken[lane] ?? 0) < end).map(([lane, end]) => `${name}: ${lane} at ${standing[index]?.taken[lane] ?? 0} of ${end}`)));
}

/**
 * Moves the simulated clock to `target`, stopping at every deadline on the way; each step only when everything has settled, so
 * that the same script gives the same history.
 */
export async function advance({ clock, timed }: Timed, target: Instant): Promise<void> {
  if (!(clock instanceof SimulatedClock)) throw new Error('only a simulated clock can be moved');
  for (;;) {
    await settled({ timed });
    const open = await Promise.all(timed.map(async (service) => ({ service, due: await service.nextDeadline() })));
    const due = open.flatMap((each) => each.due ?? []).toSorted()[0];
    const next = due !== undefined && due < target ? due : target;
    if (next > clock.now()) {
      clock.moveTo(next);
      await Promise.all(timed.map((service) => service.moveTo(next)));
    }
    if (due === undefined || due > target) return;
    for (const each of open) {
      if (each.due !== undefined && each.due <= clock.now()) while ((await each.service.fire()) > 0);
    }
  }
}
