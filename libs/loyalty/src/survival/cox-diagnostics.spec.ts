import { coxInfluence, coxRegression, coxResiduals, coxSurvival, schoenfeldResiduals, testProportionality } from './index.js';
import type { CoxFit, HazardObservations, TieMethod } from './index.js';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const expectClose = (ours: readonly number[], theirs: readonly number[], digits = 8): void =>
  expect(ours).toEqual(theirs.map((value) => expect.closeTo(value, digits) as number));
/** The second example of appendix E of Therneau and Grambsch, and R’s printed residuals of it. */
const intervals = {
  entry: [1, 2, 5, 2, 1, 7, 3, 4, 8, 8],
  time: [2, 3, 6, 7, 8, 9, 9, 9, 14, 17],
  event: [1, 1, 1, 1, 1, 1, 1, 0, 0, 0],
  covariates: [{ name: 'x', values: [1, 0, 0, 1, 0, 1, 1, 1, 0, 0] }],
};
const fit = coxRegression(intervals);
const six = { time: [9, 1, 1, 6, 6, 8], event: [1, 1, 0, 1, 1, 0], covariates: [{ name: 'x', values: [0, 1, 1, 1, 0, 0] }] };

describe('residuals of a Cox model', () => {
  it('are the martingale residuals R prints', () => {
    expectClose(
      coxResiduals(intervals, fit).martingale,
      [0.50527611, 0.66432995, 0.79746211, 0.22435805, -0.55144018, 0.42933697, -0.01764508, -1.14132605, -0.45517594, -0.45517594],
    );
  });

  it('are the score residuals R prints', () => {
    const { score } = coxInfluence(intervals, fit);
    expectClose(
      score.flat(),
      [0.2553039, -0.2183386, -0.4744295, -0.110152, 0.1137126, 0.2491954, 0.1057078, -0.4119611, 0.2454808, 0.2454808],
      6,
    );
  });

  it('are the Schoenfeld residuals R prints, per event', () => {
    const residuals = schoenfeldResiduals(intervals, fit);
    expectClose(
      residuals.flatMap((one) => one.residuals),
      [0.5052761, -0.3286599, -0.5949242, 0.2539781, -0.7460219, 0.4551759, 0.4551759],
      6,
    );
    expect(residuals.map(({ time, row }) => [time, row])).toEqual([
      [2, 0],
      [3, 1],
      [6, 2],
      [7, 3],
      [8, 4],
      [9, 5],
      [9, 6],
    ]);
    const [{ estimate }] = fit.coefficients;
    expect(residuals[0].scaled[0]).toBeCloseTo(estimate + 7 * fit.covariance[0][0] * residuals[0].residuals[0], 10);
  });

  it.each<TieMethod>(['efron', 'breslow'])('sum to zero with %s ties, as the model expects what happened', (ties) => {
    const own = coxRegression(intervals, { ties });
    const { martingale, deviance } = coxResiduals(intervals, own);
    expect(sum(martingale)).toBeCloseTo(0, 12);
    expect(sum(coxInfluence(intervals, own).score.flat())).toBeCloseTo(0, 10);
    expect(sum(schoenfeldResiduals(intervals, own).flatMap(({ residuals }) => residuals))).toBeCloseTo(0, 10);
    expect(deviance.every((value, row) => Math.sign(value) === Math.sign(martingale[row]))).toBe(true);
    expect(deviance[7]).toBeCloseTo(-Math.sqrt(2 * -martingale[7]), 12);
  });

  it('are refused for other columns than were fitted', () => {
    const other: HazardObservations = { ...intervals, covariates: [{ name: 'y', values: intervals.covariates[0].values }] };
    expect(() => coxResiduals(other, fit)).toThrow(/columns are y, the fit has x/);
  });
});

describe('the test of proportional hazards', () => {
  /** Score and information of six rows at each event time, by hand: the test of adding g(t)·x. */
  function byHand(score: readonly number[], information: readonly number[], clock: readonly number[]): number {
    const middle = sum(clock) / clock.length;
    const g = clock.map((at) => at - middle);
    const dot = (one: readonly number[], other: readonly number[]): number => sum(one.map((value, index) => value * other[index]));
    const [a, b, d] = [
      sum(information),
      dot(information, g),
      dot(
        information,
        g.map((at) => at * at),
      ),
    ];
    return (a * dot(score, g) ** 2) / (a * d - b * b);
  }
  const breslow = (3 + Math.sqrt(33)) / 2;
  const efron = 2 * Math.sqrt(23 / 3) * Math.cos(Math.acos((45 / 23) * Math.sqrt(3 / 23)) / 3);
  const share = (r: number, others: number): number => (others * r) / (r + others) ** 2;

  it('is the score test worked out by hand, Breslow', () => {
    const r = breslow;
    const tested = testProportionality(six, coxRegression(six, { ties: 'breslow' }), { transform: 'identity' });
    const hand = byHand([1 / (r + 1), 3 / (r + 3), -r / (r + 3), 0], [share(r, 1), share(r, 3), share(r, 3), 0], [1, 6, 6, 9]);
    expect(tested.terms[0].chiSquare).toBeCloseTo(hand, 10);
    expect(tested.global.chiSquare).toBeCloseTo(hand, 10);
  });

  it('is the score test worked out by hand, Efron, on the logarithm of time', () => {
    const r = efron;
    const tested = testProportionality(six, coxRegression(six), { transform: 'log' });
    const hand = byHand(
      [1 / (r + 1), 3 / (r + 3), -r / (r + 5), 0],
      [share(r, 1), share(r, 3), share(r, 5), 0],
      [1, 6, 6, 9].map(Math.log),
    );
    expect(tested.terms[0].chiSquare).toBeCloseTo(hand, 10);
  });

  it('takes ranks of event times, tied ones at their mean, or one less the curve just before', () => {
    const r = breslow;
    const own = coxRegression(six, { ties: 'breslow' });
    const [score, information] = [
      [1 / (r + 1), 3 / (r + 3), -r / (r + 3), 0],
      [share(r, 1), share(r, 3), share(r, 3), 0],
    ];
    expect(testProportionality(six, own, { transform: 'rank' }).global.chiSquare).toBeCloseTo(
      byHand(score, information, [1, 2.5, 2.5, 4]),
      10,
    );
    expect(testProportionality(six, own).global.chiSquare).toBeCloseTo(
      byHand(score, information, [0, 1 / 6, 1 / 6, 1 - (5 / 6) * (2 / 4)]),
      10,
    );
  });

  it('doubles for two strata alike', () => {
    const both = {
      time: [...six.time, ...six.time],
      event: [...six.event, ...six.event],
      covariates: [{ name: 'x', values: [...six.covariates[0].values, ...six.covariates[0].values] }],
    };
    const strata = both.time.map((_, row) => (row < 6 ? 'a' : 'b'));
    const once = testProportionality(six, coxRegression(six), { transform: 'log' }).global.chiSquare;
    const twice = { ...both, strata };
    expect(testProportionality(twice, coxRegression(twice), { transform: 'log' }).global.chiSquare).toBeCloseTo(2 * once, 9);
  });

  it('tests columns of a term together', () => {
    const two = { ...intervals, covariates: [...intervals.covariates, { name: 'z', values: [3, 1, 4, 1, 5, 9, 2, 6, 5, 3] }] };
    const own = coxRegression(two);
    const { terms, global } = testProportionality(two, own, { terms: [{ name: 'both', columns: ['x', 'z'] }] });
    expect(terms).toEqual([{ name: 'both', columns: ['x', 'z'], ...global }]);
    expect(global.df).toBe(2);
    expect(() => testProportionality(two, own, { terms: [{ name: 'w', columns: ['w'] }] })).toThrow(/columns x, z, each at most once/);
  });

  it('refuses the logarithm of time zero, and events at one time', () => {
    const zero = { ...six, time: [9, 0, 1, 6, 6, 8] };
    expect(() => testProportionality(zero, coxRegression(zero), { transform: 'log' })).toThrow(/times above zero/);
    const atOnce = { time: [1, 1, 2, 2], event: [1, 1, 0, 0], covariates: [{ name: 'x', values: [1, 3, 2, 0] }] };
    expect(() => testProportionality(atOnce, coxRegression(atOnce))).toThrow(/do not spread over time/);
  });
});

describe('the survival of a Cox model', () => {
  it('is R’s curve at the means, with its errors and bounds', () => {
    const [{ stratum, points }] = coxSurvival(intervals, fit, 'means');
    expect(stratum).toBeNull();
    const printed = points.map(({ survival, standardError, lower, upper }) => [survival, survival * standardError, lower, upper]);
    const table = [
      [0.607, 0.303, 0.2277, 1],
      [0.435, 0.262, 0.1337, 1],
      [0.356, 0.226, 0.1029, 1],
      [0.277, 0.189, 0.0729, 1],
      [0.215, 0.157, 0.0516, 0.899],
      [0.137, 0.109, 0.0288, 0.655],
    ];
    printed.forEach((row, at) =>
      row.forEach((value, column) => expect(Math.abs((value ?? NaN) - table[at][column])).toBeLessThan(column === 2 ? 6e-5 : 6e-4)),
    );
  });

  it('is Breslow’s hazard and Tsiatis’s variance of the hand-worked example', () => {
    const weighted = {
      time: [1, 1, 2, 2, 2, 2, 3, 4, 5],
      event: [1, 0, 1, 1, 1, 0, 0, 1, 0],
      weights: [1, 2, 3, 4, 3, 2, 1, 2, 1],
      covariates: [{ name: 'x', values: [2, 0, 1, 1, 0, 1, 0, 1, 0] }],
    };
    const own = coxRegression(weighted, { ties: 'breslow' });
    const beta = own.coefficients[0].estimate;
    const r = Math.exp(beta);
    const hazard = [1 / (r * r + 11 * r + 7), 10 / (11 * r + 5), 2 / (2 * r + 1)];
    const means = [(2 * r * r + 11 * r) * hazard[0], (11 * r) / (11 * r + 5), (2 * r) / (2 * r + 1)];
    const [{ points }] = coxSurvival(weighted, own, { x: 0.3 });
    points.forEach((point, at) => {
      const upTo = hazard.slice(0, at + 1);
      const lean = sum(upTo.map((step, index) => step * (means[index] - 0.3)));
      const variance =
        (sum(upTo.map((step, index) => (step * step) / [1, 10, 2][index])) + lean * lean * own.covariance[0][0]) * Math.exp(0.6 * beta);
      expect(point.cumulativeHazard).toBeCloseTo(sum(upTo) * Math.exp(0.3 * beta), 11);
      expect(point.standardError).toBeCloseTo(Math.sqrt(variance), 11);
    });
  });

  it('moves with the covariates by the hazard ratio, and has a curve a stratum', () => {
    const strata = intervals.time.map((_, row) => (row % 2 === 0 ? 'even' : 'odd'));
    const stratified = { ...intervals, strata, covariates: [{ name: 'x', values: [1, 0, 0, 1, 0, 1, 1, 0, 0, 1] }] };
    const own: CoxFit = { ...fit, coefficients: [{ ...fit.coefficients[0], estimate: Math.LN2 }] };
    const zero = coxSurvival(stratified, own, 'zero');
    const one = coxSurvival(stratified, own, { x: 1 });
    expect(zero.map(({ stratum }) => stratum)).toEqual(['even', 'odd']);
    zero.forEach(({ points }, at) =>
      points.forEach((point, index) => expect(one[at].points[index].cumulativeHazard).toBeCloseTo(2 * point.cumulativeHazard, 12)),
    );
  });

  it('refuses a column without a value', () => {
    expect(() => coxSurvival(intervals, fit, {})).toThrow(/no value is given for column x/);
    expect(() => coxSurvival(intervals, fit, { x: NaN })).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
  });
});
