import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { MathsGroup, Work } from './maths-contests.js';
import { chartAndRules, cox, repeatPurchase } from './maths-contests.js';
import { pythonFitsMs, pythonHas } from './maths-python.js';
import { numberOf, optionsOf } from '../options.js';
import type { Spread } from './statistics.js';
import { ratioOf, spread } from './statistics.js';

export const mathsHelp = `Usage: npm run bench -- maths [options]

Measures the mathematics: charts and run rules on a million points against one summing pass over them, streaming against batch, the
BG/NBD fit on CDNOW and Cox regression, against Python's lifetimes and lifelines where python3 has them. No ratio makes it fail.

  --rounds <number>    that count, each work once a round, after two to warm up (default: 7)
  --points <number>    on the chart (default: 1000000)
  --rows <number>      of the Cox regression, with 10 columns (default: 100000)
  --json               the report as JSON on stdout, for programs
  --write              also write docs/reference/benchmarks-maths.md
  --help               this text
`;

export interface MathsOptions {
  readonly rounds: number;
  readonly points: number;
  readonly rows: number;
  readonly json: boolean;
  readonly write: boolean;
}

export interface MathsRow {
  readonly what: string;
  readonly work: string;
  readonly ms: Spread;
  /** Nanoseconds for one item. */
  readonly nsEach: number;
  readonly item: string;
  /** By how many times the input the heap had grown when a run was over, garbage included: an upper bound for copies of it. */
  readonly heapGrowth: number | null;
  readonly ratio: { readonly of: string; readonly value: Spread; readonly asked: string; readonly isMet: boolean } | null;
}

export interface MathsReport {
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly load: { readonly before: number; readonly after: number };
  readonly node: string;
  readonly rounds: number;
  readonly rows: readonly MathsRow[];
  /** What could not be compared, and why. */
  readonly notes: readonly string[];
}

/** Throws {@link BadOption}. */
export function mathsOptions(args: readonly string[]): MathsOptions | 'help' {
  const text = (value: string) => ({ type: 'string' as const, default: value });
  const flag = { type: 'boolean' as const, default: false };
  const parsed = optionsOf({ args: [...args], options: { rounds: text('7'), points: text('1000000'), rows: text('100000'), json: flag, write: flag, help: flag } }, 'maths --help').values;
  if (parsed.help) return 'help';
  const whole = (name: 'rounds' | 'points' | 'rows', least: number, most: number) => numberOf(`--${name}`, parsed[name], least, most, true);
  return { rounds: whole('rounds', 1, 1_000), points: whole('points', 100, 50_000_000), rows: whole('rows', 100, 10_000_000), json: parsed.json, write: parsed.write };
}

/** Throws when a work fails; a Python package that is missing or fails is a note. */
export function runMaths({ rounds, points, rows }: MathsOptions, tell: (what: string) => void = () => undefined): MathsReport {
  const [before = 0] = loadavg();
  const notes: string[] = [];
  const measured = [() => chartAndRules(points), () => repeatPurchase(), () => cox(rows, 10)].flatMap((open) => {
    const group = open();
    tell(group.what);
    return measure(group, rounds, notes);
  });
  const [after = 0] = loadavg();
  return {
    date: new Date().toISOString(), processor: cpus()[0]?.model.trim() ?? 'unknown', cores: availableParallelism(), load: { before, after },
    node: process.version, rounds, rows: measured, notes,
  };
}

const WARM_UP_ROUNDS = 2;

function measure(group: MathsGroup, rounds: number, notes: string[]): MathsRow[] {
  const times = new Map(group.works.map(({ name }) => [name, [] as number[]]));
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    for (const work of group.works) {
      const elapsed = timeOf(work);
      if (round >= 0) times.get(work.name)?.push(elapsed);
    }
  }
  const rows = group.works.map((work) => rowOf(group, work.name, times.get(work.name) ?? [], heapGrowthOf(work) / group.inputBytes, comparisonOf(work, times)));
  return [...rows, ...pythonRow(group, times, rounds, notes)];
}

/** Milliseconds of one run. */
function timeOf({ run, repeats }: Work): number {
  const began = performance.now();
  for (let each = 0; each < repeats; each += 1) last.result = run();
  return (performance.now() - began) / repeats;
}

/** What is kept cannot be optimised away. */
const last: { result: unknown } = { result: null };

function comparisonOf({ name, against }: Work, times: ReadonlyMap<string, number[]>): MathsRow['ratio'] {
  if (!against) return null;
  const [mine, other] = [times.get(name) ?? [], times.get(against.name) ?? []];
  const value = against.ratio === 'ours ÷ theirs' ? ratioOf(mine, other) : ratioOf(other, mine);
  const isMet = against.ratio === 'ours ÷ theirs' ? value.median <= against.limit : value.median >= against.limit;
  return { of: against.name, value, asked: `${against.ratio === 'ours ÷ theirs' ? '≤' : '≥'} ${against.limit}`, isMet };
}

function rowOf(group: MathsGroup, work: string, times: readonly number[], heapGrowth: number | null, ratio: MathsRow['ratio']): MathsRow {
  const ms = spread(times);
  return { what: group.what, work, ms, nsEach: (ms.median * 1e6) / group.items, item: group.item, heapGrowth, ratio };
}

function pythonRow(group: MathsGroup, times: ReadonlyMap<string, number[]>, rounds: number, notes: string[]): MathsRow[] {
  const { python } = group;
  if (!python) return [];
  if (!pythonHas(python.module)) {
    notes.push(`${group.what}: not compared, this machine's python3 has no ${python.module}`);
    return [];
  }
  try {
    const theirs = pythonFitsMs(python, rounds);
    const value = ratioOf(theirs, times.get(python.ours) ?? []);
    return [rowOf(group, `Python ${python.module}`, theirs, null, { of: python.ours, value, asked: `≥ ${python.limit}`, isMet: value.median >= python.limit })];
  } catch (error) {
    notes.push(`${group.what}: not compared, ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

const HEAP_RUNS = 2;

/** Bytes in use after a run that were not before, nothing collected on purpose in between: the most of some runs. */
function heapGrowthOf({ run }: Work): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => { const { heapUsed, arrayBuffers } = process.memoryUsage(); return heapUsed + arrayBuffers; };
  last.result = null;
  collect();
  // Collecting may drop compiled code, and code that is interpreted boxes every number: once to compile it again.
  last.result = run();
  const growths = Array.from({ length: HEAP_RUNS }, () => {
    const before = used();
    last.result = run();
    return used() - before;
  });
  return Math.max(0, ...growths);
}

const decimals = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
const shown = ({ median, min, max }: Spread): string => `${decimals(median)} (${decimals(min)}–${decimals(max)})`;

/** For a terminal. */
export function mathsText(report: MathsReport): string {
  const lines = [...Map.groupBy(report.rows, ({ what }) => what)].flatMap(([what, rows]) => {
    const head = ['', 'ms', `ns a ${rows[0]?.item ?? ''}`, 'heap growth ÷ input', 'ratio'];
    const table = [head, ...rows.map(({ work, ms, nsEach, heapGrowth, ratio }) => [
      work, shown(ms), decimals(nsEach), heapGrowth === null ? '' : decimals(heapGrowth),
      ratio ? `${shown(ratio.value)} × ${ratio.of}; asked ${ratio.asked}: ${ratio.isMet ? 'met' : 'NOT MET'}` : '',
    ])];
    const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
    return ['', what, ...table.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())];
  });
  const { date, processor, cores, load, node, rounds, notes } = report;
  return `${[
    `Measured ${date.slice(0, 16).replace('T', ' ')} UTC, ${processor}, ${cores} cores, Node ${node.slice(1)}; load average ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after`,
    `${rounds} rounds, ${WARM_UP_ROUNDS} more first to warm up; median (min–max); ratios round by round`,
    ...lines, ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n')}\n`;
}

const MATHS_PAGE = fileURLToPath(new URL('../../../../docs/reference/benchmarks-maths.md', import.meta.url));

const mathsPage = (report: MathsReport): string => `# Benchmarks of the mathematics

Written by \`npm run bench -- maths --write\`; run it on your own machine before you rely on any of it. Charts and run rules on a
million points stand against one pass that sums the same array, streaming against batch; the fits against Python's lifetimes and
lifelines, timed within Python, fit alone. Heap growth counts everything that a run leaves before it is collected, results and
garbage included, in multiples of the input: an upper bound for copies of it.

\`\`\`text
${mathsText(report).trimEnd()}
\`\`\`
`;

/** `npm run bench -- maths`. Exit code 0 whatever the ratios. Throws {@link BadOption}. */
export function mathsMain(args: readonly string[]): void {
  const options = mathsOptions(args);
  if (options === 'help') return void process.stdout.write(mathsHelp);
  const report = runMaths(options, (what) => process.stderr.write(`${what}\n`));
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : mathsText(report));
  if (options.write) writeFileSync(MATHS_PAGE, mathsPage(report));
}
