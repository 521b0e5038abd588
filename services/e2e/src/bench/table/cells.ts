import type { Spread } from '../statistics.js';
import { percentile, ratioOf, spread } from '../statistics.js';
import type { ContenderName, Written } from './messages.js';

export type Disk = 'as it is' | 'slowed by 3 ms';

/** Who appends, and on what. */
export interface Configuration {
  readonly disk: Disk;
  readonly processes: number;
  /** In each process. */
  readonly writers: number;
}

/** One contender in one configuration. */
export interface Figures {
  readonly contender: ContenderName;
  readonly eventsPerSecond: Spread;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
  /** Processor time of the writer processes an event, µs; what the server takes is not in it. */
  readonly clientUs: Spread;
}

export interface Cell extends Configuration {
  /** Ours first. */
  readonly contenders: readonly Figures[];
  /** Ours ÷ plain inserts, round by round. */
  readonly rateRatio: Spread;
  readonly p99Ratio: Spread;
}

export const configurations = (disk: Disk): Configuration[] =>
  [1, 4].flatMap((processes) => [1, 16, 64].map((writers) => ({ disk, processes, writers })));

export const nameOf = ({ disk, processes, writers }: Configuration): string => `${processes} × ${writers}, ${disk === 'as it is' ? 'disk as it is' : `disk ${disk}`}`;

/** What all processes of one run did together. */
export interface Run {
  readonly count: number;
  readonly eventsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly clientUs: number;
}

/** The processes begin together, so the longest time is that of all. */
export function together(written: readonly Written[]): Run {
  const count = written.reduce((sum, each) => sum + each.count, 0);
  const latenciesMs = written.flatMap((each) => [...each.latenciesMs]);
  return {
    count, eventsPerSecond: (count * 1_000) / Math.max(...written.map(({ elapsedMs }) => elapsedMs)),
    p50Ms: percentile(latenciesMs, 0.5), p99Ms: percentile(latenciesMs, 0.99),
    clientUs: (written.reduce((sum, { processorMs }) => sum + processorMs, 0) * 1_000) / count,
  };
}

/** Runs by contender, ours first, round by round. */
export function cellOf(configuration: Configuration, runs: ReadonlyMap<ContenderName, readonly Run[]>): Cell {
  const of = (contender: ContenderName, figure: keyof Run): number[] => (runs.get(contender) ?? []).map((run) => run[figure]);
  const ratio = (figure: keyof Run) => ratioOf(of('this store', figure), of('plain inserts', figure));
  return {
    ...configuration,
    contenders: [...runs.keys()].map((contender) => ({
      contender, eventsPerSecond: spread(of(contender, 'eventsPerSecond')), p50Ms: spread(of(contender, 'p50Ms')),
      p99Ms: spread(of(contender, 'p99Ms')), clientUs: spread(of(contender, 'clientUs')),
    })),
    rateRatio: ratio('eventsPerSecond'), p99Ratio: ratio('p99Ms'),
  };
}
