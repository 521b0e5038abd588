import type { AttributeAgreement, BiasStudy, LinearityStudy, VariationSource } from '@touchstone/statistics/measurement-systems';
import { shown } from '../analysis.js';
import type { Figure, Ink, Mark } from '../plot/figure.js';
import type { MsaResult } from './msa.js';
import { gageHeading, gageVerdicts, sourcesOf } from './msa-text.js';
import type { GageResult } from './msa-text.js';

export function msaFigure(result: MsaResult): Figure {
  switch (result.type) {
    case 'bias': return biasFigure(result.source, result.study);
    case 'linearity': return linearityFigure(result.source, result.study);
    case 'attribute': return attributeFigure(result.source, result.study);
    default: return gageFigure(result);
  }
}

const inks: readonly Ink[] = ['blue', 'vermillion', 'green', 'purple', 'black', 'grey'];
const shapes = ['dot', 'square', 'cross', 'ring'] as const;

/** Components as bars, the limits of AIAG across them; below, the means of each appraiser part by part. */
function gageFigure(result: GageResult): Figure {
  const sources = sourcesOf(result).filter(([name]) => !name.startsWith('·') && !name.startsWith('total'));
  const kinds = ([
    ['% contribution', ({ percentContribution }) => percentContribution, 'blue'], ['% study variation', ({ percentStudyVariation }) => percentStudyVariation, 'green'],
    ['% tolerance', ({ percentTolerance }) => percentTolerance, 'vermillion'], ['% process', ({ percentProcess }) => percentProcess, 'purple'],
  ] as const satisfies readonly (readonly [string, (source: VariationSource) => number | null, Ink])[]).filter(([, of]) => sources.some(([, source]) => of(source) !== null));
  const width = 0.8 / kinds.length;
  return {
    title: `Gage R&R of ${result.source}`, notes: [gageHeading(result), ...gageVerdicts(result)],
    panels: [
      { xLabel: 'source of variation', yLabel: 'percent', xNames: sources.map(([name]) => name), y: { low: 0 },
        marks: [
          ...kinds.map(([, of, ink], kind): Mark => ({ kind: 'bars', ink, x: sources.map((_, at) => [at + 0.6 + kind * width, at + 0.6 + (kind + 1) * width] as const), y: sources.map(([, source]) => of(source) ?? 0) })),
          { kind: 'level', at: 10, label: '10 %', ink: 'grey', dashes: true }, { kind: 'level', at: 30, label: '30 %', ink: 'grey', dashes: true },
        ],
        legend: kinds.map(([text, , ink]) => ({ text, ink })) },
      result.type === 'nested' ? nestedPanel(result) : partsPanel(result),
    ],
  };
}

function partsPanel({ cells }: GageResult): Figure['panels'][number] {
  const parts = [...new Set(cells.map(({ part }) => part))];
  const appraisers = [...new Set(cells.map(({ appraiser }) => appraiser))];
  return {
    xLabel: 'part', yLabel: 'mean of the trials', xNames: parts,
    marks: appraisers.flatMap((appraiser, index): Mark[] => {
      const means = new Map(cells.flatMap((cell) => (cell.appraiser === appraiser ? [[cell.part, cell.mean]] : [])));
      const [x, y, ink] = [parts.map((_, at) => at + 1), parts.map((part) => means.get(part) ?? null), inks[index % inks.length] ?? 'black'];
      return [{ kind: 'line', x, y, ink, thin: true, dashes: index % 2 === 1 }, { kind: 'points', x, y, ink, shape: shapes[index % shapes.length] ?? 'dot' }];
    }),
    legend: appraisers.map((appraiser, index) => ({ text: appraiser, ink: inks[index % inks.length] ?? 'black', dashes: index % 2 === 1 })),
  };
}

function nestedPanel({ cells }: GageResult): Figure['panels'][number] {
  const appraisers = [...new Set(cells.map(({ appraiser }) => appraiser))];
  return {
    xLabel: 'appraiser', yLabel: 'mean of a part', xNames: appraisers,
    marks: [{ kind: 'points', x: cells.map(({ appraiser }) => appraisers.indexOf(appraiser) + 1), y: cells.map(({ mean }) => mean), ink: 'blue', shape: 'ring' }],
  };
}

function biasFigure(source: string, { bias, lower, upper, level, acceptable, n, reference }: BiasStudy): Figure {
  return {
    title: `Bias of ${source}`, notes: [`${n} measurements of a part of ${shown(reference)}: bias ${shown(bias)}, ${shown(100 * level)} % interval ${shown(lower)} to ${shown(upper)}`, acceptable ? 'acceptable: no bias shown' : 'unacceptable: the gage is biased'],
    panels: [{
      xLabel: 'mean minus reference', yLabel: '', yNames: ['bias'], height: 110,
      marks: [{ kind: 'upright', at: 0, ink: 'grey', dashes: true, label: 'no bias' }, { kind: 'span', y: 1, low: lower, high: upper, ink: 'blue' }, { kind: 'points', x: [bias], y: [1], ink: acceptable ? 'blue' : 'vermillion', shape: acceptable ? 'dot' : 'square' }],
    }],
  };
}

function linearityFigure(source: string, { byReference, intercept, slope, rSquared, level, acceptable, averageBias }: LinearityStudy): Figure {
  const x = byReference.map(({ reference }) => reference);
  return {
    title: `Linearity of ${source}`,
    notes: [`bias = ${shown(intercept.estimate)} ${slope.estimate < 0 ? '-' : '+'} ${shown(Math.abs(slope.estimate))} × reference, R² ${shown(rSquared, 4)}, average bias ${shown(averageBias)}`, acceptable ? 'acceptable: the band holds 0 everywhere' : 'unacceptable: the band leaves 0'],
    panels: [{
      xLabel: 'reference', yLabel: 'bias', height: 300,
      marks: [
        { kind: 'level', at: 0, label: 'no bias', ink: 'grey', dashes: true },
        { kind: 'band', x, low: byReference.map(({ lower }) => lower), high: byReference.map(({ upper }) => upper), ink: 'blue' },
        { kind: 'line', x, y: byReference.map(({ fitted }) => fitted), ink: 'blue' }, { kind: 'points', x, y: byReference.map(({ bias }) => bias), ink: 'vermillion', shape: 'square' },
      ],
      legend: [{ text: `line with its ${shown(100 * level)} % band`, ink: 'blue' }, { text: 'mean bias', ink: 'vermillion' }],
    }],
  };
}

function attributeFigure(source: string, { appraisers, items, level, betweenKappa }: AttributeAgreement): Figure {
  const panel = (yLabel: string, of: (appraiser: AttributeAgreement['appraisers'][number]) => AttributeAgreement['between']): Figure['panels'] => {
    const shares = appraisers.map(of);
    if (shares.every((share) => share === null)) return [];
    return [{
      xLabel: 'percent of the items', yLabel, yNames: appraisers.map(({ appraiser }) => appraiser), height: 60 + 26 * appraisers.length, x: { low: 0, high: 100 },
      marks: [
        ...shares.flatMap((share, index): Mark[] => (share === null ? [] : [{ kind: 'span', y: index + 1, low: share.lowerPercent, high: share.upperPercent, ink: 'blue' }])),
        { kind: 'points', x: shares.map((share) => share?.percent ?? 0), y: shares.map((share, index) => (share === null ? null : index + 1)), ink: 'blue' },
        ...(yLabel === 'with the standard' ? [{ kind: 'upright', at: 90, ink: 'green', dashes: true, label: '90 %' } as const] : []),
      ],
    }];
  };
  return {
    title: `Agreement of appraisers: ${source}`, notes: [`${items} items, exact ${shown(100 * level)} % intervals${betweenKappa ? `; kappa of all appraisers ${shown(betweenKappa.estimate, 3)}` : ''}`],
    panels: [...panel('with themselves', ({ within }) => within), ...panel('with the standard', ({ versusStandard }) => versusStandard)],
  };
}
