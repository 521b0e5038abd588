import { Type } from '@sinclair/typebox';

const number = (description: string) => Type.Number({ description });
const orNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

const estimatesSchema = Type.Object({
  type: Type.String(),
  center: orNull('process mean, p̄, c̄ or ū; null on T²'),
  sigma: orNull('standard deviation of single values; null on T²'),
  method: Type.String({ description: 'how the spread was estimated' }),
  sigmaZ: orNull('Laney: how many times wider than binomial or Poisson the points spread'),
  mean: Type.Union([Type.Array(Type.Number()), Type.Null()], { description: 'T²: mean vector' }),
  covariance: Type.Union([Type.Array(Type.Array(Type.Number())), Type.Null()], { description: 'T²: covariance matrix of single vectors' }),
  degreesOfFreedom: orNull('T²: of the covariance matrix'),
  points: number('points that the estimates rest on'),
  values: number('single values or items in them'),
  omitted: number('points left out: missing, or too small'),
});

const pointSchema = Type.Object({
  index: number('from 1; missing points count'),
  phase: number('1 or 2'),
  n: number('values, items or units in it'),
  value: orNull('what is plotted; null where missing'),
  center: orNull('center line at this point'),
  lcl: orNull('lower limit; null where there is none'),
  ucl: orNull('upper limit; null where there is none'),
  sigma: orNull('standard deviation of what is plotted; null where run rules do not apply'),
  excluded: Type.Boolean({ description: 'took no part in the estimates' }),
  beyond: Type.Union([Type.Literal('below'), Type.Literal('above'), Type.Null()]),
  since: Type.Optional(number('CUSUM: point its run began at')),
  estimatedMean: Type.Optional(number('CUSUM: process mean that the run estimates')),
});

const panel = {
  type: Type.String(),
  plotted: Type.String({ description: 'what the panel shows: mean, range, individual, moving-range, …' }),
  points: Type.Array(pointSchema),
  beyond: Type.Array(Type.Integer(), { description: 'numbers of the points beyond a limit' }),
  estimates: estimatesSchema,
};

/** `ControlChart` as JSON. */
export const chartSchema = Type.Object({ ...panel, companion: Type.Union([Type.Object({ ...panel, companion: Type.Null() }), Type.Null()]) });
