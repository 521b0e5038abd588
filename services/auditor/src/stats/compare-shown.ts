import type { Alternative, ProportionAnalysis, RateAnalysis } from '@touchstone/statistics/inference';
import { shown } from '../analysis.js';
import type { Figure } from '../plot/figure.js';
import { table as textTable, wrapped } from '../terminal.js';
import type { CompareResult } from './compare.js';

const ends = ({ lower, upper }: { readonly lower: number; readonly upper: number | null }): string => `${shown(lower)} to ${upper === null ? 'infinity' : shown(upper)}`;
const isProportion = (sample: ProportionAnalysis | RateAnalysis): sample is ProportionAnalysis => 'successes' in sample;
const exact = (sample: ProportionAnalysis | RateAnalysis) => (isProportion(sample) ? sample.clopperPearson : sample.interval);
const counted = (sample: ProportionAnalysis | RateAnalysis): string => (isProportion(sample) ? `${sample.successes}/${sample.n}` : `${sample.events}/${shown(sample.exposure)}`);
const tested: Readonly<Record<Alternative, string>> = { 'two-sided': 'differs from', less: 'is less than', greater: 'is greater than' };

/** Estimates and intervals of what is compared, one line each. */
function rowsOf({ first, second, proportions, rates }: CompareResult): [string, string, string, string][] {
  const one = (name: string, sample: ProportionAnalysis | RateAnalysis): [string, string, string, string][] => (isProportion(sample)
    ? [[`${name} ${counted(sample)}`, shown(sample.estimate), ends(sample.clopperPearson), 'exact (Clopper-Pearson)'], ['', '', ends(sample.wilson), 'score (Wilson)'], ...(second ? [] : [['', '', ends(sample.agrestiCoull), 'Agresti-Coull'] as [string, string, string, string]])]
    : [[`${name} ${counted(sample)}`, shown(sample.estimate), ends(sample.interval), 'exact (Garwood)']]);
  return [
    ...one('first', first), ...(second ? one('second', second) : []),
    ...(proportions ? [['difference', shown(proportions.difference), ends(proportions.newcombe), 'Newcombe'], ...(proportions.ratio ? [['ratio', shown(proportions.ratio.estimate), ends(proportions.ratio), 'Katz']] : []),
      ['odds ratio', shown(proportions.fisher.oddsRatio.estimate), ends(proportions.fisher.oddsRatio), 'exact, conditional']] as [string, string, string, string][] : []),
    ...(rates ? [['ratio', shown(rates.ratio.estimate), ends(rates.ratio), 'exact, conditional'] as [string, string, string, string]] : []),
  ];
}

function tests({ first, proportions, rates }: CompareResult): string[] {
  if (proportions) {
    const { fisher, zTest, alternative } = proportions;
    return [`that the first ${tested[alternative]} the second: p ${shown(fisher.pValue, 4)} by Fisher's exact test${zTest ? `, ${shown(zTest.pValue, 4)} by z ${shown(zTest.z, 4)}` : ''}`];
  }
  if (rates) return [`that the ratio ${tested[rates.alternative]} ${shown(rates.nullRatio)}: p ${shown(rates.pValue, 4)} (exact)`];
  if (first.test === null) return [];
  return [`that it ${tested[first.alternative]} ${shown('nullRate' in first.test ? first.test.nullRate : first.test.nullProportion)}: p ${shown(first.test.pValue, 4)} (exact)`];
}

export function compareText(result: CompareResult, width: number): string {
  const { of, first, second } = result;
  const heading = second ? `two ${of}s` : `a ${of}`;
  const lines = tests(result).flatMap((line) => wrapped(line, width));
  return `${heading}\n\n${textTable([{ heading: '' }, { heading: 'estimate', align: 'right' }, { heading: `${shown(100 * first.confidence)} % interval` }, { heading: 'method' }], rowsOf(result), width)}${lines.length > 0 ? `\n${lines.join('\n')}\n` : ''}`;
}

export function compareFigure(result: CompareResult): Figure {
  const { of, first, second } = result;
  const samples = second ? [second, first] : [first];
  const highest = Math.max(...samples.map((sample) => exact(sample).upper ?? sample.estimate * 2));
  return {
    title: second ? `Two ${of}s` : `A ${of}`, notes: [`exact ${shown(100 * first.confidence)} % intervals`, ...tests(result)],
    panels: [{
      xLabel: of, yLabel: '', yNames: samples.map(counted), height: 60 + 40 * samples.length, x: { low: 0 },
      marks: [
        ...samples.map((sample, index) => ({ kind: 'span', y: index + 1, low: exact(sample).lower, high: exact(sample).upper ?? highest, ink: 'blue' } as const)),
        { kind: 'points', x: samples.map(({ estimate }) => estimate), y: samples.map((_, index) => index + 1), ink: 'blue', shape: 'square' },
      ],
    }],
  };
}
