import { Type } from '@sinclair/typebox';
import { list, number, numberOrNull, oneOf, orNull, record, sourceSchema, truth, whole, word } from './described-values.js';

const verdictWord = oneOf(['acceptable', 'conditionally acceptable', 'unacceptable'], 'by AIAG');

const source = (description: string) => record({
  variance: number('variance component'), standardDeviation: number('its root'), studyVariation: number('width: 6 (or --sigmas) standard deviations'),
  percentContribution: number('share of the total variance'), percentStudyVariation: number('share of the total standard deviation'),
  percentTolerance: numberOrNull('width as a share of the tolerance; null without one'), percentProcess: numberOrNull('standard deviation as a share of that of the process; null without one'),
}, description);

const interval = record({ lower: number('lower end'), upper: number('upper end'), level: number('confidence') });
const anova = record({ sumOfSquares: number('sum of squares'), df: number('degrees of freedom'), meanSquare: number('mean square'), f: numberOrNull('F; null where nothing is tested'), pValue: numberOrNull('of F') });
const total = record({ sumOfSquares: number('sum of squares'), df: number('degrees of freedom') });
const intervals = record({ repeatability: interval, reproducibility: interval, gageRR: interval, parts: interval, total: interval }, 'of the variances');

const variation = {
  repeatability: source('EV: the same appraiser, the same part'), reproducibility: source('AV: between appraisers, with their interaction with parts'), gageRR: source('both together'),
  parts: source('PV'), total: source('TV'), ratio: numberOrNull('1.41·PV/GRR'), ndc: orNull(Type.Integer(), 'number of distinct categories; five or more are wanted'),
};
const zeroed = list(Type.String(), 'components whose estimate was negative; they count as 0');
const crossedStudy = record({ parts: whole('parts'), operators: whole('appraisers'), trials: whole('trials') });

const crossed = record({
  study: crossedStudy, anova: record({ parts: anova, operators: anova, interaction: anova, repeatability: orNull(anova), total }), interactionKept: truth('the interaction stays in the model'),
  reducedAnova: orNull(record({ parts: anova, operators: anova, repeatability: anova }), 'with the interaction pooled; null where it is kept'),
  operators: source('the part of reproducibility that is the same on all parts'), interaction: orNull(source('the part that differs between parts')), ...variation, setToZero: zeroed, intervals,
});
const range = record({
  study: crossedStudy, meanRange: number('R̄'), operatorRange: number('range of the means of appraisers'), partRange: number('range of the means of parts'),
  byOperator: list(record({ operator: word('appraiser'), mean: number('mean'), meanRange: number('mean range') })), factors: record({ k1: number('K1'), k2: number('K2'), k3: number('K3') }), ...variation, setToZero: zeroed,
});
const nested = record({
  study: record({ partsEach: whole('parts of each appraiser'), operators: whole('appraisers'), trials: whole('trials') }),
  anova: record({ operators: anova, partsWithinOperators: anova, repeatability: anova, total }), ...variation, setToZero: zeroed, intervals,
});
const bias = record({
  n: whole('measurements'), mean: number('their mean'), reference: number('true value'), bias: number('mean minus reference'), repeatability: number('standard deviation'), standardError: number('of the bias'),
  t: numberOrNull('t of no bias'), df: number('its degrees of freedom'), pValue: numberOrNull('two-sided'), lower: number('lower end of the interval of the bias'), upper: number('upper end'), level: number('confidence'),
  acceptable: truth('the interval holds 0'), percentBias: numberOrNull('of the process standard deviation'), percentRepeatability: numberOrNull('of the process standard deviation'),
});
const coefficient = record({ estimate: number('estimate'), standardError: number('standard error'), t: numberOrNull('t'), pValue: numberOrNull('two-sided'), lower: number('lower end'), upper: number('upper end') });
const linearity = record({
  n: whole('measurements'), df: whole('degrees of freedom'), intercept: coefficient, slope: coefficient, standardDeviation: number('of the residuals'), rSquared: numberOrNull('share explained'),
  byReference: list(record({
    reference: number('true value'), n: whole('measurements'), bias: number('mean bias'), pValue: numberOrNull('of no bias'), fitted: number('bias by the line'), lower: number('lower end of its band'), upper: number('upper end'),
  })), averageBias: number('mean of all biases'), linearity: numberOrNull('|slope| times the process variation'), percentLinearity: number('100·|slope|'), percentBias: numberOrNull('of the process variation'),
  acceptable: truth('the band holds 0 at every reference'), level: number('confidence'),
});

const share = orNull(record({ matched: whole('items that agree'), n: whole('items'), percent: number('share'), lowerPercent: number('lower end, exact'), upperPercent: number('upper end') }));
const tested = { estimate: number('kappa'), standardError: number('without agreement beyond chance'), z: number('z'), pValue: number('two-sided') };
const fleiss = orNull(record({
  items: whole('items'), raters: whole('ratings of each'), observedAgreement: number('share'), expectedAgreement: number('by chance'), ...tested,
  byCategory: list(record({ category: word('category'), share: number('share of all ratings'), kappa: orNull(record(tested)) })),
}), 'Fleiss; null where only one category was used');
const cohen = orNull(record({
  n: whole('judgements'), estimate: number('kappa'), observedAgreement: number('share'), expectedAgreement: number('by chance'), standardError: number('of the estimate'), lower: number('lower end'), upper: number('upper end'),
  level: number('confidence'), nullStandardError: number('without agreement beyond chance'), z: numberOrNull('z'), pValue: numberOrNull('two-sided'), categories: list(Type.String(), 'categories'), counts: list(list(Type.Integer()), 'rows: first, columns: second'),
}), 'Cohen; null where only one category was used');
const attribute = record({
  items: whole('items'), trials: whole('trials'), categories: list(Type.String(), 'categories in their order'),
  appraisers: list(record({
    appraiser: word('name'), within: share, withinKappa: fleiss, versusStandard: share, standardKappa: cohen, consistentlyWrong: orNull(Type.Integer(), 'items judged wrong in every trial alike'), mixed: whole('items judged both ways'),
    errors: orNull(record({
      misses: whole('rejects accepted'), missOpportunities: whole('judgements of rejects'), missPercent: numberOrNull('miss rate'), falseAlarms: whole('acceptable items rejected'),
      falseAlarmOpportunities: whole('judgements of acceptable items'), falseAlarmPercent: numberOrNull('false alarm rate'),
    })),
  })), pairs: list(record({ first: word('appraiser'), second: word('appraiser'), kappa: cohen })), between: share, betweenKappa: fleiss, allVersusStandard: share, level: number('confidence'),
});

const cells = list(record({ appraiser: word('appraiser'), part: word('part'), mean: number('mean of the trials') }));
const gageVerdict = record({
  ofStudyVariation: verdictWord, ofTolerance: orNull(verdictWord, 'null without a tolerance'), ofProcess: orNull(verdictWord, 'null without a process standard deviation'),
  enoughCategories: orNull(Type.Boolean(), 'ndc is five or more'),
});
const gage = (type: string, study: typeof crossed | typeof range | typeof nested) => record({ source: sourceSchema, type: Type.Literal(type), study, cells, verdict: gageVerdict });
const simple = record({ word: verdictWord });

export const msaSchema = Type.Union([
  gage('crossed', crossed), gage('range', range), gage('nested', nested),
  record({ source: sourceSchema, type: Type.Literal('bias'), study: bias, verdict: simple }), record({ source: sourceSchema, type: Type.Literal('linearity'), study: linearity, verdict: simple }),
  record({ source: sourceSchema, type: Type.Literal('attribute'), study: attribute, verdict: record({ appraisers: list(record({ appraiser: word('name'), word: orNull(verdictWord, 'null without a standard') })) }) }),
]);
