import fc from 'fast-check';
import { coxRegression, discreteHazard, discreteSurvival, kaplanMeier } from './index.js';
import type { DiscreteHazardFit, PeriodLink, PeriodObservations } from './index.js';

const links = fc.constantFrom<PeriodLink>('logit', 'cloglog');
const subjects = fc.array(
  fc.record({
    period: fc.integer({ min: 1, max: 5 }),
    event: fc.integer({ min: 0, max: 1 }),
    x: fc.integer({ min: 0, max: 3 }),
    weight: fc.integer({ min: 1, max: 3 }),
  }),
  {
    minLength: 4,
    maxLength: 25,
  },
);
interface Subject {
  readonly period: number;
  readonly event: number;
  readonly x: number;
  readonly weight: number;
  readonly entry?: number;
}
/** In every period some have the event and some do not, at all values of x. */
const anchors: readonly Subject[] = [1, 2, 3, 4, 5].flatMap((period) =>
  [0, 1, 2, 3].flatMap((x) => [0, 1].map((event) => ({ period, event, x, weight: 1 }))),
);
const columns = (rows: readonly Subject[]): PeriodObservations => ({
  period: rows.map(({ period }) => period),
  event: rows.map(({ event }) => event),
  covariates: [{ name: 'x', values: rows.map(({ x }) => x) }],
});
function expectSame(one: DiscreteHazardFit, other: DiscreteHazardFit): void {
  // Not the hazard at the means: a row split in two counts twice in a mean.
  const numbers = ({ baseline, coefficients, logLikelihood }: DiscreteHazardFit): number[] => [
    ...baseline.flatMap(({ intercept, standardError, atRisk }) => [intercept ?? -1, standardError ?? -1, atRisk]),
    ...coefficients.flatMap(({ estimate, standardError }) => [estimate, standardError]),
    logLikelihood.model,
  ];
  expect(numbers(one)).toEqual(numbers(other).map((value) => expect.closeTo(value, 7) as number));
}

describe('the discrete-time hazard', () => {
  it('is the life table where there are no covariates, whatever the link', () => {
    fc.assert(
      fc.property(subjects, links, (some, link) => {
        const rows = [...anchors, ...some];
        const { period, event } = columns(rows);
        const fit = discreteHazard({ period, event, covariates: [] }, { link });
        const curve = kaplanMeier({ time: period, event });
        const forecast = discreteSurvival(fit, {});
        curve.points.forEach(({ survival }, at) => expect(forecast[at].survival).toBeCloseTo(survival, 12));
        expect(fit.logLikelihood.model).toBe(fit.logLikelihood.null);
      }),
    );
  });

  it('is the log odds ratio of a table where there is one period', () => {
    // 10 of 40 against 20 of 30 have the event.
    const rows = [
      [0, 1, 10],
      [0, 0, 30],
      [1, 1, 20],
      [1, 0, 10],
    ];
    const table = {
      period: rows.map(() => 1),
      event: rows.map(([, event]) => event),
      weights: rows.map(([, , count]) => count),
      covariates: [{ name: 'x', values: rows.map(([x]) => x) }],
    };
    const logit = discreteHazard(table);
    expect(logit.coefficients[0].ratio).toBeCloseTo(6, 10);
    expect(logit.coefficients[0].standardError).toBeCloseTo(Math.sqrt(1 / 10 + 1 / 30 + 1 / 20 + 1 / 10), 10);
    expect(logit.baseline[0].intercept).toBeCloseTo(Math.log(10 / 30), 10);
    expect(logit.baseline[0].standardError).toBeCloseTo(Math.sqrt(1 / 10 + 1 / 30), 10);
    expect(logit).toMatchObject({ n: 4, personPeriods: 70, events: 30 });
    // Complementary log-log: the ratio of the hazards −log(1 − p) themselves.
    const cloglog = discreteHazard(table, { link: 'cloglog' });
    expect(cloglog.coefficients[0].ratio).toBeCloseTo(Math.log(1 / 3) / Math.log(3 / 4), 10);
    expect(cloglog.likelihoodRatioTest.chiSquare).toBeCloseTo(logit.likelihoodRatioTest.chiSquare, 9);
  });

  it('comes near the Cox model where periods are short', () => {
    const rows = Array.from({ length: 400 }, (_, at) => ({ time: 1 + ((at * 7919) % 1009), event: Number(at % 3 > 0), x: (at * at) % 7 }));
    const covariates = [{ name: 'x', values: rows.map(({ x }) => x) }];
    const event = rows.map((row) => row.event);
    const cox = coxRegression({ time: rows.map(({ time }) => time), event, covariates }, { ties: 'breslow' });
    const fine = discreteHazard(
      { period: rows.map(({ time }) => time), event, covariates },
      { link: 'cloglog', breaks: Array.from({ length: 100 }, (_, at) => (at + 1) * 10) },
    );
    expect(fine.coefficients[0].estimate).toBeCloseTo(cox.coefficients[0].estimate, 2);
    expect(fine.coefficients[0].standardError).toBeCloseTo(cox.coefficients[0].standardError, 2);
  });

  it('is the same for weights as for repeated rows, in any order, and for rows split between periods', () => {
    fc.assert(
      fc.property(subjects, links, fc.integer({ min: 1, max: 4 }), (some, link, cut) => {
        const rows = [...anchors, ...some];
        const repeated = discreteHazard(columns(rows.flatMap((row) => Array.from({ length: row.weight }, () => row))), { link });
        const weighted = discreteHazard({ ...columns(rows), weights: rows.map(({ weight }) => weight) }, { link });
        expectSame(weighted, repeated);
        weighted.baseline.forEach(({ hazard }, at) => expect(hazard).toBeCloseTo(repeated.baseline[at].hazard, 9));
        const whole = discreteHazard(columns(rows), { link });
        expectSame(discreteHazard(columns([...rows].reverse()), { link }), whole);
        const parts = rows.flatMap((row) =>
          row.period > cut
            ? [
                { ...row, entry: 0, period: cut, event: 0 },
                { ...row, entry: cut },
              ]
            : [{ ...row, entry: 0 }],
        );
        expectSame(discreteHazard({ ...columns(parts), entry: parts.map(({ entry }) => entry) }, { link }), whole);
      }),
      { numRuns: 40 },
    );
  });

  it('joins periods by breaks, with one hazard a class', () => {
    const fit = discreteHazard({ period: [1, 2, 3, 3, 4, 4], event: [1, 1, 1, 0, 1, 0], covariates: [] }, { breaks: [2] });
    expect(fit.baseline).toMatchObject([
      { from: 1, to: 2, atRisk: 11, events: 2, hazard: expect.closeTo(2 / 11, 12) as number },
      { from: 3, to: 4, atRisk: 6, events: 2, hazard: expect.closeTo(1 / 3, 12) as number },
    ]);
    expect(discreteSurvival(fit, {}).map(({ period, survival }) => [period, Number(survival.toFixed(6))])).toEqual([
      [1, 0.818182],
      [2, 0.669421],
      [3, 0.446281],
      [4, 0.297521],
    ]);
  });

  it('has hazard 0 or 1 where nobody or everybody has the event, which tells nothing of the covariates', () => {
    const quiet = [...anchors.map((row) => ({ ...row, period: row.period + 1 })), { period: 8, event: 1, x: 2, weight: 1 }];
    const fit = discreteHazard(columns(quiet));
    expect(fit.baseline.map(({ intercept, hazard }) => (intercept === null ? hazard : 'estimated'))).toEqual([
      0,
      ...Array.from({ length: 5 }, () => 'estimated'),
      0,
      1,
    ]);
    const cut = quiet.map((row) => (row.period === 8 ? { ...row, period: 6, event: 0 } : row));
    expect(fit.coefficients[0].estimate).toBeCloseTo(discreteHazard(columns(cut)).coefficients[0].estimate, 9);
    expect(discreteSurvival(fit, { x: 1 }).at(-1)).toEqual({ period: 8, hazard: 1, survival: 0 });
  });

  it.each<[string, PeriodObservations, string, RegExp]>([
    [
      'periods that are no whole numbers',
      { period: [1.5, 2], event: [1, 0], covariates: [] },
      'BAD_DATA',
      /row 1: periods are whole numbers/,
    ],
    ['no event at all', { period: [1, 2], event: [0, 0], covariates: [] }, 'TOO_FEW_POINTS', /some have the event and some not/],
    [
      'a constant column',
      { ...columns(anchors), covariates: [{ name: 'one', values: anchors.map(() => 1) }] },
      'BAD_DATA',
      /column one is constant/,
    ],
    [
      'a missing value',
      { ...columns(anchors), covariates: [{ name: 'x', values: anchors.map(() => NaN) }] },
      'NOT_FINITE',
      /column x, row 1/,
    ],
    [
      'collinear columns',
      {
        ...columns(anchors),
        covariates: [
          { name: 'x', values: anchors.map(({ x }) => x) },
          { name: 'twice', values: anchors.map(({ x }) => 2 * x + 1) },
        ],
      },
      'BAD_DATA',
      /column twice is collinear with x/,
    ],
    [
      'a column that separates the events',
      { ...columns(anchors), covariates: [{ name: 'told', values: anchors.map(({ event }) => event) }] },
      'NO_CONVERGENCE',
      /effect of told runs to infinity/,
    ],
  ])('refuses %s', (_, observations, code, message) => {
    expect(() => discreteHazard(observations, { breaks: [1, 2, 3, 4, 5] })).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
    );
  });

  it.each([
    [1e-4, 'event'],
    [1e-4, 'survivor'],
  ] as const)('takes what is rare (weight %d) for rare, not for impossible: one %s among those with the treatment', (rare, what) => {
    const [ofEvent, ofRest] = what === 'event' ? [rare, 1] : [1, rare];
    const fit = discreteHazard({
      period: [1, 1, 1, 1],
      event: [1, 0, 1, 0],
      weights: [1, 1, ofEvent, ofRest],
      covariates: [{ name: 'treated', values: [0, 0, 1, 1] }],
    });
    expect(fit.coefficients[0].estimate).toBeCloseTo(Math.log(ofEvent / ofRest), 9);
  });

  it('refuses breaks that do not rise, links it does not know, and forecasts without a value', () => {
    expect(() => discreteHazard(columns(anchors), { breaks: [3, 2] })).toThrow(/breaks are the last periods/);
    expect(() => discreteHazard(columns(anchors), { link: 'probit' as PeriodLink })).toThrow(/logit or cloglog/);
    expect(() => discreteSurvival(discreteHazard(columns(anchors)), {})).toThrow(/no value is given for column x/);
  });
});
