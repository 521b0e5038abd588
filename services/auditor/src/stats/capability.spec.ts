import { touchstone } from '../canned.spec-kit.js';
import { complaint, computed, dataset, drawn } from './analyses.spec-kit.js';
import { histogramOf } from './histogram.js';
import { bottles, ovenDoors } from './published.spec-kit.js';

interface Index {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}
interface Result {
  readonly capability: {
    readonly n: number;
    readonly within: { cp: Index; cpk: Index; cpl: Index; cpu: Index; cpm: Index } | null;
    readonly overall: { pp: Index | null; ppk: Index; zLower: number };
    readonly stability: { stable: boolean } | null;
    readonly transformation: { lambda: number; fit: { estimate: number } } | null;
    readonly withinSigma: { method: string };
  };
  readonly percentile: { ppk: number; percentiles: { upper: number } } | null;
  readonly histogram: { from: number; to: number; count: number }[];
}
const rings = dataset('measurements/pistonrings.csv').trim().split('\n');
const phase1 = rings.slice(0, 26).join('\n');
const limits = ['--lower', '73.95', '--upper', '74.05'];
const capability = async (stdin: string, ...options: string[]): Promise<Result> => (await computed(['stats', 'capability', ...options], stdin)) as unknown as Result;

describe('touchstone stats capability', () => {
  it('finds for the piston rings the indices of R’s qcc', async () => {
    const { capability: { within, n } } = await capability(phase1, ...limits, '--degrees-of-freedom', 'values');
    expect(n).toBe(125);
    const round = (value: number | undefined): number => Number(value?.toFixed(3));
    expect([within?.cp, within?.cpl, within?.cpu, within?.cpk, within?.cpm].map((index) => round(index?.estimate))).toEqual([1.703, 1.743, 1.663, 1.663, 1.691]);
    expect([within?.cp, within?.cpk].map((index) => [round(index?.lower), round(index?.upper)])).toEqual([[1.491, 1.915], [1.448, 1.878]]);
  });
  it('refuses the unstable process with the points that signal, and shows it when told to', async () => {
    const [code, line] = await complaint(['stats', 'capability', ...limits], rings.join('\n'));
    expect([code, line]).toEqual([2, 'touchstone: Cpk presumes a stable process, and the chart shows test 1 at point 38, test 1 at point 39; find the causes, ask for performance only (--within none), or show Cpk all the same (--allow-unstable)']);
    const allowed = await capability(rings.join('\n'), ...limits, '--allow-unstable');
    expect([allowed.capability.stability?.stable, allowed.capability.within?.cpk.estimate === undefined]).toEqual([false, false]);
    expect((await capability(rings.join('\n'), ...limits, '--within', 'none')).capability.within).toBeNull();
    const { out } = await touchstone(['stats', 'capability', ...limits, '--allow-unstable'], { stdin: rings.join('\n') });
    expect(out).toMatch(/NOT stable: signals at subgroups 38, 39 of the xbar-r chart/);
  });
  it('takes subgroups as rows, by size and by name alike', async () => {
    const values = rings.slice(1, 26).flatMap((row) => row.split(','));
    const inRows = (await capability(phase1, ...limits)).capability;
    expect((await capability(`d\n${values.join('\n')}\n`, ...limits, '--subgroup', '5')).capability).toEqual(inRows);
    const named = values.map((value, index) => `s${Math.floor(index / 5)},${value}`);
    expect((await capability(`sample,d\n${named.join('\n')}\n`, ...limits, '--by', 'sample')).capability).toEqual(inRows);
    expect((await capability(`d\n${values.join('\n')}\n`, ...limits, '--allow-unstable')).capability.withinSigma.method).toBe('moving-range');
  });
  it('finds the performance of the bottle volumes as R’s SixSigma', async () => {
    const { capability: { overall } } = await capability(bottles, '--lower', '740', '--upper', '760', '--within', 'none');
    expect(overall.ppk.estimate).toBeCloseTo(1.54651309711296, 12);
    expect(overall.zLower).toBeCloseTo(4.63953929133888, 12);
  });
  it('transforms the oven doors by the power of Johnson and Wichern', async () => {
    const { capability: { transformation } } = await capability(ovenDoors, '--upper', '0.5', '--method', 'box-cox', '--lambda', 'estimate', '--within', 'none');
    expect(transformation?.lambda).toBeCloseTo(0.28, 2);
    expect((await capability(ovenDoors, '--upper', '0.5', '--method', 'box-cox', '--lambda', '0.25', '--within', 'none')).capability.transformation).toEqual({ lambda: 0.25, fit: null });
  });
  it('goes by percentiles where no distribution is presumed', async () => {
    const { percentile } = await capability(`x\n${Array.from({ length: 2001 }, (_, index) => index).join('\n')}\n`, '--lower', '0', '--upper', '2000', '--method', 'percentile');
    expect(percentile?.percentiles.upper).toBeCloseTo(1997.3, 9); // 99.865 % of 0 to 2000
    expect(percentile?.ppk).toBeCloseTo(1000 / 997.3, 9);
  });
  it('counts every value into one bar', async () => {
    const { histogram } = await capability(phase1, ...limits);
    expect(histogram.reduce((sum, { count }) => sum + count, 0)).toBe(125);
    expect(histogram.slice(1).every(({ from }, index) => from === histogram[index]?.to)).toBe(true);
    expect((await capability(phase1, ...limits, '--bins', '7')).histogram).toHaveLength(7);
  });
  it('puts a value on an edge into the bar above it, whatever the rounding', () => {
    const round = Array.from({ length: 400 }, (_, index) => (index % 200) / 100 + 0.07);
    const edges = [3, 7, 29, 100].flatMap((bins) => histogramOf(round, bins).slice(1).map(({ from }) => from));
    const values = [...round, ...edges, ...edges.map((edge) => edge * (1 - Number.EPSILON))];
    for (const bins of [undefined, 3, 7, 29, 100]) {
      const bars = histogramOf(values, bins);
      const last = bars.at(-1);
      expect(bars.map(({ count }) => count)).toEqual(bars.map((bar) => values.filter((value) => value >= bar.from && (value < bar.to || (bar === last && value === bar.to))).length));
    }
  });
  it('draws the histogram with its limits and curves, and the indices above', async () => {
    const { svg, texts } = await drawn(['stats', 'capability', ...limits], phase1);
    expect(texts).toEqual(expect.arrayContaining(['LSL 73.95', 'target 74', 'USL 74.05', 'normal curve, all values', 'within subgroups']));
    expect(texts.join(' ')).toMatch(/Cp 1\.703 .*Cpk 1\.663/);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    for (const method of ['box-cox', 'percentile']) expect((await drawn(['stats', 'capability', '--upper', '0.5', '--method', method, '--within', 'none'], ovenDoors)).svg).not.toMatch(/NaN|Infinity|undefined/);
  });
  it('says it in words, as wide as the terminal', async () => {
    const { out } = await touchstone(['stats', 'capability', ...limits], { stdin: phase1, columns: 66 });
    expect(out).toMatch(/Cpk 1\.33 or more: capable/);
    expect(out).toMatch(/no departure from a normal\s+distribution shown/);
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(66);
  });
  it.each<[string, string[], string, RegExp]>([
    ['no limits', [], 'x\n1\n2\n', /needs a lower or an upper specification limit/], ['reversed limits', ['--lower', '2', '--upper', '1'], 'x\n1\n2\n', /are they reversed/],
    ['a target outside', ['--lower', '1', '--upper', '2', '--target', '3'], 'x\n1\n2\n', /target 3 lies outside/], ['values that never vary', ['--upper', '9'], 'x\n1\n1\n1\n', /^touchstone: /],
    ['a word', ['--upper', '9'], 'x\n1\nwide\n', /line 3: x is "wide"/], ['nothing', ['--upper', '9'], '', /is empty/], ['a power that is none', ['--upper', '9', '--lambda', 'big'], 'x\n1\n', /number, estimate or rounded/],
    ['a confidence of 95', ['--upper', '9', '--confidence', '95'], 'x\n1\n2\n3\n', /confidence level lies between 0 and 1/], ['negative values under a power', ['--upper', '9', '--method', 'box-cox'], 'x\n-1\n2\n3\n', /positive values/],
    ['a J-shaped curve', ['--upper', '0.5', '--method', 'clements'], ovenDoors, /use --method percentile or --method box-cox/],
  ])('refuses %s in one line with exit code 2', async (_, options, stdin, message) => {
    const [code, line] = await complaint(['stats', 'capability', ...options], stdin);
    expect([code, message.test(line) ? 'as expected' : line]).toEqual([2, 'as expected']);
  });
});
