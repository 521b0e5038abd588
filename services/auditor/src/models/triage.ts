import type { Command } from 'commander';
import { Option } from 'commander';
import { Type } from '@sinclair/typebox';
import { crossValidateTriage, trainTriage, triageAll, triageAccuracy } from '@touchstone/loyalty/voice';
import type { TriageAccuracy, TriageDecision } from '@touchstone/loyalty/voice';
import type { Desk } from '../analysis.js';
import { columnName, number, overOptions, wholeNumber } from '../analysis.js';
import { Unusable } from '../api.js';
import { delimiters } from '../columns/data-table.js';
import type { Delimiter } from '../columns/data-table.js';
import type { Figure } from '../plot/figure.js';
import { table as textTable, wrapped } from '../terminal.js';
import { confidence, list, number as numberOf, numberOrNull, orNull, source, text as textOf } from './described.js';
import { given, percent } from './table-columns.js';
import { readTexts } from './triage-texts.js';
import type { Texts } from './triage-texts.js';

interface AskedTriage {
  readonly text: string;
  readonly category: string;
  readonly sort?: string;
  readonly delimiter?: Delimiter;
  readonly folds: number;
  readonly seed: number;
  readonly l2?: number;
  readonly balanced?: boolean;
  readonly phrases?: number;
  readonly fewest?: number;
  readonly sublinear?: boolean;
  readonly words: number;
  readonly schema?: boolean;
  readonly known?: Texts;
  readonly unsorted?: Texts;
}

type Sorted = Pick<TriageDecision, 'category' | 'probability' | 'lead' | 'knownWords'> & { readonly place: string; readonly text: string; readonly probabilities: readonly { readonly category: string; readonly probability: number }[] };

interface TriageResult {
  readonly source: string;
  readonly categories: readonly string[];
  readonly words: number;
  readonly seed: number;
  readonly accuracy: TriageAccuracy;
  readonly sorted: { readonly source: string; readonly decisions: readonly Sorted[] } | null;
}

const schema = Type.Object({
  source,
  categories: list(Type.String(), 'in code unit order'),
  words: numberOf('words and phrases known'),
  seed: numberOf('that the folds were drawn by'),
  accuracy: Type.Object({
    accuracy: numberOf('share of texts sorted right by a model that had not seen them'), lower: numberOf('lower end of Wilson’s interval'), upper: numberOf('upper end'), confidence,
    macroF1: numberOf('mean of the categories’ F1'), baseline: numberOf('accuracy of always naming the most frequent category'), n: numberOf('texts'),
    categories: list(Type.Object({ category: textOf('name'), texts: numberOf('of it'), precision: numberOrNull('share of texts sorted into it that are of it'), recall: numberOf('share of its texts sorted into it'), f1: numberOf('harmonic mean of both') }), 'in order'),
    confusion: Type.Array(Type.Array(Type.Number()), { description: 'true category, then the one assigned' }),
  }),
  sorted: orNull(Type.Object({
    source,
    decisions: list(Type.Object({
      place: textOf('line or entry'), text: textOf('as given'), category: textOf('decided'), probability: numberOf('of that category'), knownWords: numberOf('words of the text that the model knows; with none the decision rests on how frequent categories are'),
      lead: Type.Object({
        over: textOf('the next likely category'), margin: numberOf('base plus the words in order'), base: numberOf('lead without any word'),
        words: list(Type.Object({ word: textOf('or phrase'), contribution: numberOf('to the lead') }), 'largest first, whatever their sign'),
      }),
      probabilities: list(Type.Object({ category: textOf('name'), probability: numberOf('of it') }), 'likeliest first'),
    }), 'in the order of the file'),
  }), 'with --sort'),
});

const EXAMPLES = `
Files have a header, or are JSON arrays of objects (.json).

Examples:
  touchstone models triage --text text --category expected_category cfpb_sample_by_category.json
  touchstone models triage --text complaint --category product sorted.csv --sort inbox.csv --json
`;

export function addTriage(models: Command, desk: Desk): void {
  const command = models.command('triage').description('sort complaints by their words: learn from sorted ones, and say which words decide').argument('[file]', 'texts with their categories; standard input for - or when left out', '-')
    .requiredOption('--text <column>', 'what was written', columnName).requiredOption('--category <column>', 'what it is', columnName)
    .option('--sort <file>', 'texts to be sorted; no category needed')
    .addOption(new Option('--delimiter <kind>', 'what separates columns; tabs in .tsv, else commas, when left out').choices(Object.keys(delimiters)))
    .option('--folds <number>', 'of the cross-validation', wholeNumber, 5).option('--seed <number>', 'that folds are drawn by', wholeNumber, 1)
    .option('--l2 <weight>', 'of the penalty ½Σw² (1)', number).option('--balanced', 'every category counts alike, however many texts it has')
    .option('--phrases <words>', 'longest phrase (1)', wholeNumber).option('--fewest <texts>', 'words in fewer texts are left out (1)', wholeNumber).option('--sublinear', 'a word counts 1 + ln(count)')
    .option('--words <number>', 'deciding words shown for each text', wholeNumber, 5)
    .addHelpText('after', EXAMPLES)
    .hook('preAction', async (_, asked) => {
      const { text, category, sort, delimiter, schema: only } = asked.opts<AskedTriage>();
      if (only) return;
      const [file = '-'] = asked.args;
      if (file === '-' && sort === '-') throw new Unusable('only one of the two files can be standard input');
      asked.setOptionValue('known', await readTexts(file, desk.stdin, { text, category }, delimiter));
      if (sort !== undefined) asked.setOptionValue('unsorted', await readTexts(sort, desk.stdin, { text }, delimiter));
    });
  overOptions<TriageResult, AskedTriage>(command, desk, { schema, compute, text, figure });
}

function compute({ known, unsorted, folds, seed, l2, balanced, phrases, fewest, sublinear }: AskedTriage): TriageResult {
  if (known === undefined) throw new Unusable('no texts were read');
  const options = given({ l2, balanced, longestPhrase: phrases, fewestTexts: fewest, sublinear });
  const { assigned } = crossValidateTriage(known.texts, known.categories, { folds, seed }, options);
  const model = trainTriage(known.texts, known.categories, options);
  const decided = unsorted === undefined ? [] : triageAll(model, unsorted.texts);
  return {
    source: known.source, categories: model.categories, words: model.vocabulary.words.length, seed, accuracy: triageAccuracy(known.categories, assigned),
    sorted: unsorted === undefined ? null : {
      source: unsorted.source,
      decisions: decided.map(({ category, probability, lead, knownWords, categories }, index) => ({
        place: unsorted.places[index] ?? '', text: unsorted.texts[index] ?? '', category, probability, knownWords, lead, probabilities: categories.map((each) => ({ category: each.category, probability: each.probability })),
      })),
    },
  };
}

const right = (heading: string) => ({ heading, align: 'right' as const });

function text({ source: read, words, accuracy, sorted, seed }: TriageResult, width: number, { words: most, folds }: AskedTriage): string {
  const heading = `${read}: ${accuracy.n} texts of ${accuracy.categories.length} categories, ${words} words; ${percent(accuracy.accuracy)} sorted right (${percent(accuracy.lower)} to ${percent(accuracy.upper)}) by models that had not seen them (${folds} folds, seed ${seed}), `
    + `where always naming the most frequent would be right in ${percent(accuracy.baseline)}; macro F1 ${accuracy.macroF1.toFixed(3)}`;
  const each = textTable([{ heading: 'category' }, right('texts'), right('precision'), right('recall'), right('F1')],
    accuracy.categories.map(({ category, texts, precision, recall, f1 }) => [category, String(texts), percent(precision), percent(recall), f1.toFixed(3)]), width);
  const decisions = sorted === null ? '' : `\n${sorted.source}\n${textTable([{ heading: '' }, { heading: 'category' }, right('probability'), { heading: 'words that decided (against the next likely)' }],
    sorted.decisions.map(({ place, category, probability, lead }) => [place, category, percent(probability), deciding(lead, most)]), width)}`;
  return `${wrapped(heading, width).join('\n')}\n\n${each}${decisions}`;
}

const deciding = ({ over, words }: TriageDecision['lead'], most: number): string =>
  words.length === 0 ? `no known word; next ${over}` : `${words.slice(0, most).map(({ word, contribution }) => `${word} ${contribution >= 0 ? '+' : ''}${contribution.toFixed(2)}`).join(', ')} (${over})`;

/** How well each category is recognised. */
function figure({ source: read, accuracy }: TriageResult): Figure {
  const rows = [...accuracy.categories].reverse();
  const at = rows.map((_, index) => index + 1);
  return {
    title: `Triage of ${read}`,
    notes: [`${accuracy.n} texts: ${percent(accuracy.accuracy)} sorted right by models that had not seen them (${percent(accuracy.lower)} to ${percent(accuracy.upper)}), always the most frequent category ${percent(accuracy.baseline)}`, ...rows.map(({ category, texts }, index) => `${rows.length - index}: ${category} (${texts})`).reverse()],
    panels: [{
      xLabel: 'share of the texts', yLabel: 'category', yNames: rows.map((_, index) => String(rows.length - index)), x: { low: 0, high: 1 }, height: 60 + 26 * rows.length,
      marks: [
        { kind: 'points', shape: 'square', ink: 'blue', x: rows.map(({ recall }) => recall), y: at },
        { kind: 'points', shape: 'cross', ink: 'vermillion', x: rows.map(({ precision }) => precision ?? 0), y: rows.map(({ precision }, index) => (precision === null ? null : index + 1)) },
      ],
      legend: [{ text: 'squares: recall, share of its texts sorted into it', ink: 'blue' }, { text: 'crosses: precision', ink: 'vermillion' }],
    }],
  };
}

