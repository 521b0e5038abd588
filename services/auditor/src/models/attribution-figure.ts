import { shown } from '../analysis.js';
import type { Figure } from '../plot/figure.js';
import type { AttributionResult } from './attribution.js';
import { pShown } from './table-columns.js';

/** Effects by periods since exposure; or the risk difference of each stratum above the one of all. */
export function attributionFigure({ source, outcome, comparison, eventStudy }: AttributionResult): Figure {
  return comparison === null ? studyFigure(source, outcome.column, eventStudy) : strataFigure(source, outcome.column, comparison);
}

function studyFigure(source: string, outcome: string, study: AttributionResult['eventStudy']): Figure {
  const effects = study?.effects ?? [];
  const x = [...effects.map(({ event }) => event), -1].sort((a, b) => a - b);
  const at = (event: number) => effects.find((each) => each.event === event);
  return {
    title: `Event study of ${outcome}, ${source}`,
    notes: [
      `${study?.exposedAccounts ?? 0} exposed, ${study?.unexposedAccounts ?? 0} never exposed accounts; ${100 * (study?.effect.confidence ?? 0.95)} % intervals, errors clustered by account`,
      `mean effect from exposure on ${shown(study?.effect.estimate, 4)} (${shown(study?.effect.lower, 4)} to ${shown(study?.effect.upper, 4)}); course of their own before exposure: p ${pShown(study?.preTrend?.pValue)}`,
    ],
    panels: [{
      xLabel: 'periods since exposure (the ends stand for all beyond)', yLabel: `difference in ${outcome}`, height: 320,
      marks: [
        { kind: 'level', at: 0, ink: 'grey', dashes: true }, { kind: 'upright', at: -0.5, label: 'exposure', ink: 'vermillion', dashes: true },
        ...effects.map(({ event, lower, upper }) => ({ kind: 'line', x: [event, event], y: [lower, upper], ink: 'blue' }) as const),
        { kind: 'line', x, y: x.map((event) => at(event)?.estimate ?? 0), ink: 'blue', thin: true },
        { kind: 'points', x: effects.map(({ event }) => event), y: effects.map(({ estimate }) => estimate), ink: 'blue', shape: 'square' },
        { kind: 'points', x: [-1], y: [0], ink: 'black', shape: 'ring' },
      ],
    }],
  };
}

function strataFigure(source: string, outcome: string, { strata, riskDifference, suspicious, adjustedFor, crude }: NonNullable<AttributionResult['comparison']>): Figure {
  const own = strata.length < 2 ? [] : strata.slice(0, 40).flatMap(({ stratum, riskDifference: each }) => (each === null ? [] : [{ name: stratum, each }]));
  const rows = [...own, { name: 'without strata', each: crude.riskDifference }, { name: 'together', each: riskDifference }].reverse();
  return {
    title: `Effect of the failure on ${outcome}, ${source}`,
    notes: [
      `risk difference ${shown(riskDifference.estimate, 4)} (${shown(riskDifference.lower, 4)} to ${shown(riskDifference.upper, 4)}), p ${pShown(riskDifference.pValue)}; ${adjustedFor.length === 0 ? 'nothing adjusted for' : `within strata of ${adjustedFor.join(', ')}`}`,
      ...(suspicious ? ['a negative control objects: this is no evidence of an effect'] : []),
    ],
    panels: [{
      xLabel: 'risk difference, exposed less unexposed', yLabel: '', yNames: rows.map(({ name }) => name), height: 60 + 34 * rows.length,
      marks: [
        { kind: 'upright', at: 0, ink: 'grey', dashes: true },
        ...rows.map(({ each, name }, index) => ({ kind: 'span', y: index + 1, low: each.lower, high: each.upper, ink: name === 'together' ? 'vermillion' : 'blue' }) as const),
        { kind: 'points', shape: 'square', ink: 'blue', x: rows.map(({ each }) => each.estimate), y: rows.map((_, index) => index + 1), labels: rows.map(({ name }) => (name.length > 10 ? name : '')) },
      ],
    }],
  };
}
