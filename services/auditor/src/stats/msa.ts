import type { Command } from 'commander';
import { Option } from 'commander';
import { attributeAgreement, biasStudy, gageAnova, gageNested, gageRange, linearityStudy } from '@touchstone/statistics/measurement-systems';
import type { AttributeAgreement, BiasStudy, GageAnova, GageAnovaOptions, GageNested, GageRange, GageRangeOptions, LinearityStudy } from '@touchstone/statistics/measurement-systems';
import type { Desk } from '../analysis.js';
import { columnName, listOf, number, overTable } from '../analysis.js';
import { Unusable } from '../api.js';
import type { DataTable } from '../columns/data-table.js';
import { msaFigure } from './msa-figure.js';
import { msaSchema } from './msa-schema.js';
import { msaText } from './msa-text.js';
import { biasVerdict, linearityVerdict, verdictOfAgreement, verdictOfGage } from './msa-verdict.js';
import type { AgreementVerdict, BiasVerdict, GageVerdict } from './msa-verdict.js';

export interface MsaOptions {
  readonly type: 'crossed' | 'range' | 'nested' | 'bias' | 'linearity' | 'attribute';
  readonly part?: string;
  readonly appraiser?: string;
  readonly trial?: string;
  readonly value?: string;
  readonly reference?: string;
  readonly tolerance?: number;
  readonly processSigma?: number;
  readonly sigmas?: number;
  readonly interaction: NonNullable<GageAnovaOptions['interaction']>;
  readonly poolingAlpha: number;
  readonly factor: NonNullable<GageRangeOptions['repeatabilityFactor']>;
  readonly byRange?: boolean;
  readonly acceptable?: string;
  readonly categories?: readonly string[];
  readonly confidence: number;
}

/** Mean of the trials of one appraiser on one part. */
export interface GageCell {
  readonly appraiser: string;
  readonly part: string;
  readonly mean: number;
}

export type MsaResult = { readonly source: string } & (
  | { readonly type: 'crossed'; readonly study: GageAnova; readonly cells: readonly GageCell[]; readonly verdict: GageVerdict }
  | { readonly type: 'range'; readonly study: GageRange; readonly cells: readonly GageCell[]; readonly verdict: GageVerdict }
  | { readonly type: 'nested'; readonly study: GageNested; readonly cells: readonly GageCell[]; readonly verdict: GageVerdict }
  | { readonly type: 'bias'; readonly study: BiasStudy; readonly verdict: BiasVerdict }
  | { readonly type: 'linearity'; readonly study: LinearityStudy; readonly verdict: BiasVerdict }
  | { readonly type: 'attribute'; readonly study: AttributeAgreement; readonly verdict: AgreementVerdict }
);

const EXAMPLES = `
Columns: gage studies (crossed, range, nested) need --part, --appraiser and --value; bias --value and --reference (a number or a
column); linearity --value and --reference; attribute --part, --appraiser, --value and, where it is known, --reference.

Examples:
  touchstone stats msa --type crossed --part part --appraiser operator --value length --tolerance 0.5 gage.csv --svg gage.svg
  touchstone stats msa --type bias --value reading --reference 6 bias.csv
  touchstone stats msa --type attribute --part item --appraiser who --value verdict --reference truth --acceptable ok plates.csv
`;

export function addMsa(stats: Command, desk: Desk): void {
  const command = stats.command('msa').description('measurement systems analysis: gage R&R, bias, linearity, agreement of appraisers; judged as AIAG does')
    .addOption(new Option('--type <type>', 'crossed gage R&R by analysis of variance or by averages and ranges (x̄-R), nested, bias, linearity, or attributes').choices(['crossed', 'range', 'nested', 'bias', 'linearity', 'attribute']).makeOptionMandatory())
    .option('--part <column>', 'part or item').option('--appraiser <column>', 'appraiser or operator').option('--trial <column>', 'number of the trial; the order of the lines when left out')
    .option('--value <column>', 'measurement or judgement').option('--reference <column>', 'true value; of a bias study a number as well')
    .option('--tolerance <width>', 'upper minus lower specification limit', number).option('--process-sigma <value>', 'standard deviation of the process, from elsewhere', number)
    .option('--sigmas <number>', 'standard deviations that count as the width of a source (6; 5.15 in older manuals)', number)
    .addOption(new Option('--interaction <mode>', 'crossed: interaction of appraisers and parts; auto pools it when it is not significant').choices(['auto', 'always', 'never']).default('auto'))
    .option('--pooling-alpha <p>', 'crossed: p-value above which it is pooled (AIAG 0.25)', number, 0.05)
    .addOption(new Option('--factor <factor>', 'range: what the mean range is divided by').choices(['d2', 'd2-star']).default('d2'))
    .option('--by-range', 'bias: repeatability from the range, as by hand')
    .option('--acceptable <category>', 'attribute: the category that passes; misses and false alarms are counted from it')
    .option('--categories <list>', 'attribute: the categories in their order', listOf(columnName))
    .option('--confidence <level>', 'of the intervals', number, 0.95)
    .addHelpText('after', EXAMPLES);
  overTable<MsaResult, MsaOptions>(command, desk, { schema: msaSchema, compute, text: msaText, figure: msaFigure });
}

function compute(table: DataTable, options: MsaOptions): MsaResult {
  const { type, confidence: level } = options;
  const { source } = table;
  if (type === 'bias' || type === 'linearity') return againstReference(table, type, options);
  const rows = orderOf(table, options.trial);
  const texts = (name: 'part' | 'appraiser' | 'value' | 'reference'): string[] => inOrder(table.texts(needed(options, name)), rows);
  if (type === 'attribute') {
    const study = attributeAgreement(
      { items: texts('part'), appraisers: texts('appraiser'), ratings: texts('value'), ...(options.reference !== undefined && { standards: texts('reference') }) },
      { level, ...(options.acceptable !== undefined && { acceptable: options.acceptable }), ...(options.categories && { categories: options.categories }) });
    return { source, type, study, verdict: verdictOfAgreement(study) };
  }
  const columns = { parts: texts('part'), operators: texts('appraiser'), measurements: inOrder([...table.numbers(needed(options, 'value'))], rows) };
  const variation = {
    ...(options.tolerance !== undefined && { tolerance: options.tolerance }), ...(options.processSigma !== undefined && { processStandardDeviation: options.processSigma }),
    ...(options.sigmas !== undefined && { studyVariationSigmas: options.sigmas }),
  };
  const cells = cellMeans(columns);
  if (type === 'range') {
    const study = gageRange(columns, { ...variation, repeatabilityFactor: options.factor });
    return { source, type, study, cells, verdict: verdictOfGage(study) };
  }
  if (type === 'nested') {
    const study = gageNested(columns, { ...variation, level });
    return { source, type, study, cells, verdict: verdictOfGage(study) };
  }
  const study = gageAnova(columns, { ...variation, level, interaction: options.interaction, poolingAlpha: options.poolingAlpha });
  return { source, type, study, cells, verdict: verdictOfGage(study) };
}

function againstReference(table: DataTable, type: 'bias' | 'linearity', options: MsaOptions): MsaResult {
  const { source } = table;
  const values = table.numbers(needed(options, 'value'));
  const reference = needed(options, 'reference');
  const { confidence: level, processSigma, sigmas = 6 } = options;
  if (type === 'linearity') {
    const study = linearityStudy(table.numbers(reference), values, { level, ...(processSigma !== undefined && { processVariation: sigmas * processSigma }) });
    return { source, type, study, verdict: linearityVerdict(study) };
  }
  const study = biasStudy(values, referenceValue(table, reference), {
    level, ...(options.byRange && { repeatability: 'range' as const }), ...(processSigma !== undefined && { processStandardDeviation: processSigma }),
  });
  return { source, type, study, verdict: biasVerdict(study) };
}

/** A column of that name, whose values must all be the same, or else a number. */
function referenceValue(table: DataTable, reference: string): number {
  const value = Number(reference);
  if (!table.names.includes(reference) && reference.trim() !== '' && Number.isFinite(value)) return value;
  const values = table.numbers(reference);
  const odd = values.findIndex((each) => each !== values[0]);
  if (odd < 0) return values[0] ?? 0;
  throw new Unusable(`${table.source}, line ${table.lineOf(odd)}: a bias study has one reference value, and ${reference} is ${values[0]} and ${values[odd]}; with several, ask for --type linearity`);
}

function needed(options: MsaOptions, name: 'part' | 'appraiser' | 'value' | 'reference'): string {
  const column = options[name];
  if (column !== undefined) return column;
  throw new Unusable(`a study of type ${options.type} needs --${name}, the column of ${{ part: 'parts or items', appraiser: 'appraisers', value: 'measurements or judgements', reference: 'true values' }[name]}`);
}

/** Rows by the number or name of their trial; trials of the same name stay in the order of the lines. */
function orderOf(table: DataTable, trial: string | undefined): number[] {
  const rows = Array.from({ length: table.length }, (_, row) => row);
  if (trial === undefined) return rows;
  const names = table.texts(trial);
  const ranks = new Map([...new Set(names)].sort((one, other) => Number(one) - Number(other) || (one < other ? -1 : 1)).map((name, rank) => [name, rank]));
  return rows.sort((one, other) => (ranks.get(names[one] ?? '') ?? 0) - (ranks.get(names[other] ?? '') ?? 0));
}

const inOrder = <T>(values: readonly T[], rows: readonly number[]): T[] => rows.flatMap((row) => values.slice(row, row + 1));

function cellMeans({ parts, operators, measurements }: { parts: readonly string[]; operators: readonly string[]; measurements: readonly number[] }): GageCell[] {
  const cells = new Map<string, { appraiser: string; part: string; sum: number; n: number }>();
  for (const [row, part] of parts.entries()) {
    const appraiser = operators[row] ?? '';
    const key = JSON.stringify([appraiser, part]);
    const cell = cells.get(key) ?? { appraiser, part, sum: 0, n: 0 };
    cells.set(key, { ...cell, sum: cell.sum + (measurements[row] ?? 0), n: cell.n + 1 });
  }
  return [...cells.values()].map(({ appraiser, part, sum, n }) => ({ appraiser, part, mean: sum / n }));
}

