import { claimsEffect } from '@touchstone/loyalty/attribution';
import type { Estimate } from '@touchstone/loyalty/attribution';
import { shown } from '../analysis.js';
import { table as textTable, wrapped } from '../terminal.js';
import type { AttributionResult } from './attribution.js';
import { interval, percent, pShown } from './table-columns.js';

type Comparison = NonNullable<AttributionResult['comparison']>;
type Study = NonNullable<AttributionResult['eventStudy']>;

const right = (heading: string) => ({ heading, align: 'right' as const });
const paragraph = (words: string, width: number): string => `${wrapped(words, width).join('\n')}\n`;
const named = ({ column, value }: AttributionResult['outcome']): string => `${column}${value === null ? '' : ` ${value}`}`;

export function attributionText(result: AttributionResult, width: number): string {
  const { source, comparison, eventStudy, assumed } = result;
  const notes = [...(comparison?.warnings ?? eventStudy?.warnings ?? []), ...(assumed.length === 0 ? [] : [`${assumed.join(', ')} taken as confounders known before the failure; say so, or otherwise, with --roles`])];
  const body = comparison === null ? (eventStudy === null ? '' : studyText(source, result, eventStudy, width)) : comparisonText(source, result, comparison, width);
  return body + (notes.length === 0 ? '' : `\n${notes.map((note) => paragraph(`note: ${note}`, width)).join('')}`);
}

function comparisonText(source: string, { outcome, exposed }: AttributionResult, found: Comparison, width: number): string {
  const { riskDifference, riskRatio, oddsRatio, crude, strata, dropped, homogeneity, eValue, adjustedFor } = found;
  const rate = (events: number, n: number): string => `${events} of ${n} (${percent(events / n)})`;
  const heading = `${source}: ${named(outcome)} in ${rate(found.exposedEvents, found.exposed)} of the accounts with ${exposed === null ? '' : named(exposed)}, ${rate(found.unexposedEvents, found.unexposed)} of the others; ${adjustedFor.length === 0 ? 'nothing adjusted for' : `within ${strata.length} strata of ${adjustedFor.join(', ')}`}`;
  const row = (name: string, each: Estimate | null): string[] => (each === null ? [name, '-', '-', '-'] : [name, shown(each.estimate, 4), interval(each.lower, each.upper), pShown(each.pValue)]);
  const effects = textTable([{ heading: 'effect' }, right('estimate'), { heading: `${100 * riskDifference.confidence} % interval` }, right('p')],
    [row('risk difference', riskDifference), row('risk ratio', riskRatio), row('odds ratio', oddsRatio), row('risk difference without strata', crude.riskDifference), row('risk ratio without strata', crude.riskRatio)], width);
  const same = homogeneity.riskRatio === null ? '' : ` One ratio for all strata: χ² ${shown(homogeneity.riskRatio.statistic, 4)}, p ${pShown(homogeneity.riskRatio.pValue)}.`;
  return [
    paragraph(heading, width), effects, paragraph(`${verdict(found)}${same} E-value ${shown(eValue.estimate, 3)} (interval ${shown(eValue.interval, 3)}): how strongly something unrecorded would have to go with both to explain it away.`, width),
    controlsText(found, width), strataText(found, width),
    dropped.length === 0 ? '' : textTable([{ heading: 'stratum left out' }, right('exposed'), right('others'), { heading: 'why' }], dropped.map((each) => [each.stratum, String(each.exposed), String(each.unexposed), each.reason]), width),
  ].filter((part) => part !== '').join('\n');
}

function verdict({ riskDifference, suspicious }: Comparison): string {
  if (suspicious) return 'A negative control objects: what is found here is no evidence of an effect.';
  return claimsEffect(riskDifference) ? `The failure ${riskDifference.estimate > 0 ? 'raised' : 'lowered'} the share by ${(100 * Math.abs(riskDifference.estimate)).toFixed(1)} percentage points, if the strata hold all that made both likelier.` : 'The interval holds no effect: the data do not tell one from none.';
}

const controlsText = ({ negativeControls }: Comparison, width: number): string => (negativeControls.length === 0 ? '' : textTable([{ heading: 'negative control' }, { heading: 'verdict' }, { heading: 'because' }],
  negativeControls.map(({ name, verdict: words, reason }) => [name, words, reason]), width));

const strataText = ({ strata }: Comparison, width: number): string => (strata.length < 2 ? '' : textTable([{ heading: 'stratum' }, right('exposed'), right('rate'), right('others'), right('rate'), { heading: 'risk difference' }],
  strata.map(({ stratum, exposed, exposedEvents, unexposed, unexposedEvents, riskDifference }) =>
    [stratum, String(exposed), percent(exposedEvents / exposed), String(unexposed), percent(unexposedEvents / unexposed), riskDifference === null ? 'too few events' : `${shown(riskDifference.estimate, 3)} (${interval(riskDifference.lower, riskDifference.upper, 3)})`]), width));

function studyText(source: string, { outcome }: AttributionResult, study: Study, width: number): string {
  const { effect, effects, preTrend, exposedAccounts, unexposedAccounts, periods, observations } = study;
  const heading = `${source}: ${named(outcome)} of ${exposedAccounts} exposed and ${unexposedAccounts} never exposed accounts, ${periods} periods, ${observations} rows; effects against the period before exposure, errors clustered by account`;
  const trend = preTrend === null ? 'No period before the last before exposure: whether exposed accounts were on a course of their own cannot be tested.'
    : `Before exposure: F ${shown(preTrend.statistic, 4)} (${preTrend.df1} and ${preTrend.df2} df), p ${pShown(preTrend.pValue)}; ${preTrend.suspicious ? 'exposed accounts were on a course of their own already, so this is no evidence of an effect' : 'exposed accounts were on no course of their own'}.`;
  const rows = effects.map(({ event, n, estimate, standardError, lower, upper, pValue }) => [String(event), String(n), shown(estimate, 4), shown(standardError, 3), interval(lower, upper), pShown(pValue)]);
  return [
    paragraph(heading, width), textTable([right('periods since'), right('rows'), right('effect'), right('error'), { heading: `${100 * effect.confidence} % interval` }, right('p')], rows, width),
    paragraph(`Mean effect from exposure on: ${shown(effect.estimate, 4)} (${interval(effect.lower, effect.upper)}), p ${pShown(effect.pValue)}. ${trend}`, width),
  ].join('\n');
}
