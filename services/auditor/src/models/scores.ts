import type { Command } from 'commander';
import { Option } from 'commander';
import { Type } from '@sinclair/typebox';
import { effort, effortDifference, netPromoterScore, npsDifference, satisfaction, satisfactionDifference } from '@touchstone/loyalty/voice';
import type { Effort, NetPromoterScore, NpsInterval, Satisfaction, Scale, ShareMethod } from '@touchstone/loyalty/voice';
import type { Desk } from '../analysis.js';
import { shown, wholeNumber } from '../analysis.js';
import type { Figure, Ink } from '../plot/figure.js';
import { number, numberOrNull, text } from './described.js';
import { given, interval, percent } from './table-columns.js';
import { addQuestion, answersSchema, scaleAsked } from './voice-scores.js';
import type { AskedScores } from './voice-scores.js';

interface AskedNps extends AskedScores {
  readonly interval?: NpsInterval;
}

interface AskedBoxes extends AskedScores {
  readonly scale: Scale;
  readonly topBoxes: number;
  readonly interval?: ShareMethod;
  readonly easyEnd?: 'high' | 'low';
}

const optionsOf = ({ confidence, minimum, interval: method }: AskedNps | AskedBoxes) => ({ confidence, minimumAnswers: minimum, interval: method });
const boxes = ({ scale, topBoxes, ...asked }: AskedBoxes) => ({ scale, topBoxes, ...given({ ...optionsOf({ scale, topBoxes, ...asked }), easyEnd: asked.easyEnd }) }) as Parameters<typeof satisfaction>[1] & Parameters<typeof effort>[1];
const bounds = Type.Object({ lower: number('lower end'), upper: number('upper end') });
const signed = (value: number | null, digits: number): string => (value === null ? '-' : `${value > 0 ? '+' : ''}${value.toFixed(digits)}`);

/** Shares of each kind of answer as bars beside each other, and the score with its interval below. */
function scoreFigure(title: string, notes: readonly string[], names: readonly string[], parts: readonly { text: string; ink: Ink; shares: readonly number[] }[], score: { label: string; estimates: readonly number[]; lower: readonly (number | null)[]; upper: readonly (number | null)[]; zero: boolean }): Figure {
  const width = 0.8 / parts.length;
  return {
    title, notes,
    panels: [
      {
        xLabel: '', yLabel: 'share of the answers, %', xNames: names, y: { low: 0, high: 100 },
        marks: parts.map(({ ink, shares }, part) => ({ kind: 'bars', ink, x: shares.map((_, index) => [index + 0.6 + part * width, index + 0.58 + (part + 1) * width] as const), y: shares.map((share) => 100 * share) }) as const),
        legend: parts.map(({ text: words, ink }) => ({ text: words, ink })),
      },
      {
        xLabel: `${score.label} with its interval`, yLabel: score.label, xNames: names,
        marks: [
          ...(score.zero ? [{ kind: 'level', at: 0, ink: 'grey', dashes: true } as const] : []),
          ...score.estimates.flatMap((estimate, index) => [score.lower[index], score.upper[index]].every((end) => typeof end === 'number') ? [{ kind: 'line', x: [index + 1, index + 1], y: [score.lower[index] ?? estimate, score.upper[index] ?? estimate], ink: 'blue' } as const] : []),
          { kind: 'points', shape: 'square', ink: 'blue', x: names.map((_, index) => index + 1), y: score.estimates, labels: score.estimates.map((estimate) => estimate.toFixed(score.zero ? 1 : 2)) },
        ],
      },
    ],
  };
}

const sorts = { promoters: number('answers of 9 and 10'), passives: number('answers of 7 and 8'), detractors: number('answers of 0 to 6') };

export function addNps(models: Command, desk: Desk): void {
  const command = models.command('nps').description('net promoter score with intervals, and how it moved from group to group')
    .addOption(new Option('--interval <method>', 'wald from --minimum answers on, below it score, when left out').choices(['wald', 'adjusted-wald', 'score']))
    .addHelpText('after', '\nExamples:\n  touchstone models nps --score recommend survey.csv\n  touchstone models nps --score recommend --by quarter --interval score survey.csv --svg nps.svg\n');
  addQuestion<NetPromoterScore, AskedNps>(command, desk, {
    title: 'net promoter score',
    schema: Type.Object({
      score: number('promoters less detractors, in points from −100 to 100'), standardError: number('points'), lower: number('lower end of the interval, points'), upper: number('upper end, points'),
      interval: text('method of the interval'), intervals: Type.Object({ wald: bounds, 'adjusted-wald': bounds, score: bounds }, { description: 'by every method, points' }), ...sorts, ...answersSchema,
    }),
    scale: () => ({ lowest: 0, highest: 10 }),
    measure: (answers, options) => netPromoterScore(answers, given(optionsOf(options)) as Parameters<typeof netPromoterScore>[1]),
    difference: (earlier, later, options) => npsDifference(earlier, later, given(optionsOf(options)) as Parameters<typeof netPromoterScore>[1]),
    headings: ['promoters', 'passives', 'detractors', 'NPS', 'interval'],
    cells: ({ promoters, passives, detractors, n, score, lower, upper }) => [...[promoters, passives, detractors].map((count) => percent(count / n)), score.toFixed(1), `${lower.toFixed(1)} to ${upper.toFixed(1)}`],
    changed: (points) => signed(points, 1),
    figure: ({ source, all }, rows) => scoreFigure(`Net promoter score of ${source}`, [`${all.n} answers: ${all.promoters} promoters, ${all.passives} passives, ${all.detractors} detractors; score ${all.score.toFixed(1)} (${all.lower.toFixed(1)} to ${all.upper.toFixed(1)}, ${all.interval})`],
      rows.map(({ group }) => group), (['promoters', 'passives', 'detractors'] as const).map((part, index) => ({ text: part, ink: (['green', 'grey', 'vermillion'] as const)[index] ?? 'grey', shares: rows.map(({ score }) => score[part] / score.n) })),
      { label: 'net promoter score', zero: true, estimates: rows.map(({ score }) => score.score), lower: rows.map(({ score }) => score.lower), upper: rows.map(({ score }) => score.upper) }),
  });
}

export function addCsat(models: Command, desk: Desk): void {
  const command = models.command('csat').description('customer satisfaction: share of the best answers')
    .option('--scale <from-to>', 'of the answers', scaleAsked, { lowest: 1, highest: 5 }).option('--top-boxes <answers>', 'how many of the best count as satisfied', wholeNumber, 2)
    .addOption(new Option('--interval <method>', 'of the share (wilson)').choices(['wilson', 'clopper-pearson']))
    .addHelpText('after', '\nExamples:\n  touchstone models csat --score satisfied survey.csv\n  touchstone models csat --score satisfied --by month --scale 1-10 --top-boxes 3 survey.csv\n');
  addQuestion<Satisfaction, AskedBoxes>(command, desk, {
    title: 'satisfaction',
    schema: Type.Object({ share: number('satisfied, 0 to 1'), lower: number('lower end of the interval'), upper: number('upper end'), interval: text('method of the interval'), satisfied: number('answers'), ...answersSchema }),
    scale: ({ scale }) => scale,
    measure: (answers, options) => satisfaction(answers, boxes(options)),
    difference: (earlier, later, options) => satisfactionDifference(earlier, later, boxes(options)),
    headings: ['satisfied', 'share', 'interval'],
    cells: ({ satisfied, share, lower, upper }) => [shown(satisfied), percent(share), `${percent(lower)} to ${percent(upper)}`],
    changed: (points) => signed(points, 3),
    figure: ({ source, all }, rows) => scoreFigure(`Satisfaction of ${source}`, [`${all.satisfied} of ${all.n} answers satisfied: ${percent(all.share)} (${percent(all.lower)} to ${percent(all.upper)}, ${all.interval})`], rows.map(({ group }) => group),
      [{ text: 'satisfied', ink: 'green', shares: rows.map(({ score }) => score.share) }, { text: 'others', ink: 'grey', shares: rows.map(({ score }) => 1 - score.share) }],
      { label: 'share satisfied', zero: false, estimates: rows.map(({ score }) => score.share), lower: rows.map(({ score }) => score.lower), upper: rows.map(({ score }) => score.upper) }),
  });
}

export function addCes(models: Command, desk: Desk): void {
  const command = models.command('ces').description('customer effort score: mean answer, and share of the easy ones')
    .option('--scale <from-to>', 'of the answers', scaleAsked, { lowest: 1, highest: 7 }).option('--top-boxes <answers>', 'how many of the best count as easy', wholeNumber, 3)
    .addOption(new Option('--easy-end <end>', 'which end means little effort').choices(['high', 'low']).default('high'))
    .addOption(new Option('--interval <method>', 'of the share (wilson)').choices(['wilson', 'clopper-pearson']))
    .addHelpText('after', '\nExamples:\n  touchstone models ces --score effort survey.csv\n  touchstone models ces --score effort --by channel --scale 1-5 --easy-end low survey.csv --json\n');
  addQuestion<Effort, AskedBoxes>(command, desk, {
    title: 'customer effort',
    schema: Type.Object({
      mean: number('in steps of the scale'), standardDeviation: numberOrNull('null for one answer'), standardError: numberOrNull('of the mean'), lower: numberOrNull('lower end of the interval of the mean (Student’s t)'), upper: numberOrNull('upper end'),
      easy: Type.Object({ count: number('answers'), share: number('of the answers'), lower: number('lower end of the interval'), upper: number('upper end'), interval: text('method') }), ...answersSchema,
    }),
    scale: ({ scale }) => scale,
    measure: (answers, options) => effort(answers, boxes(options)),
    difference: (earlier, later, options) => effortDifference(earlier, later, boxes(options)),
    headings: ['mean', 'interval', 'easy', 'interval of easy'],
    cells: ({ mean, lower, upper, easy }) => [mean.toFixed(3), interval(lower, upper, 4), percent(easy.share), `${percent(easy.lower)} to ${percent(easy.upper)}`],
    changed: (points) => signed(points, 3),
    figure: ({ source, all }, rows) => scoreFigure(`Customer effort of ${source}`, [`${all.n} answers: mean ${all.mean.toFixed(3)} (${interval(all.lower, all.upper)}), easy ${percent(all.easy.share)}`], rows.map(({ group }) => group),
      [{ text: 'easy', ink: 'green', shares: rows.map(({ score }) => score.easy.share) }, { text: 'others', ink: 'grey', shares: rows.map(({ score }) => 1 - score.easy.share) }],
      { label: 'mean answer', zero: false, estimates: rows.map(({ score }) => score.mean), lower: rows.map(({ score }) => score.lower), upper: rows.map(({ score }) => score.upper) }),
  });
}
