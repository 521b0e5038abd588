import { Type } from '@sinclair/typebox';
import { confidence, flag, list, matrix, number, numberOrNull, orNull, source, text } from './described.js';

const fit = {
  estimates: list(Type.Object({
    name: text('parameter'), estimate: number('by maximum likelihood'), standardError: number('by the delta method'),
    lower: number('lower end of the interval'), upper: number('upper end of the interval'),
  }), 'the parameters with their errors'),
  covariance: matrix('of the estimates, in their order'),
  logLikelihood: number('without any penalty'),
  aic: number('Akaike’s criterion'), bic: number('Schwarz’s criterion'), confidence, penalty: number('0 is maximum likelihood'),
  convergence: Type.Object({
    converged: flag('always true: else the command fails'), iterations: number('Newton steps'), largestSlope: number('left at the optimum'),
    starts: number('tried'), agreeing: number('starts that found this optimum'),
  }),
  customers: number('that the fit rests on'),
};

const spending = Type.Object({
  ...fit, model: Type.Literal('gamma-gamma'), parameters: Type.Record(Type.String(), Type.Number(), { description: 'p, q, v; v in the unit of the values' }),
  omitted: number('customers without repeat purchases'),
  populationMean: numberOrNull('mean value of a purchase expected of a new customer; null where it is infinite'),
  frequencyValueCorrelation: numberOrNull('of frequency and value, which the model takes to be 0'),
});

const customer = Type.Object({
  customer: text('as the file names it'),
  frequency: number('repeat purchase days in calibration'), recency: number('time of the last purchase since the first'),
  age: number('time from the first purchase to the end of calibration'), firstDay: number('days since 1970-01-01 of the first purchase'),
  value: numberOrNull('mean value of a purchase day'), valuedPurchases: number('purchase days that the value is the mean of'),
  holdoutFrequency: numberOrNull('purchase days after calibration'), holdoutValue: numberOrNull('value bought after calibration'),
  probabilityAlive: number('that the customer has not left for good'), expectedPurchases: number('within the horizon'),
  expectedSpend: numberOrNull('value expected of each'), lifetimeValue: numberOrNull('discounted value of the expected purchases'),
});

const holdout = Type.Object({
  holdout: number('length in units of time'), n: number('customers'), actual: number('purchases'), expected: number('purchases foreseen at the end of calibration'),
  meanAbsoluteError: number('a customer'), rootMeanSquareError: number('a customer'), correlation: numberOrNull('of actual and expected, over customers'),
  groups: list(Type.Object({
    frequency: number('repeat purchases in calibration'), orMore: flag('the last group'), n: number('customers'),
    actualMean: number('purchases a customer'), expectedMean: number('purchases a customer'),
  }), 'by frequency in calibration'),
});

export const repeatPurchaseSchema = Type.Object({
  source,
  unit: Type.Union([Type.Literal('days'), Type.Literal('weeks'), Type.Literal('months')], { description: 'of all times; a month is 30.4375 days' }),
  days: Type.Object({ first: text('day of the first purchase'), calibrationEnd: text('last day of calibration'), observationEnd: text('last day observed') }),
  summaries: Type.Object({
    unitDays: number('days in one unit of time'), firstDay: number('days since 1970-01-01'), calibrationEnd: number('days since 1970-01-01'),
    observationEnd: number('days since 1970-01-01'), holdout: number('time after calibration; 0 without'), purchases: number('lines of the file'),
    mergedSameDay: number('purchases merged into another of the same customer and day'), afterObservation: number('left out'),
    customersAfterCalibration: number('left out: first bought after calibration'),
  }),
  fit: Type.Object({
    ...fit,
    model: Type.Union([Type.Literal('bg-nbd'), Type.Literal('pareto-nbd')]),
    parameters: Type.Record(Type.String(), Type.Number(), { description: 'bg-nbd: r, alpha, a, b; pareto-nbd: r, alpha, s, beta; alpha and beta in units of time' }),
    repeatCustomers: number('with at least one repeat purchase'), repeatPurchases: number('in calibration'), distinctHistories: number('that differ'),
  }),
  spending: orNull(spending, 'Gamma-Gamma model; null without values'),
  horizon: number('time looked ahead for each customer'),
  frequencies: list(Type.Object({
    purchases: number('repeat purchases'), orMore: flag('the last row'), actual: number('customers'), expected: number('customers'),
  }), 'customers by repeat purchases in calibration'),
  tracking: list(Type.Object({
    time: number('since the first purchase'), actual: numberOrNull('repeat purchases so far'), expected: number('repeat purchases so far'),
  }), 'cumulated repeat purchases'),
  holdout: orNull(holdout, 'foreseen and actual purchases after calibration; null without'),
  customers: list(customer, 'all in order of id, or with --top those of the highest expected value'),
});
