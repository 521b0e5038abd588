import { Type } from '@sinclair/typebox';
import { estimate, flag, list, number, orNull, source, text, textOrNull } from './described.js';

const column = (description: string) => Type.Object({ column: text('of the file'), value: textOrNull('that counts; null where the column holds 0 and 1') }, { description });
const test = Type.Object({ statistic: number('χ²'), df: number('degrees of freedom'), pValue: number('of what is tested') });
const minimums = Type.Object({
  accountsPerArm: number('accounts in each arm'), eventsPerArm: number('events, and accounts without, in each arm'), eventsPerStratum: number('for an estimate of its own'), eventsPerCoefficient: number('of a hazard model'),
}, { description: 'below which nothing is claimed' });
const counts = { stratum: text('values of the columns'), exposedEvents: number('events among the exposed'), exposed: number('accounts'), unexposedEvents: number('events among the unexposed'), unexposed: number('accounts') };
const warnings = list(Type.String(), 'what to keep in mind');

const comparison = Type.Object({
  exposed: number('accounts compared'), exposedEvents: number('among them'), unexposed: number('accounts compared'), unexposedEvents: number('among them'),
  riskDifference: estimate('exposed less unexposed, within strata (Mantel–Haenszel)'), riskRatio: estimate('exposed over unexposed, within strata'), oddsRatio: orNull(estimate('of the odds, within strata'), 'null where an arm has only events'),
  crude: Type.Object({ riskDifference: estimate('without strata'), riskRatio: orNull(estimate('without strata'), 'null without events in an arm') }),
  test: orNull(test, 'of no association'), homogeneity: Type.Object({ riskDifference: orNull(test, 'of one difference for all strata'), riskRatio: orNull(test, 'of one ratio for all strata') }),
  eValue: Type.Object({ estimate: number('risk ratio an unmeasured confounder would need with both to explain the effect away'), interval: number('to bring the interval to no effect') }),
  strata: list(Type.Object({ ...counts, riskDifference: orNull(estimate('of this stratum'), 'null with too few events'), riskRatio: orNull(estimate('of this stratum'), 'null with too few events') }), 'compared'),
  dropped: list(Type.Object({ stratum: text('values of the columns'), exposed: number('accounts'), unexposed: number('accounts'), reason: text('why it cannot be compared') }), 'not compared'),
  minimums, warnings, adjustedFor: list(Type.String(), 'columns of the strata'),
  negativeControls: list(Type.Object({ name: text('of the control'), kind: Type.Union([Type.Literal('outcome'), Type.Literal('exposure')]), verdict: text('clear, inconclusive or suspicious'), control: estimate('found where there can be nothing'), reason: text('in words') }), 'in the order given'),
  suspicious: flag('whether a negative control objects: the effect is then no evidence'),
});

const eventStudy = Type.Object({
  effect: estimate('mean of the effects from exposure on'),
  effects: list(Type.Object({ ...estimate('').properties, event: number('periods since exposure'), n: number('rows of exposed accounts') }), 'against the period before exposure'),
  preTrend: orNull(Type.Object({ statistic: number('F'), df1: number('degrees of freedom'), df2: number('degrees of freedom'), pValue: number('of no course of their own before exposure'), suspicious: flag('whether there was one') }), 'null with one lead only'),
  exposedAccounts: number('ever exposed'), unexposedAccounts: number('never exposed'), periods: number('different ones'), observations: number('rows'), cohorts: number('different periods of first exposure'), minimums, warnings,
});

export const attributionSchema = Type.Object({
  source,
  outcome: column('what the failure may have changed'), exposed: orNull(column('whom a failure reached'), 'null with --event-study'),
  comparison: orNull(comparison, 'null with --event-study'), eventStudy: orNull(eventStudy, 'with --event-study'),
  assumed: list(Type.String(), 'columns taken as confounders known before exposure, since --roles says nothing of them'),
});
