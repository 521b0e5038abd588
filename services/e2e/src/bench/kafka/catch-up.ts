import type { Contest, Row, Sample } from '../measure.js';
import { startChild } from '../processes/child.js';
import { atMost } from '../targets.js';
import type { KafkaGrounds } from './grounds.js';
import { newPrefix } from './grounds.js';
import { publish } from './ingest.js';

/** What the process held when so many events were in the read model. */
export interface Point {
  readonly events: number;
  readonly rssMiB: number;
}

export interface CaughtUp extends Sample {
  readonly curve: readonly Point[];
}

const FLAT = 1.25;
const DRAWN = 10;

/** A new consumer reads a long topic from its beginning, in a process of its own, whose memory is watched. */
export async function catchUpContest(grounds: KafkaGrounds, events: number, notes: string[]): Promise<Contest> {
  const prefix = newPrefix();
  await publish(grounds, prefix, events);
  let growth: number | undefined;
  return {
    area: 'catch up', what: `a new consumer, from the first of ${events.toLocaleString('en-US')} events`, unit: 'events/s', withoutRatio: true, ownRounds: 1,
    contenders: [{
      name: 'a service process with an empty log',
      run: async () => {
        const { database } = await grounds.log('caught_up');
        const child = startChild('catching-up');
        try {
          const { curve, ...sample } = await child.ask<CaughtUp>('catchUp', { url: database.url, brokers: grounds.broker.brokers, prefix, events });
          growth = growthOf(curve);
          notes.push(`catch up: memory of the process (RSS) at each tenth of the way: ${tenths(curve, events).map(({ rssMiB }) => Math.round(rssMiB)).join(', ')} MiB`);
          return sample;
        } finally {
          await child.end();
        }
      },
    }],
    targets: [atMost(FLAT, `memory is flat: the most of the second half ≤ ${FLAT} × the most of the first`, (_rows: readonly Row[]) => growth)],
  };
}

export function growthOf(curve: readonly Point[]): number {
  const half = (curve.at(-1)?.events ?? 0) / 2;
  const most = (points: readonly Point[]) => Math.max(...points.map(({ rssMiB }) => rssMiB));
  return most(curve.filter(({ events }) => events > half)) / most(curve.filter(({ events }) => events <= half));
}

const tenths = (curve: readonly Point[], events: number): Point[] =>
  Array.from({ length: DRAWN }, (_, index) => curve.find((point) => point.events >= ((index + 1) * events) / DRAWN) ?? curve.at(-1)).filter((point) => point !== undefined);
