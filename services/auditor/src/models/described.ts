import { Type } from '@sinclair/typebox';
import type { TSchema } from '@sinclair/typebox';

/** Parts of the schemas of what the models print, each with its description. */
export const number = (description: string) => Type.Number({ description });
export const numberOrNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });
export const text = (description: string) => Type.String({ description });
export const textOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });
export const flag = (description: string) => Type.Boolean({ description });
export const list = <T extends TSchema>(items: T, description: string) => Type.Array(items, { description });
export const orNull = <T extends TSchema>(schema: T, description: string) => Type.Union([schema, Type.Null()], { description });
export const label = (description: string) => Type.Union([Type.String(), Type.Number()], { description });

export const source = text('what was read');
export const confidence = number('probability that intervals aim at');
export const matrix = (description: string) => list(Type.Array(Type.Number()), description);

export const chiSquare = (description: string) =>
  Type.Object({ chiSquare: number('statistic'), df: number('degrees of freedom'), pValue: number('of nothing going on') }, { description });

/** `Estimate` of attribution. */
export const estimate = (description: string) => Type.Object({
  estimate: number('the effect'),
  standardError: number('of the estimate; of its natural logarithm where it is a ratio'),
  lower: number('lower end of the interval'),
  upper: number('upper end of the interval'),
  pValue: number('two-sided, against no effect'),
  scale: Type.Union([Type.Literal('difference'), Type.Literal('ratio')], { description: 'no effect is 0 for a difference, 1 for a ratio' }),
  confidence,
}, { description });

/** `Coefficient` of a logistic regression. */
export const coefficient = (description: string) => Type.Object({
  feature: text('column, or column=level, or a step of it'),
  estimate: number('log-odds a unit'),
  oddsRatio: number('its exponential'),
  standardError: numberOrNull('Wald; null where a penalty or bound shapes the estimate'),
  z: numberOrNull('estimate over standard error'),
  pValue: numberOrNull('of no effect'),
  lower: numberOrNull('lower end of the interval of the estimate'),
  upper: numberOrNull('upper end'),
  atBound: flag('held at zero by its direction or the penalty'),
}, { description });
