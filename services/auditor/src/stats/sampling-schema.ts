import { Type } from '@sinclair/typebox';
import { list, number, numberOrNull, oneOf, orNull, record, truth, whole, word } from './described-values.js';

const severity = (description: string) => oneOf(['normal', 'tightened', 'reduced'], description);

const stage = record({
  n: whole('items to draw for this sample'), cumulative: whole('items drawn up to and including it'),
  ac: orNull(Type.Integer(), 'largest count, of all samples so far, that accepts; null where it cannot accept'), re: whole('smallest count, of all samples so far, that rejects'),
});

const risk = (whose: string) => record({ p: number('quality, a fraction'), acceptance: number('probability of acceptance'), risk: number(whose) });

const plan = record({
  stages: list(stage, 'the samples in order'),
  scheme: Type.Optional(word('tables: z1.4 or iso2859-1')),
  type: Type.Optional(oneOf(['single', 'double', 'multiple'], 'tables: type of the plan')),
  requestedType: Type.Optional(word('tables: type that was asked for')),
  substitution: Type.Optional(orNull(Type.String(), 'tables: why the type is another one')),
  severity: Type.Optional(severity('tables: severity of inspection')),
  aql: Type.Optional(number('tables: acceptance quality limit in percent, or nonconformities per hundred units')),
  measure: Type.Optional(word('tables: percent-nonconforming or nonconformities-per-hundred')),
  lotSize: Type.Optional(orNull(Type.Integer(), 'tables: items in the lot')),
  level: Type.Optional(orNull(Type.String(), 'tables: inspection level')),
  codeLetter: Type.Optional(word('tables: code letter')),
  planLetter: Type.Optional(word('tables: letter of the row the plan stands in')),
  arrow: Type.Optional(oneOf(['none', 'up', 'down'], 'tables: the arrow that was followed')),
  n: Type.Optional(whole('items of all samples')),
  effectiveN: Type.Optional(whole('tables: items inspected at most')),
  fullInspection: Type.Optional(truth('tables: the sample is the lot')),
  ac: Type.Optional(whole('acceptance number of the last sample')),
  re: Type.Optional(whole('rejection number of the last sample')),
  confirmed: Type.Optional(truth('tables: whether two independent transcriptions of the printed table agree')),
  model: Type.Optional(word('two points: distribution of counts')),
  risks: Type.Optional(record({ producer: risk('probability of rejecting good lots'), consumer: risk('probability of accepting bad lots') }, 'two points: the risks that are run')),
  averageTotalInspection: Type.Optional(number('Dodge-Romig: items inspected in a lot on average, screening included')),
  averageOutgoingQualityLimit: Type.Optional(number('Dodge-Romig: worst average quality that leaves, a fraction')),
});

const point = record({
  p: number('quality, a fraction (nonconformities per unit with the Poisson model)'), acceptance: number('probability of acceptance'),
  averageSampleNumber: number('items inspected in a lot on average'), curtailedSampleNumber: numberOrNull('the same when inspection stops at the rejection number; null unless binomial'),
  averageOutgoingQuality: number('fraction nonconforming after screening of rejected lots'), averageTotalInspection: numberOrNull('items inspected on average, screening included; null for a lot without end'),
});

const quality = record({ acceptance: number('probability of acceptance'), p: number('quality accepted with it, a fraction'), perHundred: number('the same times 100') });

const analysis = record({
  model: oneOf(['binomial', 'poisson', 'hypergeometric'], 'distribution of counts'), lotSize: orNull(Type.Integer(), 'items in the lot; null for a process'),
  curve: list(point, 'operating characteristic in equal steps of quality'), points: list(quality, 'the usual points of the curve'),
  producersRisk: numberOrNull('probability of rejecting at the AQL; null without one'), consumersQuality: quality,
  averageOutgoingQualityLimit: record({ limit: number('AOQL, a fraction'), p: number('incoming quality at which it occurs') }),
  largestAverageSampleNumber: number('largest ASN of the curve'),
});

const verdict = record({
  decision: oneOf(['accept', 'reject', 'continue'], 'what the counts decide'), reason: word('why'), stage: whole('sample that decided, or the next to draw'),
  nonconforming: whole('found in all samples'), inspected: whole('items inspected'), returnToNormal: truth('accepted, but reduced inspection ends'), nextSampleSize: whole('items to inspect next'),
});

const transition = orNull(record({ from: severity('severity of this lot'), to: word('severity of the next, or discontinued'), reason: word('rule of the standard') }), 'change after the lot');

const history = record({
  lots: list(record({ lot: whole('from 1'), severity: severity('severity it was inspected with'), counts: list(Type.Integer(), 'nonconforming by sample'), accepted: truth('decision'), transition })),
  state: record({
    scheme: word('standard'), severity: severity('severity of the next lot'), status: oneOf(['inspecting', 'discontinued'], 'whether sampling goes on'),
    lots: list(record({ accepted: truth('decision'), nonconforming: whole('found'), inspected: whole('items') }), 'lots since this severity began, at most the last ten'),
    lotsAtSeverity: whole('lots since this severity began'), switchingScore: whole('ISO 2859-1: score of normal inspection'), rejectedOnTightened: whole('lots not accepted since tightened inspection began'),
  }),
  reducedObstacles: list(Type.String(), 'what stands between normal and reduced inspection'),
  countsAssumed: truth('lots given as accepted count as many nonconforming as were allowed'),
});

export const samplingSchema = record({
  kind: oneOf(['tables', 'own', 'two-point', 'rectifying'], 'where the plan comes from'), plan, analysis, at: list(point, 'the qualities that --p asks for'),
  verdict: orNull(verdict, 'what --found decides'), history: orNull(history, 'switching after --history'),
});
