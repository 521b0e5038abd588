import type { Decider } from '@touchstone/kernel';
import type { Gauge, GaugeCommand, GaugeEvent, GaugeFacts } from './fixtures/gauges.js';
import { BlockGauge, gauge, LendGauge, RegisterGauge, ReturnGauge } from './fixtures/gauges.js';
import { deciderSpec } from './index.js';

const registered: GaugeEvent = { type: 'control.GaugeRegistered.v1', data: { gaugeId: 'g1', serialNumber: 's1' } };
const lent: GaugeEvent = { type: 'control.GaugeLent.v1', data: { gaugeId: 'g1', personId: 'p1', personName: 'Ada' } };
const lend = new LendGauge('g1', 'p1', 'Ada');
const spec = deciderSpec(gauge);

describe('a decider spec', () => {
  it('compares events exactly and in order', () => {
    spec.given(registered).when(lend).then(lent);
    expect(() => spec.given(registered).when(lend).then({ ...lent, data: { ...lent.data, personName: 'Bob' } } as GaugeEvent)).toThrow('Bob');
    expect(() => spec.given(registered).when(lend).then(lent, lent)).toThrow();
    expect(() => spec.given(registered).when(lend).then()).toThrow();
  });
  it('compares a refusal by its code, and by its details when they are given', () => {
    spec.given(registered, lent).when(lend).thenRefused('GAUGE_LENT');
    spec.given(registered, lent).when(lend).thenRefused('GAUGE_LENT', { to: 'p1' });
    expect(() => spec.given(registered, lent).when(lend).thenRefused('GAUGE_LENT', { to: 'p2' })).toThrow('p2');
    expect(() => spec.given(registered, lent).when(lend).thenRefused('GAUGE_UNKNOWN')).toThrow('GAUGE_LENT');
    expect(() => spec.given(registered).when(lend).thenRefused('GAUGE_LENT')).toThrow();
  });
  it('tells nothing from a refusal and from events', () => {
    spec.given(registered).when(new ReturnGauge('g1')).thenNothing();
    expect(() => spec.given(registered).when(lend).thenNothing()).toThrow();
    expect(() => spec.when(lend).thenNothing()).toThrow('GAUGE_UNKNOWN');
  });
  it('hands facts to the decision', () => {
    spec.given(registered).when(lend, { facts: { lentBefore: { value: 2, refs: [], seq: 7 } } }).thenRefused('TOO_MANY_GAUGES');
  });
  it('fails on any other error', () => {
    expect(() => spec.given({ type: 'control.Unheard.v1', data: {} } as unknown as GaugeEvent).when(lend).thenRefused('GAUGE_UNKNOWN')).toThrow('no branch for');
  });
  it('checks the events against their contracts', () => {
    const contracts = { check: ({ type }: { type: string }) => { throw new Error(`${type} breaks its contract`); } };
    expect(() => deciderSpec(gauge, { contracts }).given(registered).when(lend).then(lent)).toThrow('control.GaugeLent.v1 breaks its contract');
  });
});

describe('a repeated command', () => {
  it('yields no new events: it is refused or moot', () => {
    spec.given(registered).repeating(lend);
    spec.given(registered).repeating(new BlockGauge('g1', 'fell down'));
    spec.repeating(new RegisterGauge('g1', 's1'));
  });
  it('is caught when it does', () => {
    const forgetful: typeof gauge = { ...gauge, evolve: (state, event) => (event.type === 'control.GaugeBlocked.v1' ? state : gauge.evolve(state, event)) };
    expect(() => deciderSpec(forgetful).given(registered).repeating(new BlockGauge('g1', 'fell down'))).toThrow('fell down');
  });
  it('says nothing when the first one did nothing', () => {
    expect(() => spec.repeating(lend)).toThrow('refused at once');
    expect(() => spec.given(registered).repeating(new ReturnGauge('g1'))).toThrow('no events at once');
  });
});

describe('purity', () => {
  const changed = (change: Partial<Decider<Gauge, GaugeCommand, GaugeEvent, GaugeFacts>>) => deciderSpec({ ...gauge, ...change }).given(registered);
  it('is broken by a decision that changes the state', () => {
    const decide: typeof gauge.decide = (state, ...rest) => gauge.decide(Object.assign(state, { blocked: true }), ...rest);
    expect(() => changed({ decide }).when(lend).then(lent)).toThrow(/read only|not extensible/);
  });
  it('is broken by chance', () => {
    const decide = (): GaugeEvent[] => [{ type: 'control.GaugeBlocked.v1', data: { gaugeId: 'g1', reason: String(Math.random()) } }];
    expect(() => changed({ decide }).when(lend).then(lent)).toThrow('not pure');
  });
  it('is broken by what JSON cannot hold', () => {
    const decide = () => [{ type: 'control.GaugeBlocked.v1', data: { gaugeId: 'g1', reason: new Date(0) } }] as unknown as GaugeEvent[];
    expect(() => changed({ decide }).when(lend).then(lent)).toThrow('an instance of a class');
  });
});
