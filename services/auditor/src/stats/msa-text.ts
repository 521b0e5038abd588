import type { AnovaRow, AttributeAgreement, BiasStudy, LinearityStudy, Share, VariationSource } from '@touchstone/statistics/measurement-systems';
import { shown } from '../analysis.js';
import { table as textTable, wrapped } from '../terminal.js';
import type { MsaResult } from './msa.js';
import { agreementWord } from './msa-verdict.js';

const right = (heading: string) => ({ heading, align: 'right' as const });
const percent = (value: number | null): string => (value === null ? '-' : value.toFixed(2));

export type GageResult = Extract<MsaResult, { type: 'crossed' | 'range' | 'nested' }>;

/** Sources of variation in the order of a gage R&R report. */
export function sourcesOf(result: GageResult): (readonly [name: string, source: VariationSource])[] {
  const { study } = result;
  const inner = result.type === 'crossed' ? [['· appraisers', result.study.operators] as const, ...(result.study.interaction ? [['· appraisers × parts', result.study.interaction] as const] : [])] : [];
  return [['gage R&R', study.gageRR], ['repeatability (EV)', study.repeatability], ['reproducibility (AV)', study.reproducibility], ...inner, ['parts (PV)', study.parts], ['total (TV)', study.total]];
}

export function msaText(result: MsaResult, width: number): string {
  switch (result.type) {
    case 'bias': return biasText(result, result.study, width);
    case 'linearity': return linearityText(result, result.study, width);
    case 'attribute': return attributeText(result, result.study, width);
    default: return gageText(result, width);
  }
}

const lines = (texts: readonly string[], width: number): string => `${texts.flatMap((text) => wrapped(text, width)).join('\n')}\n`;

export function gageHeading(result: GageResult): string {
  if (result.type === 'nested') return `nested gage R&R: ${result.study.study.operators} appraisers with ${result.study.study.partsEach} parts each, ${result.study.study.trials} trials`;
  const { operators, parts, trials } = result.study.study;
  return `crossed gage R&R by ${result.type === 'range' ? 'averages and ranges' : 'analysis of variance'}: ${parts} parts, ${operators} appraisers, ${trials} trials`;
}

export function gageVerdicts({ study: { gageRR, ndc }, verdict }: GageResult): string[] {
  const one = (of: string, value: number | null, word: string | null): string[] => (value === null || word === null ? [] : [`%GRR ${percent(value)} of ${of}: ${word} (AIAG: below 10 acceptable, to 30 conditionally)`]);
  return [
    ...one('the study variation', gageRR.percentStudyVariation, verdict.ofStudyVariation), ...one('the tolerance', gageRR.percentTolerance, verdict.ofTolerance), ...one('the process', gageRR.percentProcess, verdict.ofProcess),
    ndc === null ? 'the gage showed no variation' : `ndc ${ndc}: ${verdict.enoughCategories ? 'enough' : 'too few'} distinct categories (AIAG: five or more)`,
  ];
}

function gageText(result: GageResult, width: number): string {
  const sources = sourcesOf(result);
  const has = (of: (source: VariationSource) => number | null): boolean => sources.some(([, source]) => of(source) !== null);
  const columns = [
    ['standard deviation', ({ standardDeviation }: VariationSource) => shown(standardDeviation)], ['variance', ({ variance }: VariationSource) => shown(variance)],
    ['% contribution', ({ percentContribution }: VariationSource) => percent(percentContribution)], ['% study var.', ({ percentStudyVariation }: VariationSource) => percent(percentStudyVariation)],
    ...(has(({ percentTolerance }) => percentTolerance) ? [['% tolerance', ({ percentTolerance }: VariationSource) => percent(percentTolerance)] as const] : []),
    ...(has(({ percentProcess }) => percentProcess) ? [['% process', ({ percentProcess }: VariationSource) => percent(percentProcess)] as const] : []),
  ] as const;
  const zeroed: readonly string[] = result.study.setToZero;
  return [
    lines([`${gageHeading(result)} (${result.source})`], width),
    ...(result.type === 'range' ? [lines([`R̄ ${shown(result.study.meanRange)}, range of appraisers ${shown(result.study.operatorRange)}, of parts ${shown(result.study.partRange)}; K1 ${shown(result.study.factors.k1, 4)}, K2 ${shown(result.study.factors.k2, 4)}, K3 ${shown(result.study.factors.k3, 4)}`], width)] : [anovaText(result, width)]),
    textTable([{ heading: 'source' }, ...columns.map(([heading]) => right(heading))], sources.map(([name, source]) => [name, ...columns.map(([, cell]) => cell(source))]), width),
    lines([
      ...gageVerdicts(result),
      ...(result.type === 'crossed' ? [result.study.interactionKept ? 'the interaction of appraisers and parts stays in the model' : 'the interaction of appraisers and parts is pooled into repeatability'] : []),
      ...(zeroed.length > 0 ? [`negative estimates that count as 0: ${zeroed.join(', ')}`] : []),
    ], width),
  ].join('\n');
}

function anovaText(result: Exclude<GageResult, { type: 'range' }>, width: number): string {
  const row = (name: string, { sumOfSquares, df, meanSquare, f, pValue }: AnovaRow): string[] => [name, shown(df), shown(sumOfSquares), shown(meanSquare), shown(f, 5), pValue === null ? '-' : shown(pValue, 3)];
  const { total } = result.study.anova;
  const rows = result.type === 'nested'
    ? [row('appraisers', result.study.anova.operators), row('parts within appraisers', result.study.anova.partsWithinOperators), row('repeatability', result.study.anova.repeatability)]
    : [row('parts', result.study.anova.parts), row('appraisers', result.study.anova.operators), row('appraisers × parts', result.study.anova.interaction), ...(result.study.anova.repeatability ? [row('repeatability', result.study.anova.repeatability)] : [])];
  return textTable([{ heading: 'analysis of variance' }, right('df'), right('SS'), right('MS'), right('F'), right('p')], [...rows, ['total', shown(total.df), shown(total.sumOfSquares), '', '', '']], width);
}

function biasText({ source }: MsaResult, study: BiasStudy, width: number): string {
  const { n, mean, reference, bias, repeatability, standardError, t, df, pValue, lower, upper, level, acceptable, percentBias } = study;
  return lines([
    `bias study of ${source}: ${n} measurements of a part of ${shown(reference)}`,
    `mean ${shown(mean)}, bias ${shown(bias)}, ${shown(100 * level)} % interval ${shown(lower)} to ${shown(upper)}`,
    `repeatability ${shown(repeatability)}, standard error ${shown(standardError)}, t ${shown(t, 5)} with ${shown(df, 4)} degrees of freedom, p ${shown(pValue, 4)}`,
    ...(percentBias === null ? [] : [`bias ${percent(percentBias)} % of the process standard deviation`]),
    acceptable ? 'acceptable: the interval holds 0, no bias shown (AIAG)' : 'unacceptable: the interval does not hold 0, the gage is biased (AIAG)',
  ], width);
}

function linearityText({ source }: MsaResult, study: LinearityStudy, width: number): string {
  const { n, intercept, slope, standardDeviation, rSquared, byReference, averageBias, acceptable, level, linearity, percentBias } = study;
  return [
    lines([`linearity study of ${source}: ${n} measurements at ${byReference.length} references`, `bias = ${shown(intercept.estimate)} ${slope.estimate < 0 ? '-' : '+'} ${shown(Math.abs(slope.estimate))} × reference, s ${shown(standardDeviation)}, R² ${shown(rSquared, 4)}; average bias ${shown(averageBias)}`], width),
    textTable([{ heading: 'coefficient' }, right('estimate'), right('t'), right('p'), { heading: `${shown(100 * level)} % interval` }],
      ([['intercept', intercept], ['slope', slope]] as const).map(([name, of]) => [name, shown(of.estimate), shown(of.t, 5), shown(of.pValue, 3), `${shown(of.lower)} to ${shown(of.upper)}`]), width),
    textTable([right('reference'), right('n'), right('bias'), right('p'), right('line'), { heading: `${shown(100 * level)} % band` }],
      byReference.map((at) => [shown(at.reference), String(at.n), shown(at.bias), shown(at.pValue, 3), shown(at.fitted), `${shown(at.lower)} to ${shown(at.upper)}`]), width),
    lines([
      ...(linearity === null ? [] : [`linearity ${shown(linearity)}, average bias ${percent(percentBias)} % of the process variation`]),
      acceptable ? 'acceptable: the band holds 0 at every reference (AIAG)' : 'unacceptable: the band leaves 0 at some reference; the gage is biased or not linear (AIAG)',
    ], width),
  ].join('\n');
}

function attributeText(result: MsaResult, study: AttributeAgreement, width: number): string {
  const of = (share: Share | null): string => (share === null ? '-' : `${shown(share.percent, 4)} % (${shown(share.lowerPercent, 4)} to ${shown(share.upperPercent, 4)})`);
  const kappa = (value: { readonly estimate: number } | null): string => (value === null ? '-' : shown(value.estimate, 3));
  const words = result.type === 'attribute' ? new Map(result.verdict.appraisers.map(({ appraiser, word }) => [appraiser, word])) : new Map<string, null>();
  const errors = study.appraisers.some((each) => each.errors !== null);
  return [
    lines([`agreement of appraisers (${result.source}): ${study.items} items, ${study.appraisers.length} appraisers, ${study.trials} trials, categories ${study.categories.join(', ')}`], width),
    textTable([{ heading: 'appraiser' }, { heading: 'with themselves' }, right('kappa'), { heading: 'with the standard' }, right('kappa'), ...(errors ? [right('missed %'), right('false alarms %')] : []), { heading: 'verdict (AIAG)' }],
      study.appraisers.map((each) => [each.appraiser, of(each.within), kappa(each.withinKappa), of(each.versusStandard), kappa(each.standardKappa),
        ...(errors ? [percent(each.errors?.missPercent ?? null), percent(each.errors?.falseAlarmPercent ?? null)] : []), words.get(each.appraiser) ?? '-']), width),
    ...(study.pairs.length > 0 ? [textTable([{ heading: 'pair' }, right('kappa'), { heading: 'interval' }, { heading: 'agreement' }],
      study.pairs.map(({ first, second, kappa: between }) => [`${first} and ${second}`, kappa(between), between === null ? '-' : `${shown(between.lower, 3)} to ${shown(between.upper, 3)}`, between === null ? '-' : agreementWord(between.estimate)]), width)] : []),
    lines([
      ...(study.between ? [`all appraisers with each other: ${of(study.between)}, kappa ${kappa(study.betweenKappa)}`] : []),
      ...(study.allVersusStandard ? [`all appraisers with the standard: ${of(study.allVersusStandard)}`] : []),
      `kappa above 0.75 is good agreement, below 0.40 poor (AIAG); intervals ${shown(100 * study.level)} %`,
    ], width),
  ].join('\n');
}
