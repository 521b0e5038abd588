import { Type } from '@sinclair/typebox';
import { coefficient, confidence, flag, label, list, number, numberOrNull, orNull, source, text, textOrNull } from './described.js';

const cell = Type.Union([Type.String(), Type.Number(), Type.Null()], { description: 'of the row; null is missing' });

const fit = Type.Object({
  n: number('rows'), events: number('rows with the event'), intercept: coefficient('log-odds where all features are 0'), coefficients: list(coefficient('effect'), 'one for each feature'),
  logLikelihood: number('without the penalty'), deviance: number('−2·log-likelihood'), nullDeviance: number('of the intercept alone'), aic: numberOrNull('null where a penalty shapes the fit'),
  l2: number('weight of ½Σβ²'), l1: number('weight of Σ|β|'), confidence, iterations: number('Newton steps'),
}, { description: 'logistic regression' });

const calibration = Type.Object({
  table: list(Type.Object({
    n: number('rows'), events: number('rows with the event'), lowest: number('forecast'), highest: number('forecast'), meanForecast: number('probability'), observedRate: number('of the event'),
    lower: number('lower end of Wilson’s interval of the rate'), upper: number('upper end'),
  }), 'groups of similar forecasts'),
  expectedCalibrationError: number('mean distance of rate and forecast'), largestCalibrationError: number('of a group'),
  slope: coefficient('1 is right; below, forecasts are too extreme'), intercept: coefficient('with that slope'), calibrationInTheLarge: coefficient('above 0, forecasts are too low'),
  hosmerLemeshow: orNull(Type.Object({ statistic: number('χ²'), df: number('groups less two'), pValue: number('of forecasts that come true') }), 'null below three groups'),
});

const crossValidation = Type.Object({
  n: number('rows'), events: number('rows with the event'),
  folds: list(Type.Object({ fold: number('from 0'), n: number('rows held out'), events: number('among them'), auc: number('on them') }), 'each judged by a model fitted to the others'),
  aucMean: number('of the folds'), aucStandardDeviation: number('of the folds'),
  auc: Type.Object({
    estimate: number('probability that an event scores above a non-event'), gini: number('2·AUC − 1'), standardError: numberOrNull('DeLong’s'), lower: numberOrNull('lower end of the interval'), upper: numberOrNull('upper end'),
    confidence, n: number('rows'), events: number('rows with the event'),
  }, { description: 'of all held-out probabilities together' }),
  averagePrecision: number('area under precision by recall'),
  brier: Type.Object({
    score: number('mean squared difference of probability and outcome'), reliability: number('0 where rates are as forecast'), resolution: number('how far rates of groups lie apart'), uncertainty: number('variance of the outcome'),
    withinGroupVariance: number('hidden by grouping'), withinGroupCovariance: number('hidden by grouping'), skill: number('1 − score/uncertainty'), groups: number('distinct forecasts'), n: number('rows'),
  }),
  calibration,
  lift: list(Type.Object({
    group: number('1 is the riskiest'), n: number('rows'), events: number('among them; expected where scores are tied'), rate: number('of the event'), lift: number('rate over the rate of all'),
    cumulativeN: number('rows so far'), cumulativeEvents: number('events so far'), cumulativeGain: number('share of all events'), cumulativeLift: number('so far'),
  }), 'tenths, riskiest first'),
});

const explained = Type.Object({
  id: text('of the row'), score: number('log-odds: base plus the contributions in their order, to the last bit'), probability: number('of the event'), base: number('log-odds of the mean profile'),
  contributions: list(Type.Object({ column: text('of the file'), value: cell, contribution: number('log-odds added') }), 'in the order they are added'),
  heldOutProbability: number('by the fold’s model that had not seen the row'),
});

const bin = Type.Object({
  label: text('of the bin'), range: Type.Unknown({ description: 'kind range with above and upTo, kind levels with levels, or kind missing' }), n: number('rows'), events: number('rows with the event'), eventRate: number('in the bin'),
  weightOfEvidence: number('above 0 safer than average'), information: number('added to the information value'), points: number('whole; more is safer'),
});

const scorecard = Type.Object({
  startPoints: number('everybody starts with'), factor: number('points a natural logarithm of the odds'), offset: number('points at even odds'), lowest: number('reachable'), highest: number('reachable'), fit,
  sections: list(Type.Object({ column: text('of the file'), coefficient: number('of its weight of evidence'), informationValue: number('below 0.02 useless, to 0.1 weak, to 0.3 medium, above strong'), bins: list(bin, 'of the column') }), 'one for each column'),
});

const points = Type.Object({
  id: text('of the row'), points: number('start plus contributions'), startPoints: number('everybody’s'), probability: number('of the event, as the points say'),
  contributions: list(Type.Object({ column: text('of the file'), value: cell, bin: text('it falls into'), points: number('added') }), 'by column'),
});

export const riskSchema = Type.Object({
  source,
  outcome: Type.Object({ column: text('that tells the event'), value: textOrNull('that is the event; null where the column holds 0 and 1') }),
  columns: list(Type.Object({ name: text('of the file'), kind: text('numeric or categorical'), missing: number('cells') }), 'what the model learns from'),
  seed: number('that the folds were drawn by'),
  model: Type.Object({
    design: Type.Object({ terms: Type.Array(Type.Unknown(), { description: 'how each column becomes numbers' }), features: list(Type.Object({ name: text('of the feature'), column: text('it stems from'), sign: number('of its direction: 1, −1, 0 free'), mean: number('over the rows') }), 'in the order of the coefficients') }),
    base: number('log-odds of the mean profile'), coefficients: list(Type.Number(), 'one for each feature'), calibrator: Type.Unknown({ description: 'null without --calibration' }), fit,
  }, { description: 'all that is needed to score a customer' }),
  crossValidation,
  explained: orNull(explained, 'the row asked for with --explain'),
  scorecard: orNull(scorecard, 'with --scorecard'),
  points: orNull(points, 'the row asked for with --explain, by the scorecard'),
  scores: orNull(list(Type.Object({ id: label('row, or its id'), event: flag('whether it happened'), probability: number('by the model'), heldOutProbability: number('by the fold’s model that had not seen the row') }), 'rows in their order'), 'with --scores'),
});
