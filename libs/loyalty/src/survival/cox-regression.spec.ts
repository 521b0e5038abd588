import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { coxRegression } from './index.js';
import type { CoxFit, Covariate, HazardObservations, TieMethod } from './index.js';

const { heart } = JSON.parse(readFileSync(new URL('../fixtures/survival-trials.json', import.meta.url), 'utf8')) as {
  readonly heart: Readonly<Record<'entry' | 'time' | 'event' | 'transplant' | 'age' | 'surgery' | 'id', readonly number[]>>;
};
const named = (columns: Readonly<Record<string, readonly number[]>>): Covariate[] =>
  Object.entries(columns).map(([name, values]) => ({ name, values }));
const estimates = (fit: CoxFit): number[] => fit.coefficients.map(({ estimate }) => estimate);
const errors = (fit: CoxFit): number[] => fit.coefficients.map(({ standardError }) => standardError);
function expectClose(ours: readonly number[], theirs: readonly number[], digits = 7): void {
  expect(ours.map((value) => Number(value.toFixed(digits)))).toEqual(theirs.map((value) => expect.closeTo(value, digits) as number));
}

interface Row {
  readonly time: number;
  readonly event: number;
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}
/** Enough rows that no effect runs away, ties among them. */
const cohorts = fc.array(
  fc.record({
    time: fc.integer({ min: 1, max: 15 }),
    event: fc.integer({ min: 0, max: 1 }),
    x: fc.integer({ min: -3, max: 3 }),
    y: fc.integer({ min: 0, max: 5 }),
    weight: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 5, maxLength: 30 },
);
const anchors: readonly Row[] = [-3, 2, 0, 3, -1, 1, -2, 2].flatMap((x, at) =>
  [0, 5, 2].map((y, step) => ({ time: 2 + ((at * 5 + step * 7) % 13), event: 1, x, y, weight: 1 })),
);
const columns = (rows: readonly Row[]): HazardObservations => ({
  time: rows.map(({ time }) => time),
  event: rows.map(({ event }) => event),
  covariates: named({ x: rows.map(({ x }) => x), y: rows.map(({ y }) => y) }),
});
const ties = fc.constantFrom<TieMethod>('efron', 'breslow');

describe('Cox regression', () => {
  const small = { time: [9, 1, 1, 6, 6, 8], event: [1, 1, 0, 1, 1, 0], covariates: named({ x: [0, 1, 1, 1, 0, 0] }) };

  it('has the exact solution of six rows with Breslow’s ties', () => {
    const fit = coxRegression(small, { ties: 'breslow' });
    const r = (3 + Math.sqrt(33)) / 2;
    expect(fit.coefficients[0].estimate).toBeCloseTo(Math.log(r), 12);
    expect(fit.logLikelihood.model).toBeCloseTo(2 * Math.log(r) - Math.log(3 * r + 3) - 2 * Math.log(r + 3), 12);
    expect(fit.covariance[0][0]).toBeCloseTo(1 / (r / (r + 1) ** 2 + (6 * r) / (r + 3) ** 2), 12);
    expect(fit.scoreTest.chiSquare).toBeCloseTo(1 / (1 / 4 + 6 / 16), 12);
  });

  it('has the exact solution of six rows with Efron’s ties', () => {
    const r = 2 * Math.sqrt(23 / 3) * Math.cos(Math.acos((45 / 23) * Math.sqrt(3 / 23)) / 3);
    const fit = coxRegression(small);
    expect(fit.coefficients[0].estimate).toBeCloseTo(Math.log(r), 12);
    expect(fit.logLikelihood.model).toBeCloseTo(2 * Math.log(r) - Math.log(3 * r + 3) - Math.log((r + 5) / 2) - Math.log(r + 3), 12);
  });

  it('weighs rows of a likelihood as the hand-worked example of nine rows does', () => {
    const weighted = {
      time: [1, 1, 2, 2, 2, 2, 3, 4, 5],
      event: [1, 0, 1, 1, 1, 0, 0, 1, 0],
      weights: [1, 2, 3, 4, 3, 2, 1, 2, 1],
      covariates: named({ x: [2, 0, 1, 1, 0, 1, 0, 1, 0] }),
    };
    const fit = coxRegression(weighted, { ties: 'breslow' });
    expect(fit.coefficients[0].estimate).toBeCloseTo(0.85955744, 7);
    expect(fit.logLikelihood.null).toBeCloseTo(-(Math.log(19) + 10 * Math.log(16) + 2 * Math.log(3)), 12);
    expect([fit.likelihoodRatioTest, fit.waldTest, fit.scoreTest].map(({ chiSquare }) => chiSquare.toFixed(2))).toEqual([
      '1.69',
      '1.45',
      '1.52',
    ]);
    expect(fit.concordance.estimate?.toFixed(3)).toBe('0.637');
    expect(fit.coefficients[0]).toMatchObject({ lower: expect.closeTo(0.5839, 4) as number, upper: expect.closeTo(9.556, 3) as number });
  });

  it('follows patients whose treatment begins while they are observed', () => {
    const times = (one: readonly number[], other: readonly number[]): number[] => one.map((value, row) => value * other[row]);
    const { age, surgery, transplant } = heart;
    const covariates = named({
      age,
      surgery,
      transplant,
      'age:transplant': times(age, transplant),
      'surgery:transplant': times(surgery, transplant),
    });
    const fit = coxRegression({ ...heart, covariates }, { ties: 'breslow' });
    expectClose(estimates(fit), [0.01386, -0.54652, 0.11572, 0.03473, -0.29037], 5);
    expectClose(errors(fit), [0.01813, 0.61091, 0.32729, 0.02725, 0.75819], 5);
    expect(fit).toMatchObject({ n: 170, events: 75, isRobust: false });
  });

  it('is the same for weights as for repeated rows with Breslow’s ties', () => {
    fc.assert(
      fc.property(cohorts, (some) => {
        const rows = [...anchors, ...some];
        const weighted = coxRegression({ ...columns(rows), weights: rows.map(({ weight }) => weight) }, { ties: 'breslow' });
        const repeated = coxRegression(columns(rows.flatMap((row) => Array.from({ length: row.weight }, () => row))), { ties: 'breslow' });
        expectClose(estimates(weighted), estimates(repeated));
        expectClose(errors(weighted), errors(repeated));
        expect(weighted.concordance.estimate).toBeCloseTo(repeated.concordance.estimate ?? NaN, 10);
      }),
      { numRuns: 40 },
    );
  });

  it('is the same in any order of rows, any unit of time, and moves with the unit of a column', () => {
    fc.assert(
      fc.property(cohorts, ties, (some, method) => {
        const rows = [...anchors, ...some];
        const fit = coxRegression(columns(rows), { ties: method });
        expectClose(estimates(coxRegression(columns([...rows].reverse()), { ties: method })), estimates(fit));
        expectClose(
          estimates(coxRegression(columns(rows.map((row) => ({ ...row, time: row.time * 1e-3 }))), { ties: method })),
          estimates(fit),
        );
        const moved = coxRegression(columns(rows.map((row) => ({ ...row, x: row.x * 1e4 + 7 }))), { ties: method });
        expectClose([moved.coefficients[0].estimate * 1e4, moved.coefficients[1].estimate], estimates(fit));
      }),
      { numRuns: 40 },
    );
  });

  it('does not change when a row is split in time, nor by what is split where nothing happens', () => {
    fc.assert(
      fc.property(cohorts, ties, fc.integer({ min: 1, max: 29 }), (some, method, half) => {
        const cut = half / 2;
        const rows = [...anchors, ...some];
        const parts = rows.flatMap((row) =>
          row.time > cut
            ? [
                { ...row, entry: 0, time: cut, event: 0 },
                { ...row, entry: cut },
              ]
            : [{ ...row, entry: 0 }],
        );
        const split = coxRegression({ ...columns(parts), entry: parts.map(({ entry }) => entry) }, { ties: method });
        const whole = coxRegression(columns(rows), { ties: method });
        expectClose(estimates(split), estimates(whole));
        expectClose(errors(split), errors(whole));
        expect(split.logLikelihood.model).toBeCloseTo(whole.logLikelihood.model, 8);
        expect(split.concordance).toEqual({ ...whole.concordance });
      }),
      { numRuns: 40 },
    );
  });

  it('gives each stratum its own baseline: three copies at shifted times are three times the information', () => {
    const once = { entry: [1, 2, 5, 2, 1, 7, 3, 4, 8, 8], time: [2, 3, 6, 7, 8, 9, 9, 9, 14, 17], event: [1, 1, 1, 1, 1, 1, 1, 0, 0, 0] };
    const x = [1, 0, 0, 1, 0, 1, 1, 1, 0, 0];
    const shifted = (values: readonly number[], by: number): number[] =>
      [1, 2, 3].flatMap((copy) => values.map((value) => value + by * copy));
    const thrice = {
      entry: shifted(once.entry, 1),
      time: shifted(once.time, 1),
      event: shifted(once.event, 0),
      covariates: named({ x: shifted(x, 0) }),
      strata: [1, 2, 3].flatMap((copy) => x.map(() => copy)),
    };
    const one = coxRegression({ ...once, covariates: named({ x }) });
    const three = coxRegression(thrice);
    expect(one.coefficients[0].estimate).toBeCloseTo(-0.0211052, 7);
    expect(three.coefficients[0].estimate).toBeCloseTo(one.coefficients[0].estimate, 10);
    expect(three.covariance[0][0]).toBeCloseTo(one.covariance[0][0] / 3, 10);
    expect(three.logLikelihood.model).toBeCloseTo(3 * one.logLikelihood.model, 9);
    expect(three.concordance.estimate).toBeCloseTo(one.concordance.estimate ?? NaN, 12);
  });

  it('takes an offset as an effect already known', () => {
    const rows = anchors;
    const free = coxRegression(columns(rows));
    const { time, event, covariates } = columns(rows);
    const [first, second] = estimates(free);
    const fixed = coxRegression({ time, event, covariates: covariates.slice(0, 1), offset: rows.map(({ y }) => y * second) });
    expect(fixed.coefficients[0].estimate).toBeCloseTo(first, 8);
    expect(fixed.logLikelihood.model).toBeCloseTo(free.logLikelihood.model, 9);
  });

  it('has robust errors that a row repeated in its cluster does not make smaller', () => {
    const rows = anchors;
    const cluster = rows.map((_, row) => row);
    const once = coxRegression({ ...columns(rows), cluster }, { ties: 'breslow' });
    const twice = coxRegression({ ...columns([...rows, ...rows]), cluster: [...cluster, ...cluster] }, { ties: 'breslow' });
    expectClose(errors(twice), errors(once));
    expect(twice.coefficients[0].modelStandardError).toBeCloseTo(once.coefficients[0].modelStandardError / Math.SQRT2, 8);
    expect(once.isRobust).toBe(true);
  });

  it('counts concordant pairs as comparing all pairs does', () => {
    fc.assert(
      fc.property(cohorts, (some) => {
        const rows = [...anchors, ...some];
        const { coefficients, concordance } = coxRegression(columns(rows));
        const risk = rows.map(({ x, y }) => x * coefficients[0].estimate + y * coefficients[1].estimate);
        const count = { concordant: 0, discordant: 0, tiedRisk: 0 };
        rows.forEach((one, i) =>
          rows.forEach((other, j) => {
            if (!one.event || !(other.time > one.time || (other.time === one.time && !other.event))) return;
            const difference = risk[i] - risk[j];
            count[Math.abs(difference) < 1e-9 ? 'tiedRisk' : difference > 0 ? 'concordant' : 'discordant'] += 1;
          }),
        );
        const { concordant, discordant, tiedRisk } = concordance;
        expect(concordant + discordant + tiedRisk).toBe(count.concordant + count.discordant + count.tiedRisk);
        expect(Math.abs(concordant - count.concordant)).toBeLessThanOrEqual(count.tiedRisk);
      }),
      { numRuns: 40 },
    );
  });
});

describe('what Cox regression refuses', () => {
  const time = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
  const event = [1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0];
  const x = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];
  const refusal = (observations: HazardObservations, code: string, message: RegExp): void =>
    expect(() => coxRegression(observations)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) as string }));

  it('effects that run to infinity, naming the columns', () => {
    const x1 = time.map((_, row) => row % 2);
    const x2 = time.map((_, row) => Number(row > 5));
    refusal({ time, event, covariates: named({ x1, x2 }) }, 'NO_CONVERGENCE', /effect of x1, x2 runs to infinity/);
    refusal({ time, event: x1.map((of) => 1 - of), covariates: named({ x, x1 }) }, 'NO_CONVERGENCE', /effect of x1 runs to infinity/);
    refusal(
      { time, entry: time.map(() => 0), event: x1.map((of) => 1 - of), covariates: named({ x, x1 }) },
      'NO_CONVERGENCE',
      /effect of x1 runs to infinity/,
    );
  });

  it('a column the others determine', () => {
    const noise = [2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5];
    refusal(
      { time, event, covariates: named({ x, noise, both: x.map((value, row) => 2 * value - noise[row] + 4) }) },
      'BAD_DATA',
      /column both is collinear with x, noise/,
    );
  });

  it('a column without variation, in all or among those compared', () => {
    refusal({ time, event, covariates: named({ one: time.map(() => 0.1) }) }, 'BAD_DATA', /column one is constant/);
    refusal(
      { time, event, covariates: named({ site: time.map((at) => at % 2) }), strata: time.map((at) => at % 2) },
      'BAD_DATA',
      /site does not vary among those at risk/,
    );
  });

  it('a value that is missing, no events, no columns, columns twice', () => {
    refusal({ time, event, covariates: named({ x: [...x.slice(0, 11), NaN] }) }, 'NOT_FINITE', /column x, row 12/);
    refusal({ time, event, covariates: named({ x }), offset: x.map(() => Infinity) }, 'NOT_FINITE', /column offset, row 1/);
    refusal({ time, event: event.map(() => 0), covariates: named({ x }) }, 'TOO_FEW_POINTS', /no row has the event/);
    refusal({ time, event, covariates: [] }, 'BAD_DATA', /no covariate/);
    refusal({ time, event, covariates: [...named({ x }), ...named({ x })] }, 'BAD_DATA', /same name/);
    refusal({ time, event, covariates: named({ x: [1] }) }, 'BAD_DATA', /column x has 1 rows, time has 12/);
  });

  it('too few clusters, and options outside their range', () => {
    refusal({ time, event, covariates: named({ x }), cluster: time.map(() => 'all') }, 'TOO_FEW_POINTS', /more clusters/);
    expect(() => coxRegression({ time, event, covariates: named({ x }) }, { ties: 'exact' as TieMethod })).toThrow(/efron or breslow/);
    expect(() => coxRegression({ time, event, covariates: named({ x }) }, { confidence: 1 })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    );
  });

  it('nothing of columns as large as 1e150 or as small as 1e-150', () => {
    const plain = coxRegression({ time, event, covariates: named({ x }) }).coefficients[0].z;
    for (const unit of [1e150, 1e-150])
      expect(coxRegression({ time, event, covariates: named({ x: x.map((value) => value * unit) }) }).coefficients[0].z).toBeCloseTo(
        plain,
        9,
      );
  });
});
