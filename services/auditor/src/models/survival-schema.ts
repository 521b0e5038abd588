import { Type } from '@sinclair/typebox';
import { chiSquare, confidence, flag, label, list, matrix, number, numberOrNull, orNull, source, text, textOrNull } from './described.js';

const quantile = Type.Object({
  probability: number('share that had the event'), estimate: numberOrNull('time by which it had; null where the curve does not fall that far'),
  lower: numberOrNull('lower end of the interval (Brookmeyer and Crowley)'), upper: numberOrNull('upper end; null where it does not end'),
});

const point = Type.Object({
  time: number('when somebody had the event or was cut off'), atRisk: number('just before'), events: number('at this time'), censored: number('cut off at this time'),
  survival: number('share without the event after it'), standardError: numberOrNull('Greenwood’s; null where the survival is 0'),
  lower: numberOrNull('lower end of the interval'), upper: numberOrNull('upper end'),
  cumulativeHazard: number('Nelson and Aalen’s'), hazardStandardError: number('of the cumulative hazard'), hazardLower: number('lower end of its interval'), hazardUpper: number('upper end'),
});

export const survivalSchema = Type.Object({
  source,
  event: Type.Object({ column: text('that tells the event'), value: textOrNull('that is the event; null where the column holds 0 and 1') }),
  curves: list(Type.Object({
    group: orNull(label('value of the group column'), 'null without --group'),
    curve: Type.Object({
      n: number('rows'), events: number('rows with the event'), confidence, interval: text('scale on which the interval is symmetric'), median: quantile, points: list(point, 'ascending by time'),
    }),
    quantiles: list(quantile, 'those asked for with --quantiles'),
    restrictedMean: Type.Object({
      horizon: number('up to this time'), estimate: number('mean time without the event'), standardError: number('of the mean'), lower: number('lower end of the interval'), upper: number('upper end'),
    }),
    at: list(Type.Object({
      time: number('asked for with --at'), atRisk: number('just before'), survival: numberOrNull('null after the last observation'), standardError: numberOrNull('Greenwood’s'),
      lower: numberOrNull('lower end of the interval'), upper: numberOrNull('upper end'),
    }), 'the curve at the times asked for'),
  }), 'Kaplan–Meier, one for each group'),
  logRank: orNull(Type.Object({
    chiSquare: number('statistic'), df: number('groups less one'), pValue: number('of groups with the same hazard'),
    groups: list(Type.Object({ group: label('value'), n: number('rows'), observed: number('events, weighted'), expected: number('if all groups had the same hazard') }), 'ascending'),
    covariance: matrix('of observed less expected'),
    trend: orNull(Type.Object({ chiSquare: number('statistic'), df: number('1'), pValue: number('of no trend'), z: number('positive where later groups have more events') }), 'along the groups with --trend'),
  }), 'whether groups differ; null without groups'),
  pairwise: list(Type.Object({ groups: Type.Array(label('value')), chiSquare: number('statistic'), df: number('1'), pValue: number('of this pair'), adjustedPValue: number('for the number of pairs, by Holm') }), 'each two groups; empty below three'),
});

export const coxSchema = Type.Object({
  source,
  event: Type.Object({ column: text('that tells the event'), value: textOrNull('that is the event; null where the column holds 0 and 1') }),
  fit: Type.Object({
    n: number('rows'), events: number('rows with the event'), ties: Type.Union([Type.Literal('efron'), Type.Literal('breslow')]), confidence,
    coefficients: list(Type.Object({
      name: text('column, or column=level'), estimate: number('log hazard ratio of one more of its unit'), standardError: number('robust with --cluster'),
      modelStandardError: number('from the information matrix'), z: number('estimate over standard error'), pValue: number('of no effect'), hazardRatio: number('exponential of the estimate'),
      lower: number('lower end of the interval of the hazard ratio'), upper: number('upper end'), mean: number('of the column'),
    }), 'effects'),
    covariance: matrix('of the estimates, in their order'),
    isRobust: flag('whether errors are robust to clusters'),
    logLikelihood: Type.Object({ null: number('without effects'), model: number('at the estimates') }, { description: 'partial log-likelihood' }),
    likelihoodRatioTest: chiSquare('of no effect at all'), waldTest: chiSquare('of no effect at all'), scoreTest: chiSquare('of no effect at all'),
    concordance: Type.Object({
      estimate: numberOrNull('Harrell’s C'), concordant: number('pairs'), discordant: number('pairs'), tiedRisk: number('pairs with the same risk'),
    }),
    iterations: number('Newton steps'),
  }),
  proportionality: orNull(Type.Object({
    transform: text('of time: km, rank, identity or log'),
    terms: list(Type.Object({ name: text('column, with all its levels'), columns: Type.Array(Type.String()), chiSquare: number('statistic'), df: number('columns'), pValue: number('of an effect that stays the same') }), 'each effect'),
    global: chiSquare('all effects together'),
  }), 'whether effects stay the same over time (Grambsch and Therneau); null where it cannot be tested'),
  proportionalityUntested: textOrNull('why it cannot be tested'),
});
