import type { Stage } from '@touchstone/statistics/sampling';
import { shown } from '../analysis.js';
import { table as textTable, wrapped } from '../terminal.js';
import type { SamplingResult } from './sampling.js';
import type { SwitchingHistory } from './sampling-plans.js';

const standards = { 'z1.4': 'ANSI/ASQ Z1.4', 'iso2859-1': 'ISO 2859-1' } as const;

const SUBSTITUTIONS: Readonly<Record<string, string>> = {
  'table-refers-to-single': 'the table refers to the single plan here',
  'table-refers-to-double': 'the table refers to the double plan here',
  'lot-too-small': 'the samples together would not fit into the lot',
  'not-established': 'the numbers of the multiple plan are not established',
};

export const percent = (p: number): string => `${shown(100 * p, 4)} %`;
const unitOf = ({ analysis }: SamplingResult): string => (analysis.model === 'poisson' ? 'nonconformities' : 'nonconforming');

/** What the plan is called, in one line. */
export function planName({ kind, plan }: SamplingResult): string {
  if (kind === 'own') return `a plan of its own with ${plan.stages.length === 1 ? 'one sample' : `${plan.stages.length} samples`}`;
  if (kind === 'two-point') return 'the smallest single plan that keeps both risks';
  if (kind === 'rectifying') return 'the single plan with the least total inspection (Dodge-Romig)';
  const { scheme = 'z1.4', type, severity, level, lotSize, codeLetter, planLetter, aql } = plan;
  const lot = lotSize === null || lotSize === undefined ? '' : `, lot of ${lotSize}${level ? ` at level ${level}` : ''}`;
  return `${standards[scheme]} ${type} sampling, ${severity} inspection, AQL ${aql}${lot}: letter ${codeLetter}${planLetter === codeLetter ? '' : `, by an arrow ${plan.arrow} the plan of letter ${planLetter}`}`;
}

/** What to do with a sample, in one line. */
export function instruction(result: SamplingResult, { n, ac, re }: Stage): string {
  const gap = ac !== null && re > ac + 1 ? `; between them ${result.plan.severity === 'reduced' ? 'accept, and return to normal inspection' : 'draw the next sample'}` : '';
  return `inspect ${n} items: ${ac === null ? 'no acceptance yet' : `accept up to ${ac} ${unitOf(result)}`}, reject from ${re}${gap}`;
}

export function samplingText(result: SamplingResult, width: number): string {
  const { plan, analysis, at } = result;
  const lines = [`${result.history ? 'next lot: ' : ''}${planName(result)}`, ...(plan.stages.length === 1 ? plan.stages.map((stage) => instruction(result, stage)) : []), ...remarks(result), ...risks(result)];
  const parts = [lines.flatMap((line) => wrapped(line, width)).join('\n') + '\n'];
  if (plan.stages.length > 1) {
    parts.push(textTable([{ heading: 'sample', align: 'right' }, { heading: 'items', align: 'right' }, { heading: 'together', align: 'right' }, { heading: 'accept up to', align: 'right' }, { heading: 'reject from', align: 'right' }],
      plan.stages.map(({ n, cumulative, ac, re }, index) => [index + 1, n, cumulative, ac ?? '-', re].map(String)), width));
  }
  parts.push(at.length > 0
    ? textTable([{ heading: 'quality', align: 'right' }, { heading: 'accepted', align: 'right' }, { heading: 'ASN', align: 'right' }, { heading: 'AOQ', align: 'right' }, { heading: 'ATI', align: 'right' }],
        at.map((point) => [percent(point.p), shown(point.acceptance, 4), shown(point.averageSampleNumber, 5), percent(point.averageOutgoingQuality), shown(point.averageTotalInspection, 5)]), width)
    : textTable([{ heading: 'accepted with probability', align: 'right' }, { heading: `quality (${unitOf(result)})`, align: 'right' }],
        analysis.points.map(({ acceptance, p }) => [shown(acceptance), percent(p)]), width));
  if (result.verdict) parts.push(wrapped(verdictText(result), width).join('\n') + '\n');
  if (result.history) parts.push(historyText(result.history, width));
  return parts.join('\n');
}

function remarks({ plan }: SamplingResult): string[] {
  return [
    ...(plan.fullInspection ? ['the sample is as large as the lot: inspect every item'] : []),
    ...(plan.substitution ? [`not ${plan.requestedType} as asked: ${SUBSTITUTIONS[plan.substitution] ?? plan.substitution}`] : []),
    ...(plan.confirmed === false ? ['this cell agrees with the published curve; two independent transcriptions of the printed table are not at hand'] : []),
  ];
}

export function risks({ plan, analysis }: SamplingResult): string[] {
  const { producersRisk, consumersQuality, averageOutgoingQualityLimit: aoql, largestAverageSampleNumber: asn } = analysis;
  return [
    ...(plan.risks ? [`risks: ${shown(plan.risks.producer.risk, 4)} of rejecting at ${percent(plan.risks.producer.p)}, ${shown(plan.risks.consumer.risk, 4)} of accepting at ${percent(plan.risks.consumer.p)}`]
      : producersRisk === null ? [] : [`producer's risk at the AQL ${shown(producersRisk, 4)}`]),
    `accepted once in ten: ${percent(consumersQuality.p)} (${analysis.model}${analysis.lotSize === null ? '' : `, lot of ${analysis.lotSize}`})`,
    `AOQL ${percent(aoql.limit)}, where ${percent(aoql.p)} comes in`,
    ...(plan.stages.length > 1 ? [`average sample number at most ${shown(asn, 4)}`] : []),
    ...(plan.averageTotalInspection === undefined ? [] : [`average total inspection at the process average ${shown(plan.averageTotalInspection, 5)} items`]),
  ];
}

function verdictText({ verdict }: SamplingResult): string {
  if (verdict === null) return '';
  const { decision, stage, nonconforming, inspected, nextSampleSize, returnToNormal } = verdict;
  const found = `${nonconforming} found in ${inspected} items`;
  if (decision === 'continue') return `${found}: no decision yet, draw sample ${stage} of ${nextSampleSize} items`;
  return `${found}: ${decision} the lot (sample ${stage})${returnToNormal ? '; the count lies between the numbers, the next lot is inspected with normal severity' : ''}`;
}

const words = (text: string): string => text.replaceAll('-', ' ');

function historyText({ lots, state, reducedObstacles, countsAssumed }: SwitchingHistory, width: number): string {
  const rows = lots.map(({ lot, severity, counts, accepted, transition }) =>
    [String(lot), severity, counts.join('+'), accepted ? 'accepted' : 'rejected', transition === null ? '' : `${transition.to}: ${words(transition.reason)}`]);
  const next = state.status === 'discontinued' ? 'sampling inspection is discontinued until the supplier has acted (then: resumed)' : `next lot: ${state.severity} inspection`;
  const lines = [
    `${next}${state.severity === 'normal' && state.scheme === 'iso2859-1' ? `; switching score ${state.switchingScore}` : ''}`,
    ...(state.severity === 'normal' && reducedObstacles.length > 0 ? [`not reduced: ${reducedObstacles.map(words).join(', ')}`] : []),
    ...(countsAssumed ? ['lots given by a word count as many nonconforming as were just allowed; give counts where reduced inspection is in question'] : []),
  ];
  return `${textTable([{ heading: 'lot', align: 'right' }, { heading: 'severity' }, { heading: 'found', align: 'right' }, { heading: 'decision' }, { heading: 'change' }], rows, width)}\n${lines.flatMap((line) => wrapped(line, width)).join('\n')}\n`;
}
