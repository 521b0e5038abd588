import type { Command } from 'commander';
import { Type } from '@sinclair/typebox';
import { individualsLimits, runRules } from '@touchstone/statistics';
import type { RuleReport } from '@touchstone/statistics';
import type { Desk } from '../analysis.js';
import { number, overTable, shown } from '../analysis.js';
import { Unusable } from '../api.js';
import type { DataTable } from '../columns/data-table.js';
import { table as textTable } from '../terminal.js';
import { ruleOptions, ruleReportSchema, signalColumns, signalRows, withRuleOptions } from './run-rule-options.js';
import type { AskedRules } from './run-rule-options.js';

interface RulesOptions extends AskedRules {
  readonly column: string;
  readonly center?: number;
  readonly sigma?: number;
}

interface RulesResult {
  readonly source: string;
  readonly center: number;
  readonly sigma: number;
  readonly report: RuleReport;
}

const schema = Type.Object({
  source: Type.String({ description: 'what was read' }),
  center: Type.Number({ description: 'center line that was used' }),
  sigma: Type.Number({ description: 'standard deviation of a point that was used' }),
  report: ruleReportSchema,
});

export function addRules(stats: Command, desk: Desk): void {
  const command = stats.command('rules').description('run rules on a column of points, with their exact wording')
    .option('--column <column>', 'name or number of the column', '1')
    .option('--center <value>', 'center line; the mean when left out', number)
    .option('--sigma <value>', 'standard deviation of a point; by the mean moving range when left out', number)
    .addHelpText('after', '\nExamples:\n  touchstone stats rules --column weight filling.csv\n  touchstone stats rules --rules western-electric --tests 1,4 --center 10 --sigma 0.5 - < points.txt\n');
  overTable<RulesResult, RulesOptions>(withRuleOptions(command), desk, { schema, compute, text });
}

function compute(table: DataTable, options: RulesOptions): RulesResult {
  if (options.rules === 'none') throw new Unusable('--rules none leaves nothing to do here: choose nelson or western-electric');
  const points = table.numbersOrNull(options.column);
  const estimated = options.center === undefined || options.sigma === undefined ? individualsLimits(points) : undefined;
  const [center, sigma] = [options.center ?? estimated?.center ?? 0, options.sigma ?? estimated?.sigma ?? 0];
  return { source: table.source, center, sigma, report: runRules(points, { center, sigma }, ruleOptions(options)) };
}

function text({ source, center, sigma, report }: RulesResult, width: number): string {
  const heading = `${source}: ${report.judged} of ${report.n} points judged, center ${shown(center)}, sigma ${shown(sigma)}\n\n`;
  const rules = textTable([{ heading: 'rule', align: 'right' }, { heading: 'signals', align: 'right' }, { heading: `what it says (${report.set})` }],
    report.rules.map(({ rule, signals, text: wording }) => [String(rule), String(signals), wording]), width);
  return heading + rules + (report.signals.length === 0 ? '' : `\n${textTable(signalColumns, signalRows(report), width)}`);
}
