import { readFileSync } from 'node:fs';
import { attributesOf, controlChart } from './index.js';
import type { ChartPoint, ControlChart, Measurements } from './index.js';

const fixture = <Shape>(name: string): Shape => JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')) as Shape;

interface Qcc {
  readonly center: number;
  readonly std_dev: number;
  readonly limits: readonly (readonly [number, number])[];
  readonly stats: readonly number[];
}
const rings = fixture<{ subgroups: Measurements[]; qcc: { xbar: Qcc; range: Qcc } }>('piston-rings.json');
const published = fixture<{
  qccPistonRings: {
    standardDeviation: Qcc;
    meansPhase2: number[];
    ewma: { sigma: number[]; ewma: number[]; limits: [number, number][]; violations: number[] };
  };
  nistEwma: { data: number[]; lam: number; target: number; sigma: number; printed: number[]; printed_UCL: number; printed_LCL: number };
  nistCusum: {
    data: number[];
    target: number;
    k: number;
    h: number;
    printed_S_hi: number[];
    printed_S_lo: number[];
    signals_1based: number[];
  };
  montgomery: Montgomery;
}>('charts-published.json');
interface Printed {
  readonly center: number;
  readonly lcl: number;
  readonly ucl: number;
}
interface Montgomery {
  readonly orangeJuice: Printed & { size: number; defectives: number[]; beyond: number[]; revised: Printed };
  readonly purchaseOrders: { sizes: number[]; defectives: number[]; center: number; beyond: number[] };
  readonly circuitBoards: Printed & { counts: number[]; beyond: number[]; revised: Printed };
  readonly personalComputers: Printed & { size: number; counts: number[] };
  readonly dyedCloth: { units: number[]; counts: number[]; center: number };
  readonly paintPrimer: Printed & { viscosity: number[]; meanMovingRange: number; movingRangeUcl: number };
  readonly mortgageCosts: Printed & { values: number[]; meanMovingRange: number; movingRangeUcl: number };
  readonly shiftedProcess: {
    readonly values: number[];
    readonly cusum: { upper: number[]; beyond: number[]; since: number; estimatedMean: number };
    readonly ewma: {
      lambda: number;
      widthSigmas: number;
      values: number[];
      firstLimits: number[];
      steadyLimits: number[];
      beyond: number[];
    };
  };
  readonly fastInitialResponse: {
    readonly inControl: { values: number[]; upper: number[]; lower: number[] };
    readonly outOfControl: { values: number[]; upper: number[]; beyond: number[] };
  };
}

const values = ({ points }: ControlChart): (number | null)[] => points.map(({ value }) => value);
const within = (value: number | null | undefined, printed: number, tolerance: number): void =>
  expect(Math.abs((value ?? NaN) - printed)).toBeLessThanOrEqual(tolerance + 1e-12);
const expectLines = (point: ChartPoint, printed: Printed, tolerance: number): void => {
  for (const line of ['center', 'lcl', 'ucl'] as const) within(point[line], printed[line], tolerance);
};

describe('the piston rings by qcc', () => {
  const tabulated = { factors: 'tabulated', phase1: 25 } as const;

  it('have its means, its limits to the last digit once d2 is rounded as there, and its three points beyond', () => {
    const chart = controlChart('xbar-r', rings.subgroups, tabulated);
    within(chart.estimates.sigma, rings.qcc.xbar.std_dev, 1e-15);
    const [lcl, ucl] = rings.qcc.xbar.limits[0];
    for (const point of chart.points) expectLines(point, { center: rings.qcc.xbar.center, lcl, ucl }, 5e-13);
    values(chart).forEach((value, index) =>
      within(value, [...rings.qcc.xbar.stats, ...published.qccPistonRings.meansPhase2][index], 5e-13),
    );
    expect(chart.beyond).toEqual([37, 38, 39]);
    expect(controlChart('xbar-r', rings.subgroups, { phase1: 25 }).beyond).toEqual([37, 38, 39]);
  });

  it('have its limits with exact constants within the rounding of its own', () => {
    const chart = controlChart('xbar-r', rings.subgroups.slice(0, 25));
    const [lcl, ucl] = rings.qcc.xbar.limits[0];
    const halfWidth = (ucl - lcl) / 2;
    within((chart.points[0].ucl - chart.points[0].center) / halfWidth, 1, 2e-4);
    within((chart.companion?.points[0].ucl ?? NaN) / rings.qcc.range.limits[0][1], 1, 2e-4);
    expect(chart.companion?.points[0].lcl).toBe(0);
    expect([chart.beyond, chart.companion?.beyond]).toEqual([[], []]);
  });

  it('have its standard deviations, and its limits for them', () => {
    const { standardDeviation } = published.qccPistonRings;
    const { companion, estimates } = controlChart('xbar-s', rings.subgroups.slice(0, 25));
    within(estimates.sigma, standardDeviation.std_dev, 1e-14);
    companion?.points.forEach((point, index) => {
      within(point.value, standardDeviation.stats[index], 1e-14);
      expectLines(point, { center: standardDeviation.center, lcl: 0, ucl: standardDeviation.limits[0][1] }, 1e-14);
    });
    expect(companion?.beyond).toEqual([]);
  });

  it('have its EWMA, each standard deviation, each limit and each point beyond', () => {
    const { ewma } = published.qccPistonRings;
    const chart = controlChart('ewma', rings.subgroups, { ...tabulated, lambda: 0.2 });
    chart.points.forEach((point, index) => {
      within(point.value, ewma.ewma[index], 5e-13);
      within(point.sigma, ewma.sigma[index], 1e-15);
      within(point.lcl, ewma.limits[index][0], 5e-13);
      within(point.ucl, ewma.limits[index][1], 5e-13);
    });
    expect(chart.beyond).toEqual(ewma.violations);
  });
});

describe('the NIST handbook', () => {
  it('has this EWMA as printed, with the limits it tends to', () => {
    const { data, lam, target, sigma, printed, printed_UCL, printed_LCL } = published.nistEwma;
    const chart = controlChart('ewma', data, { given: { center: target, sigma }, lambda: lam, limits: 'steady' });
    expect(chart.points.map(({ value }) => Number(value?.toFixed(2)))).toEqual(printed);
    within(chart.points[0].ucl, printed_UCL, 1e-4);
    within(chart.points[0].lcl, printed_LCL, 1e-4);
    expect(chart.beyond).toEqual([]);
  });

  it('has this CUSUM as printed, in the unit of the data, and the same signals', () => {
    const { data, target, k, h, printed_S_hi, printed_S_lo, signals_1based } = published.nistCusum;
    const chart = controlChart('cusum', data, { given: { center: target, sigma: 1 }, k, h });
    values(chart).forEach((value, index) => within(value, printed_S_hi[index], 0.005));
    chart.companion?.points.forEach(({ value }, index) => within(-(value ?? NaN), printed_S_lo[index], 0.005));
    expect(chart.beyond).toEqual(signals_1based);
    expect(chart.companion?.beyond).toEqual([]);
    expect(chart.points[13].since).toBe(13);
  });
});

describe('Montgomery', () => {
  const { montgomery } = published;

  it('has the p chart of the orange juice cans, also without samples 15 and 23', () => {
    const { size, defectives, beyond, revised } = montgomery.orangeJuice;
    const cans = attributesOf(defectives, size);
    const trial = controlChart('p', cans);
    expectLines(trial.points[0], montgomery.orangeJuice, 5e-5);
    expect(trial.beyond).toEqual(beyond);
    const without = controlChart('p', cans, { excluded: beyond });
    expectLines(without.points[0], revised, 5e-5);
    expect(without.beyond).toEqual([15, 21, 23]);
    expect(without.points.filter(({ excluded }) => excluded).map(({ index }) => index)).toEqual(beyond);
    const np = controlChart('np', cans);
    expect(values(np)).toEqual(defectives);
    within(np.points[0].ucl, trial.points[0].ucl * size, 1e-12);
    expect(np.beyond).toEqual(beyond);
  });

  it('has the p chart of purchase orders, whose limits change with the sample', () => {
    const { sizes, defectives, center, beyond } = montgomery.purchaseOrders;
    const chart = controlChart('p', attributesOf(defectives, sizes));
    within(chart.estimates.center, center, 5e-4);
    expect(chart.beyond).toEqual(beyond);
    chart.points.forEach((point, index) => within(point.ucl, 0.0955 + 3 * Math.sqrt((0.0955 * 0.9045) / sizes[index]), 2e-4));
  });

  it('has the c chart of circuit boards, also without samples 6 and 20', () => {
    const { counts, beyond, revised } = montgomery.circuitBoards;
    const chart = controlChart('c', attributesOf(counts));
    expectLines(chart.points[0], montgomery.circuitBoards, 0.01);
    expect(chart.beyond).toEqual(beyond);
    expectLines(controlChart('c', attributesOf(counts), { excluded: beyond }).points[0], revised, 0.01);
  });

  it('has the u charts of personal computers and of dyed cloth', () => {
    const { counts, size } = montgomery.personalComputers;
    expectLines(controlChart('u', attributesOf(counts, size)).points[0], montgomery.personalComputers, 0.005);
    const cloth = controlChart('u', attributesOf(montgomery.dyedCloth.counts, montgomery.dyedCloth.units));
    within(cloth.estimates.center, montgomery.dyedCloth.center, 0.005);
    expect(cloth.beyond).toEqual([]);
    within(cloth.points[2].ucl, 1.42 + 3 * Math.sqrt(1.42 / 13), 0.005);
  });

  it.each([
    ['paint primer', montgomery.paintPrimer, montgomery.paintPrimer.viscosity],
    ['mortgage costs', montgomery.mortgageCosts, montgomery.mortgageCosts.values],
  ])('has the individuals and moving range charts of %s', (_, printed, data) => {
    const chart = controlChart('i-mr', data);
    // The book goes on calculating with the rounded mean moving range.
    expectLines(chart.points[0], printed, 0.02);
    within(chart.companion?.points[1].center, printed.meanMovingRange, 0.005);
    within(chart.companion?.points[1].ucl, printed.movingRangeUcl, 0.02);
    expect([chart.beyond, chart.companion?.beyond]).toEqual([[], []]);
  });

  it('has the CUSUM of a process that shifts after point 20, and dates the shift', () => {
    const { values: data, cusum } = montgomery.shiftedProcess;
    const chart = controlChart('cusum', data, { given: { center: 10, sigma: 1 } });
    values(chart).forEach((value, index) => within(value, cusum.upper[index], 0.005));
    expect(chart.beyond).toEqual(cusum.beyond);
    expect(chart.points[28].since).toBe(cusum.since);
    within(chart.points[28].estimatedMean, cusum.estimatedMean, 0.005);
  });

  it('has the EWMA of the same process', () => {
    const { values: data, ewma } = montgomery.shiftedProcess;
    const options = { given: { center: 10, sigma: 1 }, lambda: ewma.lambda, widthSigmas: ewma.widthSigmas };
    const chart = controlChart('ewma', data, options);
    values(chart).forEach((value, index) => within(value, ewma.values[index], 1e-4));
    within(chart.points[0].lcl, ewma.firstLimits[0], 0.005);
    within(chart.points[0].ucl, ewma.firstLimits[1], 0.005);
    within(chart.points[29].ucl, ewma.steadyLimits[1], 0.005);
    expect(chart.beyond).toEqual(ewma.beyond);
    within(controlChart('ewma', data, { ...options, limits: 'steady' }).points[0].lcl, ewma.steadyLimits[0], 0.005);
  });

  it('has the fast initial response of CUSUMs that start halfway', () => {
    const { inControl, outOfControl } = montgomery.fastInitialResponse;
    // σ = 1 is the unit of the data there, K = 3 and H = 12 on both sides.
    const options = { given: { center: 100, sigma: 1 }, k: 3, h: 12, headStart: 6 };
    const calm = controlChart('cusum', inControl.values, options);
    expect(values(calm)).toEqual(inControl.upper);
    expect(calm.companion?.points.map(({ value }) => Math.abs(value ?? NaN))).toEqual(inControl.lower);
    const shifted = controlChart('cusum', outOfControl.values, options);
    expect(values(shifted)).toEqual(outOfControl.upper);
    expect(shifted.beyond).toEqual(outOfControl.beyond);
    expect(controlChart('cusum', outOfControl.values, { ...options, headStart: 0 }).beyond[0]).toBeGreaterThan(shifted.beyond[0]);
  });
});
