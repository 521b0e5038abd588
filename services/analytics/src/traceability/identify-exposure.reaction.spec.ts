import { derivedId } from '@touchstone/kernel';
import type { RecordedEvent } from '@touchstone/kernel';
import type { Ports, Projection, Sent } from '@touchstone/event-store';
import { recorded } from '@touchstone/testing';
import { identifyExposureOfDelivery, identifyExposureOfNonconformity } from './identify-exposure.reaction.js';
import { exposures } from './slice.js';

const id = (name: string) => derivedId('reaction', name);
const seen = (type: string, data: object): RecordedEvent => ({ ...recorded(type, data, { stream: 'control/x-1' }), id: id(type), seq: 1, version: 1 });
const asked: string[] = [];
const ports = (rows: readonly object[]): Ports => ({
  at: '2026-03-02T08:00:00.000Z',
  stream: () => Promise.reject(new Error('no stream is read')),
  ask: <T>({ name }: Projection) => {
    asked.push(name);
    return Promise.resolve({ value: rows as T, refs: [], seq: 1 });
  },
});
const commands = (sent: readonly Sent[]) => sent.map(({ slice, command }) => [slice === exposures, { ...command }]);

describe('exposure is looked for', () => {
  it('as soon as a nonconformity is reported', async () => {
    const reported = seen('control.NonconformityReported.v1', { nonconformityId: id('n1'), lotId: id('lot'), itemId: id('item'), severity: 'critical' });
    expect(commands(await identifyExposureOfNonconformity.send(reported, ports([])))).toEqual([
      [true, { type: 'IdentifyExposure', nonconformityId: id('n1'), lotId: id('lot'), itemId: id('item'), severity: 'critical' }],
    ]);
  });
  it('not for one that an inspection found before release: its quantity is held, and a held quantity reached nobody', async () => {
    const found = { nonconformityId: id('n1'), lotId: id('lot'), itemId: id('item'), severity: 'critical' };
    expect(await identifyExposureOfNonconformity.send(seen('control.NonconformityReported.v1', { ...found, source: 'inspection' }), ports([]))).toEqual([]);
    expect(await identifyExposureOfNonconformity.send(seen('control.NonconformityReported.v1', { ...found, source: 'late-inspection' }), ports([]))).toHaveLength(1);
  });
  it('for each standing nonconformity of a lot of which more leaves', async () => {
    const dispatched = seen('control.DeliveryDispatched.v1', { deliveryId: id('d'), accountId: id('ada'), lotId: id('lot'), quantity: '1' });
    const sent = await identifyExposureOfDelivery.send(dispatched, ports([
      { nonconformityId: id('n1'), itemId: id('item'), severity: 'minor' }, { nonconformityId: id('n2'), itemId: id('item'), severity: 'major' },
    ]));
    expect(commands(sent)).toEqual(['n1', 'n2'].map((name) =>
      [true, { type: 'IdentifyExposure', nonconformityId: id(name), lotId: id('lot'), itemId: id('item'), severity: name === 'n1' ? 'minor' : 'major' }]));
    expect(asked).toEqual(['deliveries-by-lot']);
  });
  it('not for a lot without one', async () => {
    const dispatched = seen('control.DeliveryDispatched.v1', { deliveryId: id('d'), accountId: id('ada'), lotId: id('lot'), quantity: '1' });
    expect(await identifyExposureOfDelivery.send(dispatched, ports([]))).toEqual([]);
  });
});
