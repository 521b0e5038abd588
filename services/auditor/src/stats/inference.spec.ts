import { touchstone } from '../canned.spec-kit.js';
import { complaint, computed, drawn } from './analyses.spec-kit.js';
import { nile, orderFaults } from './published.spec-kit.js';

const result = async <R>(command: string, options: readonly string[], stdin = ''): Promise<R> => (await computed(['stats', command, ...options], stdin)) as unknown as R;
const widest = async (command: readonly string[], stdin: string): Promise<number> => Math.max(...(await touchstone(['stats', ...command], { stdin, columns: 70 })).out.split('\n').map(({ length }) => length));

describe('touchstone stats pareto', () => {
  interface Pareto {
    readonly analysis: { readonly items: { category: string; count: number; cumulatedShare: number; class: string }[]; readonly total: number };
  }
  it('orders the faults of purchase orders as qcc’s Pareto chart', async () => {
    const { analysis: { items } } = await result<Pareto>('pareto', ['--category', 'cause', '--count', 'orders'], orderFaults);
    expect(items.map(({ category, count }) => [category, count])).toEqual([['contact num', 94], ['price code', 80], ['supplier code', 66], ['part num', 33], ['schedule date', 27]]);
    expect(items.map(({ cumulatedShare }) => Number((100 * cumulatedShare).toFixed(4)))).toEqual([31.3333, 58, 80, 91, 100]);
    expect(items.map((item) => item.class).join('')).toBe('AAABB');
  });
  it('counts lines, and weighs them by what they cost', async () => {
    const { analysis } = await result<Pareto>('pareto', ['--weight', 'cost'], 'defect,cost\nscratch,1\ndent,5\nscratch,1\n');
    expect([analysis.items.map(({ category, count }) => [category, count]), analysis.total]).toEqual([[['dent', 1], ['scratch', 2]], 7]);
  });
  it('draws bars and the cumulated line', async () => {
    const { texts, svg } = await drawn(['stats', 'pareto', '--category', 'cause', '--count', 'orders'], orderFaults);
    expect(texts).toEqual(expect.arrayContaining(['contact num', 'cumulated', '80 %', 'class A: 3 of 5 categories with 80.0 %; class B: 2 of 5 categories with 20.0 %; class C: 0 of 5 categories with 0.0 %']));
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('touchstone stats trend', () => {
  interface Trend {
    readonly mannKendall: { readonly s: number; readonly tau: number; readonly pValue: number; readonly method: string };
    readonly senSlope: { readonly slope: number; readonly lower: number | null };
    readonly linear: { readonly slope: { estimate: number; pValue: number }; readonly predictions: { x: number; fitted: number }[] };
  }
  it('finds the falling trend of the Nile', async () => {
    const { mannKendall, linear } = await result<Trend>('trend', ['--predict', '101'], nile);
    expect([mannKendall.s, Number(linear.slope.estimate.toFixed(3))]).toEqual([-1387, -2.714]);
    expect(mannKendall.pValue).toBeLessThan(1e-4);
    expect(linear.predictions[0]?.x).toBe(101);
  });
  it('counts pairs exactly in a short series, and takes times of its own', async () => {
    const short = 'month,x\n1,1\n2,2\n4,3\n5,5\n7,4\n';
    const { mannKendall, senSlope } = await result<Trend>('trend', ['--column', 'x', '--time', 'month', '--exact', '--alternative', 'greater'], short);
    expect([mannKendall.s, mannKendall.method, mannKendall.pValue.toFixed(10)]).toEqual([8, 'exact', (5 / 120).toFixed(10)]); // of 120 orders one has S = 10, four S = 8
    expect(senSlope.slope).toBeGreaterThan(0);
    const line = await result<Trend>('trend', ['--column', 'x', '--time', 'month'], 'month,x\n1,2\n2,4\n4,8\n7,14.5\n');
    expect(line.senSlope.slope).toBeCloseTo(2.0416667, 6); // the median of 2, 2, 2, 2.0833, 2.1 and 2.1667
  });
  it('says and draws it', async () => {
    const { out } = await touchstone(['stats', 'trend'], { stdin: nile });
    expect(out).toMatch(/100 values; a falling trend at 95 % confidence/);
    expect(await widest(['trend', '--predict', '110'], nile)).toBeLessThanOrEqual(70);
    expect((await drawn(['stats', 'trend', '--predict', '110'], nile)).texts).toEqual(expect.arrayContaining(['least squares', 'a falling trend at 95 % confidence']));
  });
});

describe('touchstone stats change-point', () => {
  interface Changes {
    readonly changes: { lastBefore: number; pValue: number; before: { mean: number }; after: { mean: number } }[];
    readonly segments: { first: number; last: number }[];
    readonly values: number[];
  }
  it('dates the change of the Nile to 1898, the 28th year', async () => {
    const { changes, segments } = await result<Changes>('change-point', [], nile);
    expect(changes.map(({ lastBefore, before, after }) => [lastBefore, before.mean, Number(after.mean.toFixed(3))])).toEqual([[28, 1097.75, 849.972]]);
    expect(segments.map(({ first, last }) => [first, last])).toEqual([[1, 28], [29, 100]]);
    const single = await result<Changes>('change-point', ['--method', 'cusum', '--single'], nile);
    expect([single.changes[0]?.lastBefore, single.segments.map(({ first, last }) => [first, last])]).toEqual([28, [[1, 28], [29, 100]]]);
  });
  it('depends on nothing but the data and the seed', async () => {
    expect(await result('change-point', ['--seed', '7', '--resamples', '99'], nile)).toEqual(await result('change-point', ['--seed', '7', '--resamples', '99'], nile));
  });
  it('says that there is none in a series without', async () => {
    const { out } = await touchstone(['stats', 'change-point'], { stdin: 'x\n1\n2\n1\n2\n1\n2\n1\n2\n' });
    expect(out.replaceAll('\n', ' ')).toMatch(/8 values, no change of the mean shown \(alpha 0\.05\).*neighbouring values are correlated/);
    expect((await drawn(['stats', 'change-point'], nile)).texts).toEqual(expect.arrayContaining(['after 28', 'mean of the segment']));
  });
});

describe('touchstone stats compare', () => {
  interface Compared {
    readonly first: { estimate: number; clopperPearson: { lower: number; upper: number }; wilson: { lower: number; upper: number }; interval: { lower: number; upper: number }; test: { pValue: number } | null };
    readonly proportions: { newcombe: { lower: number; upper: number }; fisher: { pValue: number } } | null;
    readonly rates: { ratio: { estimate: number; lower: number; upper: number }; pValue: number } | null;
  }
  it('tests Mendel’s peas as R’s binom.test does', async () => {
    const { first } = await result<Compared>('compare', ['--of', 'proportion', '--first', '682/925', '--against', '0.75']);
    expect([first.test?.pValue.toFixed(4), first.clopperPearson.lower.toFixed(7), first.clopperPearson.upper.toFixed(7)]).toEqual(['0.3825', '0.7076683', '0.7654066']);
  });
  it('gives Newcombe’s interval for 56/70 against 48/80', async () => {
    const { proportions } = await result<Compared>('compare', ['--of', 'proportion', '--first', '56/70', '--second', '48/80']);
    expect([proportions?.newcombe.lower.toFixed(4), proportions?.newcombe.upper.toFixed(4)]).toEqual(['0.0524', '0.3339']);
  });
  it('compares rates as R’s poisson.test does, exposures 800 and 3011', async () => {
    const { rates } = await result<Compared>('compare', ['--of', 'rate', '--first', '11/800', '--second', '11/3011']);
    expect(rates?.ratio.estimate).toBeCloseTo(3.76375, 10);
    const { rates: r } = await result<Compared>('compare', ['--of', 'rate', '--first', '3/1', '--second', '1/1']);
    expect(r?.pValue).toBeCloseTo(0.625, 12); // 3 of 4 heads
    const { rates: three } = await result<Compared>('compare', ['--of', 'rate', '--first', '3/1', '--second', '1/1', '--against', '3']);
    expect(three?.pValue).toBe(1);
  });
  it('gives a rate its exact interval: none found in 100 hours is below 0.03', async () => {
    const { first } = await result<Compared>('compare', ['--of', 'rate', '--first', '0/100', '--alternative', 'less']);
    expect([first.interval.lower, first.interval.upper.toFixed(6)]).toEqual([0, (-Math.log(0.05) / 100).toFixed(6)]);
  });
  it('says and draws it', async () => {
    expect(await widest(['compare', '--of', 'proportion', '--first', '56/70', '--second', '48/80'], '')).toBeLessThanOrEqual(70);
    expect((await drawn(['stats', 'compare', '--of', 'rate', '--first', '11/800', '--second', '3/3011'])).texts).toEqual(expect.arrayContaining(['Two rates', '11/800', '3/3011']));
  });
});

describe('touchstone stats sample-size', () => {
  it.each<[string, string[], number]>([
    ['a proportion within ± 3 points (Cochran)', ['--to', 'estimate-proportion', '--margin', '0.03'], 1068],
    ['a difference of one standard deviation (power.t.test, power 0.9)', ['--to', 'compare-means', '--delta', '1', '--sigma', '1', '--power', '0.9'], 23],
    ['50 against 75 % (power.prop.test, power 0.9)', ['--to', 'compare-proportions', '--first', '0.5', '--second', '0.75', '--power', '0.9'], 77],
    ['90 % reliability with 90 % confidence (success run)', ['--to', 'detect', '--share', '0.1', '--confidence', '0.9'], 22],
    ['a mean within a fifth of sigma', ['--to', 'estimate-mean', '--margin', '0.2', '--sigma', '1'], 97],
  ])('finds how many are needed for %s', async (_, options, n) => {
    expect((await result<{ n: number }>('sample-size', options)).n).toBe(n);
  });
  it('needs fewer to one side, and more where sigma is estimated', async () => {
    const size = async (...more: string[]): Promise<number> => (await result<{ n: number }>('sample-size', ['--to', 'test-proportion', '--first', '0.1', '--second', '0.2', ...more])).n;
    const mean = async (...more: string[]): Promise<number> => (await result<{ n: number }>('sample-size', ['--to', 'estimate-mean', '--margin', '0.5', '--sigma', '1', ...more])).n;
    expect([await mean(), await mean('--sigma-estimated')]).toEqual([16, 18]);
    expect(await size('--one-sided')).toBeLessThan(await size());
    expect((await touchstone(['stats', 'sample-size', '--to', 'detect', '--share', '0.1', '--confidence', '0.9'])).out).toMatch(/^take 22 items: that has a confidence of 0\.9015/);
  });
});

it.each<[string, string[], string, RegExp]>([
  ['a count below 0', ['pareto', '--count', 'n'], 'x,n\na,-1\n', /a: -1 is below 0/], ['one limit of classes', ['pareto', '--limits', '0.8'], 'x\na\n', /--limits needs two shares/], ['no categories', ['pareto'], '', /is empty/],
  ['a trend of two values', ['trend'], 'x\n1\n2\n', /at least three values/], ['times that go back', ['trend', '--column', 'x', '--time', 't'], 't,x\n1,1\n3,2\n2,3\n', /time 3 is not after the one before/],
  ['a gap in a series', ['change-point'], 'x\n1\n\n.\n2\n', /x is missing/], ['a series that never changes', ['change-point', '--single'], 'x\n1\n1\n1\n1\n', /all values are equal/],
  ['more than there are', ['compare', '--of', 'proportion', '--first', '5/4'], '', /5 is not a count of 4 trials/], ['a count alone', ['compare', '--of', 'rate', '--first', '5'], '', /such as 12\/200/],
  ['two proportions against a third', ['compare', '--of', 'proportion', '--first', '1/4', '--second', '1/5', '--against', '0.5'], '', /--against goes with one proportion/],
  ['a purpose without its figures', ['sample-size', '--to', 'compare-means', '--delta', '1'], '', /a sample to compare means needs --sigma/], ['a margin of two', ['sample-size', '--to', 'estimate-proportion', '--margin', '2'], '', /a margin lies between 0 and 1/],
])('touchstone stats refuses %s in one line with exit code 2', async (_, options, stdin, message) => {
  const [code, line] = await complaint(['stats', ...options], stdin);
  expect([code, message.test(line) ? 'as expected' : line]).toEqual([2, 'as expected']);
});
