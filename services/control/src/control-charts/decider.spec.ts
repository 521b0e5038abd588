import { readFileSync } from 'node:fs';
import type { Actor, Decimal } from '@touchstone/kernel';
import { derivedId, fold } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import type { ChartEstablished, LimitsBaselined } from '@touchstone/contracts/control';
import { chartEstablished, chartPhaseOneBegun, chartPointAdded, chartPointCorrected, controlSignalRaised, limitsBaselined } from '@touchstone/contracts/control';
import { d2, xbarRLimits } from '@touchstone/statistics';
import { atFirst, deciderSpec, inspector } from '@touchstone/testing';
import type { AddPoint, CorrectPoint, EstablishChart } from './commands.js';
import type { ChartFacts, Place } from './decider.js';
import { controlChart } from './decider.js';
import type { ChartEvent } from './events.js';
import { chartIdOf } from './events.js';

const { samples: rings, published } = JSON.parse(readFileSync(new URL('./fixtures/piston-rings.json', import.meta.url), 'utf8')) as {
  samples: Decimal[][];
  published: { center: number; lcl: number; ucl: number; rangeCenter: number; rangeUcl: number; beyond: number[] };
};
const itemId = derivedId('item', 'ring');
const lotId = derivedId('lot', 'L-1');
const inspectionId = derivedId('inspection', 1);
const chartId = chartIdOf(itemId, 'diameter');
const system: Actor = { id: 'system:control:plot-measurements', roles: ['system'] };
const settings: ChartEstablished['data'] = {
  chartId, itemId, characteristicId: 'diameter', kind: 'xbar-r', sampleSize: 5, unit: 'mm', onSignal: 'task', reaction: 'check tool wear',
};
const single: ChartEstablished['data'] = { ...settings, kind: 'individuals', sampleSize: 1 };
const establish = (change: Partial<EstablishChart> = {}): EstablishChart => ({ type: 'EstablishChart', ...settings, ...change });
const add = (sample: number, values: Decimal[], change: Partial<AddPoint> = {}): AddPoint =>
  ({ type: 'AddPoint', chartId, lotId, inspectionId, sample, values, unit: 'mm', represents: '100', ...change });
const added = (point: number, value: Decimal, range?: Decimal) =>
  chartPointAdded({ chartId, lotId, inspectionId, sample: point, point, value, represents: '100', ...(range !== undefined && { range }) });
const signal = (test: number, points: readonly number[], of: 'value' | 'range' = 'value') =>
  controlSignalRaised({
    chartId, itemId, characteristicId: 'diameter', lotId, test, of, points: points.map((sample) => ({ inspectionId, sample })),
    onSignal: 'task', reaction: 'check tool wear', represents: '100',
  });
/** Center 10, σ 1: on a chart of individuals the limits are 7 and 13, and 3.686 for moving ranges. */
const specified: LimitsBaselined['data'] = {
  chartId, center: '10', sigma: '1', lcl: '7', ucl: '13', rangeCenter: '1.128379167', rangeLcl: '0', rangeUcl: '3.685886566', subgroups: 0,
  basis: 'specified', source: 'study 12',
};
const spec = deciderSpec(controlChart, { contracts });

/** The events after the commands, as decided one after the other. */
function after(history: readonly ChartEvent[], commands: readonly AddPoint[]): ChartEvent[] {
  const events = [...history];
  let state = fold(controlChart, undefined, events);
  for (const command of commands) {
    const decision = controlChart.decide(state, command, {}, { actor: system, at: atFirst });
    if ('refused' in decision) throw new Error(decision.refused);
    state = fold(controlChart, state, decision);
    events.push(...decision);
  }
  return events;
}

const phaseOne = after([chartEstablished(settings)], rings.slice(0, 25).map((values, index) => add(index + 1, values)));
const singles = (values: readonly Decimal[], from = 1): ChartEvent[] =>
  values.map((value, index) => added(from + index, value, index + from === 1 ? undefined : String(Math.abs(Number(value) - Number(values[index - 1] ?? value)))));
const baselined = (): ChartEvent[] => {
  const decision = controlChart.decide(fold(controlChart, undefined, phaseOne), { type: 'BaselineChart', chartId }, {}, { actor: inspector, at: atFirst });
  if ('refused' in decision) throw new Error(decision.refused);
  return [...phaseOne, ...decision];
};

describe('establishing a chart', () => {
  it('keeps one for the characteristic', () => spec.when(establish()).then(chartEstablished(settings)));
  it('changes nothing when repeated', () => spec.repeating(establish()));
  it('takes over another reaction plan without giving up the limits', () =>
    spec.given(...baselined(), chartEstablished({ ...settings, reaction: 'call the toolmaker' })).when(add(26, ['74.2', '74.2', '74.2', '74.2', '74.2'])).then(
      added(26, '74.2', '0'), controlSignalRaised({ ...signal(1, [26]).data, reaction: 'call the toolmaker' })));
  it('begins phase 1 anew when samples become larger', () => {
    const changed = [...baselined(), chartEstablished({ ...settings, sampleSize: 4 })];
    spec.given(...changed).when(add(26, ['74.2', '74.2', '74.2', '74.2'])).then(added(26, '74.2', '0'));
    spec.given(...changed).when({ type: 'BaselineChart', chartId }).thenRefused('TOO_FEW_SUBGROUPS', { needed: 20, given: 0 });
  });
  it('is refused under an id that is not derived from item and characteristic', () =>
    spec.when(establish({ chartId: itemId })).thenRefused('CHART_ID_DIFFERS', { expected: chartId }));
  it('is refused for single values as means, and for samples as individuals', () => {
    spec.when(establish({ sampleSize: 1 })).thenRefused('SAMPLE_SIZE_OUT_OF_RANGE', { kind: 'xbar-r', sampleSize: 1 });
    spec.when(establish({ kind: 'individuals' })).thenRefused('SAMPLE_SIZE_OUT_OF_RANGE', { kind: 'individuals', sampleSize: 5 });
  });
});

describe('adding a point', () => {
  const chart = spec.given(chartEstablished(settings));

  it('plots mean and range, numbered from 1', () => chart.when(add(7, rings[0] ?? [])).then(
    chartPointAdded({ chartId, lotId, inspectionId, sample: 7, point: 1, value: '74.0102', range: '0.038', represents: '100' })));
  it('plots single values and their distance from the one before', () => {
    spec.given(chartEstablished(single)).when(add(1, ['9.5'])).then(added(1, '9.5'));
    spec.given(chartEstablished(single), added(1, '9.5')).when(add(2, ['9.25'])).then(added(2, '9.25', '0.25'));
  });
  it('changes nothing when the sample is on the chart', () => chart.repeating(add(1, rings[0] ?? [])));
  it('changes nothing where no chart is kept', () => spec.when(add(1, rings[0] ?? [])).thenNothing());
  it('is refused for another unit or sample size than the chart\'s', () => {
    chart.when(add(1, rings[0] ?? [], { unit: 'cm' })).thenRefused('UNIT_MISMATCH', { expected: 'mm', given: 'cm' });
    chart.when(add(1, ['74'])).thenRefused('SAMPLE_SIZE_DIFFERS', { expected: 5, given: 1 });
  });
  it('raises no signal in phase 1', () => chart.when(add(1, ['99', '0', '99', '99', '99'])).then(added(1, '79.2', '99')));
});

describe('limits computed from phase 1', () => {
  it('of the piston rings are the published ones, but for the rounding of d2 there', () => {
    const data = baselined().find((event) => event.type === 'control.LimitsBaselined.v1')?.data;
    const raw = xbarRLimits(rings.slice(0, 25).map((sample) => sample.map(Number)));
    expect(data).toEqual({
      chartId, center: '74.001176', sigma: raw.sigma.toFixed(9).replace(/0+$/, ''), lcl: raw.xbar.lcl.toFixed(9), ucl: raw.xbar.ucl.toFixed(9), rangeCenter: '0.02276',
      rangeLcl: '0', rangeUcl: raw.range.ucl.toFixed(9).replace(/0+$/, ''), subgroups: 25, basis: 'phase-1',
    });
    expect(Number(data?.center)).toBeCloseTo(published.center, 9);
    expect(Number(data?.rangeCenter)).toBeCloseTo(published.rangeCenter, 9);
    expect(published.center + ((Number(data?.ucl) - published.center) * d2(5)) / 2.326).toBeCloseTo(published.ucl, 8);
  });
  it('leave out the points that are named, and only those', () => {
    const outlier = added(21, '80', '0.01');
    const twenty = Array.from({ length: 20 }, (_, index) => added(index + 1, '74', '0.02'));
    const chart = spec.given(chartEstablished(settings), ...twenty, outlier);
    const lines = { sigma: '0.008598715', rangeCenter: '0.02', rangeLcl: '0', rangeUcl: '0.042289983' };
    chart.when({ type: 'BaselineChart', chartId, exclude: [21], reason: 'part clamped wrongly' })
      .then(limitsBaselined({ chartId, ...lines, center: '74', lcl: '73.988463613', ucl: '74.011536387', subgroups: 20, excluded: [21], basis: 'phase-1' }));
    chart.when({ type: 'BaselineChart', chartId }).then(limitsBaselined({
      chartId, center: '74.285714286', sigma: '0.008393984', lcl: '74.274452575', ucl: '74.296975997', rangeCenter: '0.01952381', rangeLcl: '0', rangeUcl: '0.041283079',
      subgroups: 21, basis: 'phase-1',
    }));
    chart.when({ type: 'BaselineChart', chartId, exclude: [21] }).thenRefused('EXCLUSION_NEEDS_REASON', { exclude: [21] });
    chart.when({ type: 'BaselineChart', chartId, exclude: [22], reason: 'why' }).thenRefused('POINT_NOT_IN_PHASE_1', { unknown: [22] });
    chart.when({ type: 'BaselineChart', chartId, exclude: [1, 2], reason: 'why' }).thenRefused('TOO_FEW_SUBGROUPS', { needed: 20, given: 19 });
  });
  it('of individuals form no moving range across a point left out', () => {
    const values = Array.from({ length: 21 }, (_, index) => (index === 10 ? '50' : String(10 + (index % 2))));
    spec.given(chartEstablished(single), ...singles(values)).when({ type: 'BaselineChart', chartId, exclude: [11], reason: 'gauge fell down' }).then(limitsBaselined({
      chartId, center: '10.5', sigma: '0.886226925', lcl: '7.841319224', ucl: '13.158680776', rangeCenter: '1', rangeLcl: '0', rangeUcl: '3.266531919', subgroups: 20, excluded: [11],
      basis: 'phase-1',
    }));
  });
  it('need 20 samples', () => spec.given(...phaseOne.slice(0, 20)).when({ type: 'BaselineChart', chartId }).thenRefused('TOO_FEW_SUBGROUPS', { needed: 20, given: 19 }));
  it('need variation', () =>
    spec.given(chartEstablished(single), ...singles(Array.from({ length: 20 }, () => '10'))).when({ type: 'BaselineChart', chartId }).thenRefused('NO_VARIATION', { subgroups: 20 }));
  it('are a person\'s to put in force, once', () => {
    spec.given(...phaseOne).when({ type: 'BaselineChart', chartId }, { actor: system }).thenRefused('PERSON_REQUIRED', { actor: system.id });
    spec.given(...phaseOne).repeating({ type: 'BaselineChart', chartId });
    spec.when({ type: 'BaselineChart', chartId }).thenRefused('CHART_UNKNOWN', { chartId });
  });
  it('rest on the newest 300 samples', () => {
    const many = Array.from({ length: 310 }, (_, index) => added(index + 1, index < 10 ? '999' : '74', '0.02'));
    const state = fold(controlChart, undefined, [chartEstablished(settings), ...many]);
    expect(controlChart.decide(state, { type: 'BaselineChart', chartId }, {}, { actor: inspector, at: atFirst })).toMatchObject([{ data: { center: '74', subgroups: 300 } }]);
  });
});

describe('specified limits', () => {
  const specify = (change: object = {}) => ({ type: 'SpecifyLimits' as const, chartId, center: '10', sigma: '1', source: 'study 12', ...change });
  const chart = spec.given(chartEstablished(single));

  it('stand with their source', () => chart.when(specify()).then(limitsBaselined(specified)));
  it('of means lie closer by the root of the sample size', () =>
    spec.given(chartEstablished({ ...settings, sampleSize: 4 })).when(specify()).then(limitsBaselined({
      ...specified, lcl: '8.5', ucl: '11.5', rangeCenter: '2.058750746', rangeLcl: '0', rangeUcl: '4.698175354',
    })));
  it('need a person and a spread', () => {
    chart.when(specify(), { actor: system }).thenRefused('PERSON_REQUIRED', { actor: system.id });
    chart.when(specify({ sigma: '0' })).thenRefused('NO_VARIATION', { sigma: '0' });
  });
  it('do not replace limits that are in force', () => chart.repeating(specify()));
});

describe('judging by limits', () => {
  const judging = [chartEstablished(single), limitsBaselined(specified)];

  it('finds samples 37, 38 and 39 of the piston rings beyond them, as published, and no range', () => {
    const events = after(baselined(), rings.slice(25).map((values, index) => add(index + 26, values)));
    const raised = events.filter((event) => event.type === 'control.ControlSignalRaised.v1').map(({ data }) => data);
    expect(raised.filter(({ test }) => test === 1).map(({ of, points }) => [of, points.map(({ sample }) => sample)])).toEqual(published.beyond.map((sample) => ['value', [sample]]));
  });
  it('raises a signal for each test that fires at the point, with the points of its pattern', () =>
    spec.given(...judging, ...singles(['12.1', '10'])).when(add(3, ['13.1'])).then(added(3, '13.1', '3.1'), signal(1, [3]), signal(5, [1, 3])));
  it('raises a signal for a range beyond its limit', () => {
    spec.given(...judging, added(1, '8')).when(add(2, ['12'])).then(added(2, '12', '4'), signal(1, [1, 2], 'range'));
    spec.given(chartEstablished({ ...settings, sampleSize: 2 }), limitsBaselined({ ...specified, rangeUcl: '3.6' })).when(add(1, ['8.1', '11.8']))
      .then(added(1, '9.95', '3.7'), signal(1, [1], 'range'));
  });
  it('begins with the limits: a run does not reach back into phase 1', () => {
    const eight = singles(Array.from({ length: 8 }, () => '10.1'));
    spec.given(...judging, ...eight).when(add(9, ['10.1'])).then(added(9, '10.1', '0'), signal(2, [1, 2, 3, 4, 5, 6, 7, 8, 9]));
    spec.given(chartEstablished(single), ...eight, limitsBaselined(specified)).when(add(9, ['10.1'])).then(added(9, '10.1', '0'));
  });
  it('stops when the limits are given up, and begins again with new ones', () => {
    const begun = [...judging, ...singles(['10', '10.5']), chartPhaseOneBegun({ chartId, after: 2, reason: 'new tool' })];
    spec.given(...begun).when(add(3, ['99'])).then(added(3, '99', '88.5'));
    spec.given(...begun).when({ type: 'BaselineChart', chartId }).thenRefused('TOO_FEW_SUBGROUPS', { needed: 20, given: 0 });
  });
  it('keeps the state of a chart small however many points it has had', () => {
    const state = fold(controlChart, undefined, [...judging, ...singles(Array.from({ length: 4_000 }, (_, index) => String(9 + (index % 3))))]);
    expect(state?.points).toBe(4_000);
    expect(JSON.stringify(state).length).toBeLessThan(10_000);
  });
});

describe('giving limits up', () => {
  const judging = spec.given(chartEstablished(single), limitsBaselined(specified), ...singles(['10', '11']));
  const rebaseline = { type: 'RebaselineChart' as const, chartId, reason: 'new tool' };

  it('begins phase 1 anew', () => judging.when(rebaseline).then(chartPhaseOneBegun({ chartId, after: 2, reason: 'new tool' })));
  it('needs limits, and a person', () => {
    spec.given(chartEstablished(single)).when(rebaseline).thenRefused('NO_LIMITS_IN_FORCE', { chartId });
    judging.when(rebaseline, { actor: system }).thenRefused('PERSON_REQUIRED', { actor: system.id });
  });
  it('happens once', () => judging.repeating(rebaseline));
});

describe('correcting a point', () => {
  const judging = [chartEstablished(single), limitsBaselined(specified)];
  const correct = (sample: number, now: Decimal, index = 0): CorrectPoint => ({ type: 'CorrectPoint', chartId, inspectionId, sample, index, now });
  const point = (number: number, value: Decimal, range?: Decimal): Place['point'] =>
    ({ point: number, lotId, inspectionId, sample: number, value, represents: '100', ...(range !== undefined && { range }) });
  const facts = (values: readonly Decimal[] | null, place: Place | null): { facts: ChartFacts } => ({
    facts: { values: { value: values, refs: [], seq: 9 }, place: { value: place, refs: [], seq: 9 } },
  });
  const corrected = (number: number, was: Decimal, now: Decimal, ranges: object) => chartPointCorrected({ chartId, inspectionId, sample: number, point: number, was, now, ...ranges });

  it('moves mean and range, and what it was stays visible', () =>
    spec.given(chartEstablished(settings), added(1, '68.6102', '27.2')).when(correct(1, '74.03'), facts(['47.03', '74.002', '74.019', '73.992', '74.008'], { point: point(1, '68.6102', '26.989') }))
      .then(corrected(1, '68.6102', '74.0102', { range: '0.038' })));
  it('moves the range of the point after, on a chart of individuals', () =>
    spec.given(...judging, ...singles(['10', '10.5', '10.2'])).when(correct(2, '10.1'), facts(['10.5'], { point: point(2, '10.5', '0.5'), previous: '10', next: '10.2' }))
      .then(corrected(2, '10.5', '10.1', { range: '0.1', nextRange: '0.1' })));
  it('raises the signals that the wrong value had hidden, and none a second time', () => {
    const events = [...judging, ...singles(['13.5', '12.5', '10', '12.6'])];
    spec.given(...events).when(correct(3, '12.7'), facts(['10'], { point: point(3, '10', '2.5'), previous: '12.5', next: '12.6' }))
      .then(corrected(3, '10', '12.7', { range: '0.2', nextRange: '0.1' }), signal(5, [1, 2, 3]), signal(6, [1, 2, 3, 4]));
  });
  it('raises what a point says on its own when those around it are forgotten', () => {
    const events = [...judging, ...singles(Array.from({ length: 60 }, (_, index) => String(9.5 + (index % 2))))];
    const place: Place = { point: point(5, '9.5', '1'), previous: '10.5', next: '10.5' };
    spec.given(...events).when(correct(5, '14'), facts(['9.5'], place)).then(corrected(5, '9.5', '14', { range: '3.5', nextRange: '3.5' }), signal(1, [5]));
    spec.given(...events).when(correct(5, '10'), facts(['9.5'], place)).then(corrected(5, '9.5', '10', { range: '0.5', nextRange: '0.5' }));
  });
  it('judges later points with the value as corrected', () => {
    const events = [...judging, ...singles(['10', '10', '10']), corrected(3, '10', '12.5', { range: '2.5' })];
    spec.given(...events).when(add(4, ['12.5'])).then(added(4, '12.5', '0'), signal(5, [3, 4]));
  });
  it('corrects what limits are computed from', () => {
    const twenty = Array.from({ length: 20 }, (_, index) => added(index + 1, index === 4 ? '99' : '74', '0.02'));
    spec.given(chartEstablished(settings), ...twenty, corrected(5, '99', '74', { range: '0.02' })).when({ type: 'BaselineChart', chartId }).then(limitsBaselined({
      chartId, center: '74', sigma: '0.008598715', lcl: '73.988463613', ucl: '74.011536387', rangeCenter: '0.02', rangeLcl: '0', rangeUcl: '0.042289983', subgroups: 20, basis: 'phase-1',
    }));
  });
  it('changes nothing for a sample that is not on the chart, or is there as corrected', () => {
    const chart = spec.given(...judging, ...singles(['10', '11']));
    spec.when(correct(1, '10')).thenNothing();
    chart.when(correct(1, '10'), facts(null, null)).thenNothing();
    chart.when(correct(2, '11'), facts(['11'], { point: point(2, '11', '1'), previous: '10' })).thenNothing();
    spec.given(chartEstablished(settings), ...singles(['10']), chartEstablished(single)).when(correct(1, '12'), facts(['10'], { point: point(1, '10') })).thenNothing();
  });
});
