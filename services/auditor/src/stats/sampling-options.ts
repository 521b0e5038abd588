import type { Command } from 'commander';
import { Option } from 'commander';
import { CODE_LETTERS, INSPECTION_LEVELS } from '@touchstone/statistics/sampling';
import type { CodeLetter, CountModel, InspectionLevel, SamplingScheme, SamplingType, Severity } from '@touchstone/statistics/sampling';
import { columnName, listOf, number, wholeNumber } from '../analysis.js';

export interface SamplingOptions {
  readonly scheme: SamplingScheme;
  readonly lot?: number;
  readonly letter?: CodeLetter;
  readonly level?: InspectionLevel;
  readonly aql?: number;
  readonly severity: Severity;
  readonly type: SamplingType;
  readonly defects?: boolean;
  readonly n?: readonly number[];
  readonly ac?: readonly number[];
  readonly re?: readonly number[];
  readonly find?: boolean;
  readonly alpha: number;
  readonly ltpd?: number;
  readonly beta: number;
  readonly aoql?: number;
  readonly average?: number;
  readonly p?: readonly number[];
  readonly model?: CountModel;
  readonly found?: readonly number[];
  readonly history?: readonly string[];
  readonly historyFile?: string;
  readonly historyColumn?: string;
  readonly authorised?: boolean;
  readonly steady: boolean;
  readonly limitNumbers: boolean;
  readonly discontinue?: 'lots-on-tightened' | 'rejected-on-tightened';
}

const EXAMPLES = `
A plan comes from the tables (--lot or --letter, --aql), from numbers of one's own (--n, --ac, --re), from two points of its
curve (--find, --aql, --ltpd), or by Dodge and Romig (--lot, --average, and --aoql or --ltpd). Qualities are percent
nonconforming, or nonconformities per hundred units; the points of --p are fractions.

Examples:
  touchstone stats sampling --lot 500 --level II --aql 1.0 --svg oc.svg
  touchstone stats sampling --scheme iso2859-1 --lot 2500 --aql 0.65 --type double --found 1,0
  touchstone stats sampling --n 89 --ac 2 --lot 10000 --p 0.01,0.02,0.06
  touchstone stats sampling --find --aql 1 --alpha 0.05 --ltpd 6 --beta 0.10
  touchstone stats sampling --lot 500 --aql 1.0 --history accepted,accepted,rejected,accepted,rejected
  touchstone stats sampling --lot 500 --aql 1.0 --history-file lots.csv --history-column nonconforming
`;

export const withSamplingOptions = (command: Command): Command =>
  command
    .addOption(new Option('--scheme <standard>', 'tables of ANSI/ASQ Z1.4 (MIL-STD-105E) or ISO 2859-1:1999').choices(['z1.4', 'iso2859-1']).default('z1.4'))
    .option('--lot <items>', 'items in the lot', wholeNumber)
    .addOption(new Option('--letter <letter>', 'code letter, instead of lot and level').choices([...CODE_LETTERS]))
    .addOption(new Option('--level <level>', 'inspection level; II when left out').choices([...INSPECTION_LEVELS]))
    .option('--aql <percent>', 'acceptance quality limit, e.g. 0.65', number)
    .addOption(new Option('--severity <severity>', 'severity of inspection; with a history, of its first lot').choices(['normal', 'tightened', 'reduced']).default('normal'))
    .addOption(new Option('--type <type>', 'samples of a plan').choices(['single', 'double', 'multiple']).default('single'))
    .option('--defects', 'count nonconformities per hundred units, not nonconforming items (AQLs above 10 always do)')
    .option('--n <sizes>', 'own plan: size of each sample', listOf(wholeNumber)).option('--ac <numbers>', 'own plan: acceptance number after each sample', listOf(wholeNumber))
    .option('--re <numbers>', 'own plan: rejection number after each sample; of one sample Ac + 1 when left out', listOf(wholeNumber))
    .option('--find', 'the smallest single plan that keeps both risks at --aql and --ltpd')
    .option('--alpha <risk>', 'largest risk of rejecting at the AQL', number, 0.05).option('--ltpd <percent>', 'quality to be rejected', number)
    .option('--beta <risk>', 'largest risk of accepting at --ltpd', number, 0.1)
    .option('--aoql <percent>', 'Dodge-Romig: worst average quality that may leave', number).option('--average <percent>', 'Dodge-Romig: quality usually delivered', number)
    .option('--p <fractions>', 'qualities to compute everything at, e.g. 0.01,0.02', listOf(number))
    .addOption(new Option('--model <model>', 'distribution of counts; binomial, or Poisson for nonconformities, when left out').choices(['binomial', 'poisson', 'hypergeometric']))
    .option('--found <counts>', 'nonconforming in each sample of a lot: says what they decide', listOf(wholeNumber))
    .option('--history <lots>', 'lots so far: accepted, rejected, resumed, or counts (several samples as 1+0)', listOf(columnName))
    .option('--history-file <file>', 'the same, one line a lot; - for standard input').option('--history-column <column>', 'its column; the first when left out')
    .option('--authorised', 'the responsible authority wants reduced inspection').option('--no-steady', 'production is not steady')
    .option('--no-limit-numbers', 'Z1.4: reduced inspection without the limit numbers of table VIII')
    .addOption(new Option('--discontinue <rule>', 'when inspection ends: 10 lots on tightened inspection, or 5 rejected there').choices(['lots-on-tightened', 'rejected-on-tightened']))
    .addHelpText('after', EXAMPLES);
