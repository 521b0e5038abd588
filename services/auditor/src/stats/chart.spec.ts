import { touchstone } from '../canned.spec-kit.js';
import { complaint, computed, dataset, drawn } from './analyses.spec-kit.js';

const rings = dataset('measurements/pistonrings.csv');
const xbar = ['stats', 'chart', '--type', 'xbar-r', '--subgroup', '5', '--phase1', '25'];

describe('touchstone stats chart', () => {
  it('finds in the piston rings what R’s qcc finds', async () => {
    const { chart } = (await computed([...xbar, '--tabulated'], rings)) as unknown as { chart: { beyond: number[]; points: { lcl: number; ucl: number; center: number }[]; companion: { points: { ucl: number }[] } } };
    expect(chart.beyond).toEqual([37, 38, 39]);
    expect(chart.points[0]?.center).toBeCloseTo(74.001176, 10);
    expect(chart.points[0]?.lcl).toBeCloseTo(73.9880479929919, 10);
    expect(chart.points[0]?.ucl).toBeCloseTo(74.014304007008, 10);
  });
  it('takes values in a column with the subgroup’s name beside them as well', async () => {
    const rows = rings.trim().split('\n').slice(1).flatMap((line, index) => line.split(',').map((value) => `sample ${index + 1}\t${value}`));
    const columns = `sample\tdiameter\n${rows.join('\n')}`;
    const named = await computed(['stats', 'chart', '--type', 'xbar-r', '--by', 'sample', '--phase1', '25'], columns);
    expect(named['chart']).toEqual((await computed(xbar, rings))['chart']);
  });
  it('takes counts with sizes, and names the column it misses', async () => {
    const daily = 'day,bad,inspected\n1,3,100\n2,2,120\n3,9,100\n4,1,80\n';
    const command = ['stats', 'chart', '--type', 'p', '--count', 'bad'];
    const { chart } = (await computed([...command, '--size', 'inspected'], daily)) as unknown as { chart: { estimates: { center: number } } };
    expect(chart.estimates.center).toBeCloseTo(15 / 400, 15);
    expect(await complaint(command, daily)).toEqual([2, 'touchstone: a chart of type p needs --size, the column of sample sizes, or --size-each, one number for all']);
    expect(await complaint([...command, '--size', 'checked'], daily)).toEqual([2, 'touchstone: standard input has no column checked; it has day, bad, inspected (or 1 to 3)']);
  });
  it('draws both panels, with limits and points in words that can be selected', async () => {
    const { svg, texts } = await drawn(xbar, rings);
    for (const text of ['xbar-r chart of standard input', 'UCL 74.014', 'CL 74.001', 'LCL 73.988', 'points with a signal: 35, 37, 38, 39, 40', 'phase 2', 'range', '1,5,6']) expect(texts).toContain(text);
    expect(svg).not.toMatch(/NaN|Infinity|undefined|<script|href/);
  });
  it('says it in words, as wide as the terminal', async () => {
    const { out } = await touchstone(xbar, { stdin: rings, columns: 72 });
    expect(out).toMatch(/^xbar-r chart of standard input: 40 points; limits rest on 25 points, 125\s+values/);
    expect(out).toMatch(/mean +74\.0012 +73\.988 +74\.0143 +37, 38, 39/);
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(72);
  });
  it.each<[string, string[], string, RegExp]>([
    ['an empty file', [], '', /^touchstone: standard input is empty/],
    ['a word among the numbers', [], 'x\n1\ntwo\n', /^touchstone: standard input, line 3: x is "two", and a number belongs there$/],
    ['too few points', ['--exclude', '1'], 'x\n1\n2\n', /^touchstone: /],
    ['an option that is no number', ['--width', 'wide'], 'x\n1\n2\n', /^touchstone: .*'wide' is invalid.*must be a number/i],
    ['a method of another chart', ['--sigma-method', 'UWAVE-R'], 'x\n1\n2\n3\n', /^touchstone: a chart of type i-mr does not estimate sigma by UWAVE-R/],
  ])('refuses %s in one line with exit code 2', async (_, more, stdin, message) => {
    const [code, line] = await complaint(['stats', 'chart', '--type', 'i-mr', ...more], stdin);
    expect([code, message.test(line) ? 'as expected' : line]).toEqual([2, 'as expected']);
  });
});

describe('touchstone stats rules', () => {
  const run = `x\n${[...Array.from({ length: 9 }, () => '10.4'), '9.9'].join('\n')}\n`;
  it('applies the set that is asked for, by its own counts', async () => {
    const fired = async (...more: string[]) => ((await computed(['stats', 'rules', '--center', '10', '--sigma', '1', ...more], run)) as unknown as { report: { signals: { rule: number; at: number }[] } }).report.signals.map(({ rule, at }) => [rule, at]);
    expect(await fired()).toEqual([[2, 9]]);
    expect(await fired('--rules', 'western-electric')).toEqual([[4, 8], [4, 9]]);
    expect(await fired('--tests', '2', '--run-length', '7')).toEqual([[2, 7], [2, 8], [2, 9]]);
  });
  it('breaks patterns at a missing point', async () => {
    const { report } = (await computed(['stats', 'rules', '--center', '10', '--sigma', '1'], run.replace('10.4\n10.4', '10.4\nNA'))) as unknown as { report: { signals: unknown[]; judged: number } };
    expect([report.signals, report.judged]).toEqual([[], 9]);
  });
});
