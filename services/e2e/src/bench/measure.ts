import type { Spread } from './statistics.js';
import { percentile, ratioOf, spread } from './statistics.js';

/** What one contender did in one round. */
export interface Sample {
  readonly count: number;
  readonly elapsedMs: number;
  /** Of each call; empty where a call's time says nothing. */
  readonly latenciesMs: readonly number[];
  /** Processor time of the processes that are counted, where it was taken. */
  readonly cpuMs?: number;
  /** Of it, that of the service's own process. */
  readonly serviceCpuMs?: number;
  /** Most memory that the process held, where it was taken. */
  readonly memoryMiB?: number;
}

export interface Contender {
  readonly name: string;
  run(): Promise<Sample>;
}

export const areas = ['append', 'batches', 'commands', 'load', 'replay', 'memory', 'lag', 'cpu', 'http'] as const;

export type Area = (typeof areas)[number];

/** Contenders for the same work, ours first. All are run in every round, one after the other. */
export interface Contest {
  readonly area: string;
  readonly what: string;
  readonly unit: 'events/s' | 'commands/s' | 'requests/s' | 'loads/s' | 'trips/s';
  readonly contenders: readonly Contender[];
  /** What is asked of us in this contest. */
  readonly targets?: readonly Target[];
  /** Where the cost lies, by what was measured beside it in the same rounds. */
  readonly causes?: (rows: readonly Row[]) => readonly string[];
  /** Figures that stand for themselves, e.g. of loads that were given: nobody is faster, and the longest latency counts. */
  readonly withoutRatio?: boolean;
  /** Rounds that count where a round is long; no other one first, then. */
  readonly ownRounds?: number;
  /** Between two runs: lets what the last one left behind come to rest. */
  readonly settle?: () => Promise<void>;
}

export interface Target {
  /** As it was asked, with its limit. */
  readonly asked: string;
  /** From the rows of the contest; undefined when what it needs was not measured. */
  readonly value: (rows: readonly Row[]) => number | undefined;
  readonly limit: number;
  readonly sense: 'at least' | 'at most';
}

export interface Row {
  readonly area: string;
  readonly what: string;
  readonly contender: string;
  readonly unit: string;
  readonly rate: Spread;
  readonly p50Ms?: Spread;
  readonly p99Ms?: Spread;
  readonly maxMs?: Spread;
  /** Processor time of one event or request. */
  readonly cpuUs?: Spread;
  readonly serviceCpuUs?: Spread;
  readonly memoryMiB?: Spread;
  /** Rate of our contender divided by this one's, round by round; left out for ours. */
  readonly ours?: Spread;
}

/** Runs a contest: one round to warm up, which is thrown away, then `rounds` that count, A B A B. */
export async function compete(contest: Contest, rounds: number): Promise<Row[]> {
  const samples = contest.contenders.map((): Sample[] => []);
  const last = contest.ownRounds ?? rounds;
  for (let round = contest.ownRounds === undefined ? 0 : 1; round <= last; round += 1) {
    for (const [index, contender] of contest.contenders.entries()) {
      const sample = await contender.run();
      await contest.settle?.();
      if (round > 0) samples[index]?.push(sample);
    }
  }
  const rates = samples.map((each) => each.map(rateOf));
  return contest.contenders.map(({ name }, index) => ({
    area: contest.area, what: contest.what, contender: name, unit: contest.unit, rate: spread(rates[index] ?? []),
    ...latencies(samples[index] ?? [], contest.withoutRatio === true), ...costs(samples[index] ?? []),
    ...(index > 0 && !contest.withoutRatio && { ours: ratioOf(rates[0] ?? [], rates[index] ?? []) }),
  }));
}

const rateOf = ({ count, elapsedMs }: Sample): number => (count * 1_000) / elapsedMs;

function latencies(samples: readonly Sample[], withMax: boolean): Pick<Row, 'p50Ms' | 'p99Ms' | 'maxMs'> {
  if (samples.some(({ latenciesMs }) => latenciesMs.length === 0)) return {};
  const at = (share: number) => spread(samples.map(({ latenciesMs }) => percentile(latenciesMs, share)));
  return { p50Ms: at(0.5), p99Ms: at(0.99), ...(withMax && { maxMs: at(1) }) };
}

function costs(samples: readonly Sample[]): Pick<Row, 'cpuUs' | 'serviceCpuUs' | 'memoryMiB'> {
  const over = (of: (sample: Sample) => number | undefined): Spread | undefined => {
    const values = samples.flatMap((sample) => of(sample) ?? []);
    return values.length > 0 ? spread(values) : undefined;
  };
  const each = (ms: number | undefined, { count }: Sample) => (ms === undefined ? undefined : (ms * 1_000) / count);
  return {
    ...named('cpuUs', over((sample) => each(sample.cpuMs, sample))), ...named('serviceCpuUs', over((sample) => each(sample.serviceCpuMs, sample))),
    ...named('memoryMiB', over(({ memoryMiB }) => memoryMiB)),
  };
}

const named = <K extends string>(key: K, value: Spread | undefined): { readonly [key in K]?: Spread } => (value ? { [key]: value } as { readonly [key in K]: Spread } : {});

/** `workers` at once, each calling again as soon as it is answered, until the time is over; calls begun in time are counted. */
export async function keepBusy(workers: number, durationMs: number, call: (worker: number) => Promise<number>): Promise<Sample> {
  const began = performance.now();
  const latenciesMs: number[] = [];
  let count = 0;
  const work = async (_: unknown, worker: number) => {
    for (let at = began; at - began < durationMs; ) {
      const done = await call(worker);
      count += done; // never `count += await …`: it would add to what the count was before the others worked
      const now = performance.now();
      latenciesMs.push(now - at);
      at = now;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return { count, elapsedMs: performance.now() - began, latenciesMs };
}

/** One job from beginning to end. */
export async function once(job: () => Promise<number>): Promise<Sample> {
  const began = performance.now();
  const count = await job();
  return { count, elapsedMs: performance.now() - began, latenciesMs: [] };
}
