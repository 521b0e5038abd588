import type { Figure, Mark } from '../plot/figure.js';
import { instruction, percent, planName, risks } from './sampling-text.js';
import type { SamplingResult } from './sampling.js';

/** Operating characteristic, with the AQL and the quality accepted once in ten; below it what leaves after screening, and the sample number. */
export function samplingFigure(result: SamplingResult): Figure {
  const { plan, analysis } = result;
  const [first] = plan.stages;
  const x = analysis.curve.map(({ p }) => 100 * p);
  const xLabel = analysis.model === 'poisson' ? 'nonconformities per hundred units' : 'percent nonconforming submitted';
  const curve = (of: (point: (typeof analysis.curve)[number]) => number): Mark => ({ kind: 'line', x, y: analysis.curve.map(of), ink: 'blue' });
  const { consumersQuality: consumer, averageOutgoingQualityLimit: aoql } = analysis;
  const producer = plan.risks?.producer.p ?? (plan.aql === undefined ? undefined : plan.aql / 100);
  return {
    title: `Operating characteristic: ${plan.stages.map(({ n, ac, re }) => `n ${n}, Ac ${ac ?? '#'}, Re ${re}`).slice(0, 2).join(' · ')}${plan.stages.length > 2 ? ' …' : ''}`,
    notes: [planName(result), ...(plan.stages.length === 1 && first ? [instruction(result, first)] : []), ...risks(result)],
    panels: [
      { xLabel, yLabel: 'probability of acceptance', y: { low: 0, high: 1.05 }, x: { low: 0 }, marks: [
        curve(({ acceptance }) => acceptance),
        { kind: 'points', x: [100 * consumer.p, ...result.at.map(({ p }) => 100 * p)], y: [consumer.acceptance, ...result.at.map(({ acceptance }) => acceptance)], ink: 'vermillion', shape: 'ring' },
        ...(producer === undefined ? [] : [{ kind: 'upright', at: 100 * producer, label: `AQL ${percent(producer)}`, ink: 'green', dashes: true } as const]),
        { kind: 'upright', at: 100 * consumer.p, label: `10 % at ${percent(consumer.p)}`, ink: 'vermillion', dashes: true },
      ] },
      { xLabel, yLabel: 'percent that leaves (AOQ)', height: 170, y: { low: 0 }, x: { low: 0 }, marks: [
        curve(({ averageOutgoingQuality }) => 100 * averageOutgoingQuality), { kind: 'level', at: 100 * aoql.limit, label: `AOQL ${percent(aoql.limit)}`, ink: 'vermillion', dashes: true },
      ] },
      ...(plan.stages.length === 1 ? [] : [{ xLabel, yLabel: 'average sample number', height: 170, y: { low: 0 }, x: { low: 0 }, marks: [curve(({ averageSampleNumber }) => averageSampleNumber)] }]),
    ],
  };
}
