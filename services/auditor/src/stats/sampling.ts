import type { Command } from 'commander';
import { analysePlan, judgeLot } from '@touchstone/statistics/sampling';
import type { AnalysisPoint, CountModel, LotVerdict, PlanAnalysis } from '@touchstone/statistics/sampling';
import type { Desk } from '../analysis.js';
import { overOptions } from '../analysis.js';
import { readTable } from '../columns/data-table.js';
import { Unusable } from '../api.js';
import { samplingFigure } from './sampling-figure.js';
import { withSamplingOptions } from './sampling-options.js';
import type { SamplingOptions } from './sampling-options.js';
import { historyOf, planOf, tablePlan } from './sampling-plans.js';
import type { AnyPlan, PlanKind, SwitchingHistory } from './sampling-plans.js';
import { samplingSchema } from './sampling-schema.js';
import { samplingText } from './sampling-text.js';

export interface SamplingResult {
  readonly kind: PlanKind;
  /** With a history: the plan of the next lot. */
  readonly plan: AnyPlan;
  readonly analysis: PlanAnalysis;
  /** At the qualities that were asked for. */
  readonly at: readonly AnalysisPoint[];
  readonly verdict: LotVerdict | null;
  readonly history: SwitchingHistory | null;
}

export function addSampling(stats: Command, desk: Desk): void {
  const command = withSamplingOptions(stats.command('sampling').description('acceptance sampling by attributes: plans of Z1.4 and ISO 2859-1, their curves, decisions and switching rules'));
  command.hook('preAction', async (_, asked) => {
    const { historyFile, historyColumn = '1', schema } = asked.opts<SamplingOptions & { schema?: boolean }>();
    if (historyFile !== undefined && !schema) asked.setOptionValue('history', (await readTable(historyFile, desk.stdin)).texts(historyColumn));
  });
  overOptions<SamplingResult, SamplingOptions>(command, desk, { schema: samplingSchema, compute, text: samplingText, figure: samplingFigure });
}

function compute(options: SamplingOptions): SamplingResult {
  const asked = planOf(options, options.model);
  if (asked.kind !== 'tables' && options.history !== undefined) throw new Unusable('switching rules belong to the plans of the tables: --history goes with --lot or --letter and --aql');
  const history = options.history === undefined ? null : historyOf(options, options.history);
  const { kind, plan } = history === null ? asked : { ...asked, plan: tablePlan(options, history.state.severity) };
  const model = options.model ?? usual(options, plan);
  const lotSize = options.lot;
  const producer = options.aql === undefined ? {} : { producerP: options.aql / 100 };
  const wide = { model, ...(lotSize !== undefined && { lotSize }), ...producer };
  return {
    kind, plan, analysis: analysePlan(plan, wide), at: options.p === undefined ? [] : analysePlan(plan, { ...wide, ps: options.p }).curve,
    verdict: options.found === undefined ? null : judgeLot({ ...plan, ...(options.defects && { measure: 'nonconformities-per-hundred' as const }) }, options.found), history,
  };
}

const usual = ({ defects }: SamplingOptions, plan: AnyPlan): CountModel => plan.model ?? (defects === true || plan.measure === 'nonconformities-per-hundred' ? 'poisson' : 'binomial');
