import { Random } from '@touchstone/infra';
import type { Cut } from '../door.js';
import { cuts } from '../door.js';
import { shuffled } from '../shuffled.js';
import type { KillPoint } from './messages.js';
import { victims } from './messages.js';
import type { Moment, Statement, Step } from './steps.js';
import { statements } from './steps.js';

export const faults = [
  'kill', 'four-writers', 'unflushed-reads', 'cut', 'stall', 'slow', 'open-transaction', 'disk-full', 'clock-back', 'pool-exhausted', 'frozen', 'planted',
] as const;
export type Fault = (typeof faults)[number];

export interface CutPoint {
  readonly statement: Statement;
  readonly cut: Cut;
  readonly nth: number;
}

/** What will be done, from the seed alone. When exactly each point is reached is up to the machine. */
export interface Plan {
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly kills: readonly KillPoint[];
  readonly cuts: readonly CutPoint[];
  readonly stalls: readonly CutPoint[];
}

/** Between two steps of append, read or project; of all of them, in the order in which they are listed. */
export const betweenSteps: readonly { step: Step; moment: Moment }[] = [
  ...statements.flatMap((step) => (['before', 'sent', 'after'] as const).map((moment) => ({ step, moment }))),
  ...(['tell', 'keep-checkpoint'] as const).flatMap((step) => (['before', 'after'] as const).map((moment) => ({ step, moment }))),
];
/** Places between two steps, each with whom it kills: so many points cover all of them. */
export const PLACES = betweenSteps.length * victims.length;
const DELAYS_MICROSECONDS = [0, 150, 600, 2_000];
/** Steps that come seldom: the first is as good as any. */
const SELDOM: ReadonlySet<Step> = new Set<Step>(['connect', 'open-log', 'take-turn', 'ingest', 'read-key', 'find-command', 'write-key', 'ask-rows', 'note-sent', 'write-checkpoint', 'read-deadlines', 'find-position']);

export function planOf({ seed, points, only }: { seed: number; points: number; only?: Fault }): Plan {
  const random = new Random(seed);
  const places = betweenSteps.flatMap((place) => victims.map((victim) => ({ ...place, victim })));
  const kills: KillPoint[] = [];
  while (kills.length < points) {
    kills.push(...shuffled(places, random).slice(0, points - kills.length).map(({ step, moment, victim }) => ({
      step, moment, victim, nth: SELDOM.has(step) ? 1 : 1 + random.below(6), delayMicroseconds: moment === 'sent' ? random.pick(DELAYS_MICROSECONDS) : 0,
    })));
  }
  const cutPoints = (of: readonly Statement[], where: readonly Cut[]) => shuffled(of.flatMap((statement) => where.map((cut) => ({ statement, cut, nth: 1 + random.below(5) }))), random);
  return {
    seed, faults: faults.filter((fault) => only === undefined || fault === only), kills,
    cuts: cutPoints(['append', 'flush', 'read-stream', 'read-all', 'write-rows', 'write-checkpoint'], cuts),
    stalls: cutPoints(['append', 'flush', 'write-rows', 'read-all'], ['after-request', 'before-answer']),
  };
}

/** Points of the whole plan, for whoever wants to know how long it takes. */
export function pointsOf({ faults: chosen, kills, cuts: lineCuts, stalls }: Plan): number {
  const points: Readonly<Record<Fault, number>> = {
    kill: kills.length, 'four-writers': 12, 'unflushed-reads': 13, cut: lineCuts.length, stall: stalls.length, slow: 2, 'open-transaction': 2, 'disk-full': 2,
    'clock-back': 4, 'pool-exhausted': 2, frozen: 2, planted: 6,
  };
  return chosen.reduce((sum, fault) => sum + points[fault], 0);
}
