import type { DomainEvent, RecordedEvent } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import {
  deliveryPlanned, holdLifted, inspectionCompleted, lotRegistered, quantityHeld, quantityReleased, resultOutOfSpecification,
} from '@touchstone/contracts/control';
import type { Ports } from '@touchstone/event-store';
import { atFirst, deciderSpec, recorded } from '@touchstone/testing';
import { allocatePlannedDelivery } from './allocate-planned-delivery.reaction.js';
import type { HoldQuantity } from './commands.js';
import { lot } from './decider.js';
import { holdOutOfSpecification } from './hold-out-of-specification.reaction.js';
import { recordInspectionResult } from './record-inspection-result.reaction.js';
import { lots } from './slice.js';
import { waitingDeliveries } from './waiting-deliveries.projection.js';

const [lotId, itemId, inspectionId, deliveryId, other, eventId] = ['lot', 'item', 'inspection', 'delivery', 'other', 'event'].map((name) => derivedId(name)) as [string, string, string, string, string, string];
const happened = ({ type, data }: DomainEvent, stream: string): RecordedEvent =>
  ({ ...recorded(type, data as object, { stream }), id: eventId, seq: 7, version: 3 });

/** Ports of which only one read model is asked, and answers this. */
const answering = (rows: readonly object[]): Ports => ({
  at: atFirst,
  stream: () => Promise.reject(new Error('no stream is needed')),
  ask: (projection, query) => {
    expect(projection.name).toBe(waitingDeliveries.name);
    return query({ find: () => Promise.resolve(rows) } as unknown as Parameters<typeof query>[0]).then((value) => ({ value, refs: [], seq: 7 }));
  },
});
const nothingAsked = answering([]);

describe('a result out of specification', () => {
  const out = (rest: object = {}) => happened(resultOutOfSpecification({
    inspectionId, lotId, itemId, characteristicId: 'diameter', sample: 3, values: ['74.062'], unit: 'mm', lower: '73.95', upper: '74.05', severity: 'major', represents: '40', ...rest,
  }), `inspection-${inspectionId}`);
  const command = async (event: RecordedEvent) => (await holdOutOfSpecification.send(event, nothingAsked)).map((sent) => ({ ...sent.command }));

  it('holds the quantity that its sample stands for, and says in words why', async () => {
    const expected = {
      type: 'HoldQuantity', lotId, holdId: eventId, quantity: '40', cause: 'out-of-specification', causeId: inspectionId,
      reason: 'diameter 74.062 mm, limits 73.95 to 74.05 mm',
    };
    expect(await command(out())).toEqual([expected]);
    expect((await holdOutOfSpecification.send(out(), nothingAsked))[0]?.slice).toBe(lots);
  });
  it('with one limit names the missing one as none', async () =>
    expect(await command(out({ lower: undefined }))).toMatchObject([{ reason: 'diameter 74.062 mm, limits − to 74.05 mm' }]));
  it('of a hundred values still fits into a reason', async () => {
    const [hold] = await command(out({ values: Array.from({ length: 100 }, (_, index) => `74.1${index}`), characteristicId: 'c'.repeat(120) }));
    expect((hold as unknown as HoldQuantity).reason).toMatch(/^c{120} 74\.10, 74\.11, 74\.12 and 97 more mm, limits/);
    const longest = '1'.repeat(18) + '.' + '1'.repeat(12);
    const [longer] = await command(out({ values: [longest, longest, longest], characteristicId: 'c'.repeat(120), unit: 'u'.repeat(120), lower: longest, upper: longest }));
    expect((longer as unknown as HoldQuantity).reason).toHaveLength(500);
  });
  it('seen again holds nothing more', async () => {
    const [hold] = await command(out());
    if (!hold) throw new Error('no command');
    const registered = lotRegistered({ lotId, number: 'L-1', itemId, quantity: '500', unit: 'pcs', site: 'ulm', requiredInspections: ['final'] });
    const { type: _, ...held } = hold as unknown as HoldQuantity;
    deciderSpec(lot).given(registered).when(hold as unknown as HoldQuantity).then(quantityHeld(held));
    deciderSpec(lot).given(registered).repeating(hold as unknown as HoldQuantity);
  });
});

describe('a completed inspection', () => {
  it('tells its lot what was found, by whom and with which gauges', async () => {
    const completed = happened(inspectionCompleted({
      inspectionId, lotId, itemId, stage: 'final', outcome: 'rejected', samples: 5, outOfSpecification: ['diameter'], gaugesValid: false, inspectorId: 'inspector-1', inspectorName: 'Ada Muster',
    }), `inspection-${inspectionId}`);
    const sent = await recordInspectionResult.send(completed, nothingAsked);
    expect(sent.map(({ slice, command }) => [slice === lots, { ...command }])).toEqual([[true, {
      type: 'RecordInspectionResult', lotId, inspectionId, stage: 'final', outcome: 'rejected', gaugesValid: false, characteristicIds: ['diameter'],
      inspectorId: 'inspector-1', inspectorName: 'Ada Muster',
    }]]);
  });
});

describe('a planned delivery', () => {
  const planned = happened(deliveryPlanned({
    deliveryId, orderId: 'SO-1', line: 1, accountId: derivedId('account'), lotId, itemId, quantity: '250', requestedFor: atFirst, confirmedFor: atFirst,
  }), `delivery-${deliveryId}`);
  const allocation = (id: string, quantity: string) => ({ type: 'AllocateQuantity', lotId, deliveryId: id, quantity });
  const sent = async (event: RecordedEvent, waiting: readonly object[] = []) => (await allocatePlannedDelivery.send(event, answering(waiting))).map(({ command }) => ({ ...command }));

  it('asks its lot at once for its quantity', async () => expect(await sent(planned)).toEqual([allocation(deliveryId, '250')]));
  it.each([
    ['is released', quantityReleased({ lotId, quantity: '300' })],
    ['is no longer held', holdLifted({ lotId, holdId: derivedId('hold'), quantity: '40', reason: 'conforms' })],
  ])('that could not be served asks again when quantity of its lot %s, in the order of the promises', async (_, event) => {
    const waiting = [{ deliveryId: other, lotId, quantity: '100', promisedFor: '2026-03-10T16:00:00.000Z' }, { deliveryId, lotId, quantity: '250', promisedFor: '2026-03-12T16:00:00.000Z' }];
    expect(await sent(happened(event, `lot-${lotId}`), waiting)).toEqual([allocation(other, '100'), allocation(deliveryId, '250')]);
    expect(await sent(happened(event, `lot-${lotId}`))).toEqual([]);
  });
});
