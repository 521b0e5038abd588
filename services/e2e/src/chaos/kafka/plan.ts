import { Random } from '@touchstone/infra';
import type { Cut } from '../door.js';
import { shuffled } from '../shuffled.js';
import type { PlantedBug } from './messages.js';
import { plantedBugs } from './messages.js';
import type { KillPoint } from './steps.js';
import { ingestSteps, momentsOf, relaySteps, replaySteps } from './steps.js';

export const kafkaFaults = [
  'broker-killed', 'broker-frozen', 'leader-lost', 'cut', 'killed', 'two-relays', 'rebalanced', 'mangled', 'poisoned', 'replayed', 'topic-deleted', 'planted',
] as const;
export type KafkaFault = (typeof kafkaFaults)[number];

export interface RequestCut {
  readonly request: string;
  readonly cut: Cut;
  readonly nth: number;
}

/** What will be done, from the seed alone. When exactly each point is reached is up to the machine. */
export interface KafkaPlan {
  readonly seed: number;
  readonly faults: readonly KafkaFault[];
  /** Of a process of pressing, in its relay; and of one of inspecting, in its ingest: each pair in the same round. */
  readonly relayKills: readonly KillPoint[];
  readonly ingestKills: readonly KillPoint[];
  /** Of one of inspecting, while it replays or discards what is parked. */
  readonly replayKills: readonly KillPoint[];
  readonly cuts: readonly RequestCut[];
  readonly brokerKills: number;
  readonly leadersLost: number;
  readonly fights: number;
  readonly storms: number;
  readonly bugs: readonly PlantedBug[];
  /** Of how many milliseconds each. */
  readonly freezesMs: readonly number[];
}

/** Steps that come seldom: the first is as good as any. */
const SELDOM = new Set<string>(['acquire', 'assigned', 'park', 'mark', 'commit', ...replaySteps]);
const MOST_TIMES = 5;

export function kafkaPlanOf({ seed, rounds = Infinity, only }: { seed: number; rounds?: number; only?: KafkaFault }): KafkaPlan {
  const random = new Random(seed);
  const pointsOf = (steps: readonly KillPoint['step'][]): KillPoint[] =>
    shuffled(steps.flatMap((step) => momentsOf(step).map((moment) => ({ step, moment, nth: SELDOM.has(step) ? 1 : 1 + random.below(MOST_TIMES) }))), random);
  const [relayKills, ingestKills] = [pointsOf(relaySteps), pointsOf(ingestSteps)];
  const cuts = shuffled([
    ...(['before-request', 'after-request', 'before-answer', 'mid-answer'] as const).map((cut) => ({ request: 'produce', cut, nth: 1 + random.below(MOST_TIMES) })),
    ...(['after-request', 'mid-answer'] as const).map((cut) => ({ request: 'fetch', cut, nth: 1 + random.below(MOST_TIMES) })),
    ...(['heartbeat', 'metadata', 'commit'] as const).map((request) => ({ request, cut: 'after-request' as const, nth: 1 })),
  ], random);
  const replayKills = pointsOf(replaySteps); // last: the plans of seeds stay as they were
  return {
    seed, faults: kafkaFaults.filter((fault) => only === undefined || fault === only), relayKills: relayKills.slice(0, rounds), ingestKills: ingestKills.slice(0, rounds), replayKills: replayKills.slice(0, rounds),
    cuts: cuts.slice(0, rounds), brokerKills: Math.min(2, rounds), leadersLost: Math.min(2, rounds), fights: Math.min(8, rounds), storms: Math.min(6, rounds), bugs: plantedBugs, freezesMs: [2_000, 9_500].slice(0, rounds),
  };
}

/** The plan, a line a point: the same for the same seed. */
export function kafkaPlanAsText({ seed, faults, relayKills, ingestKills, replayKills, cuts, freezesMs }: KafkaPlan): string {
  const lines = [`seed ${seed}: ${faults.join(', ')}`];
  if (faults.includes('broker-frozen')) lines.push(...freezesMs.map((forMs) => `broker frozen for ${forMs} ms`));
  if (faults.includes('cut')) lines.push(...cuts.map(({ request, cut, nth }) => `cut: ${cut} of ${request} ${nth}`));
  if (faults.includes('killed')) {
    for (const [who, points] of [['pressing', relayKills], ['inspecting', ingestKills]] as const) lines.push(...points.map(({ step, moment, nth }) => `kill ${who}: ${moment} ${step} ${nth}`));
  }
  if (faults.includes('replayed')) lines.push(...replayKills.map(({ step, moment }) => `kill inspecting, replaying: ${moment} ${step}`));
  return `${lines.join('\n')}\n`;
}
