import { Type } from '@sinclair/typebox';
import { intervalSchema, number, numberOrNull, oneOf, orNull, record, whole } from './described-values.js';

const alternative = oneOf(['two-sided', 'less', 'greater'], 'what was tested');
const confidence = number('of the intervals');
const openInterval = (description: string) => record({ lower: number('lower end'), upper: numberOrNull('upper end; null stands for none') }, description);
const ratio = { lower: number('lower end'), upper: numberOrNull('upper end; null stands for infinite') };

const proportion = record({
  successes: whole('counted'), n: whole('items'), estimate: number('proportion'), standardError: number('√(p(1 − p)/n)'), confidence, alternative,
  wilson: intervalSchema('score interval: the usual choice'), clopperPearson: intervalSchema('exact'), agrestiCoull: intervalSchema('Agresti and Coull'), wald: intervalSchema('for comparison with older texts'),
  test: orNull(record({ nullProportion: number('tested against'), pValue: number('exact binomial test') })),
});

const rate = record({
  events: whole('counted'), exposure: number('exposure'), estimate: number('events for one unit of exposure'), standardError: number('of the rate'), confidence, alternative, interval: openInterval('exact (Garwood)'),
  test: orNull(record({ nullRate: number('tested against'), pValue: number('exact Poisson test') })),
});

const items = record({ successes: whole('counted'), n: whole('items'), estimate: number('proportion') });
const events = record({ events: whole('counted'), exposure: number('exposure'), estimate: number('rate') });

const proportions = record({
  first: items, second: items, confidence, alternative, difference: number('first minus second'), newcombe: intervalSchema('of the difference, from two score intervals'), wald: intervalSchema('of the difference, for comparison with older texts'),
  ratio: orNull(record({ estimate: number('first over second'), ...ratio }), 'null where one has none'), zTest: orNull(record({ z: number('z'), pValue: number('pooled, no continuity correction') })),
  fisher: record({ pValue: number('exact test'), oddsRatio: record({ estimate: numberOrNull('conditional estimate; null stands for infinite or undefined'), ...ratio }) }),
});

const rates = record({ first: events, second: events, confidence, alternative, ratio: record({ estimate: numberOrNull('first over second; null where the second has no events'), ...ratio }), nullRatio: number('ratio tested against'), pValue: number('exact conditional test') });

export const compareSchema = record({
  of: oneOf(['proportion', 'rate'], 'what was counted'), first: Type.Union([proportion, rate]), second: orNull(Type.Union([proportion, rate]), 'null for one sample'),
  proportions: orNull(proportions, 'comparison of two proportions'), rates: orNull(rates, 'comparison of two rates'),
});
