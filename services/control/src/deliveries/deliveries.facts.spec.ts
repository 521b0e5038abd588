import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@touchstone/kernel';
import type { Ports } from '@touchstone/event-store';
import { DispatchDelivery } from './commands.js';
import type { Delivery } from './decider.js';
import { deliveryFacts } from './deliveries.facts.js';

const planned = { status: 'planned', deliveryId: 'the-delivery', lotId: 'the-lot' } as Delivery;
const dispatch = Object.assign(new DispatchDelivery(), { type: 'DispatchDelivery' as const, deliveryId: 'the-delivery' });

/** What dispatching finds on a lot whose stream has these events, by the versions it would name. */
async function found(...events: (readonly [type: string, data?: object])[]) {
  const value = events.map(([type, data = {}], index) => ({ stream: 'lot-the-lot', version: index + 1, type: `control.${type}.v1`, data }) as RecordedEvent);
  const ports = { stream: (stream: string) => Promise.resolve({ value: stream === 'lot-the-lot' ? value : [], refs: [], seq: 9 }) } as unknown as Ports;
  const { allocation, reassessment, concession } = await deliveryFacts(planned, dispatch, ports);
  return [allocation, reassessment, concession].map((fact) => fact?.refs[0]?.version);
}

const ours = ['QuantityAllocated', { deliveryId: 'the-delivery' }] as const;
const other = ['QuantityAllocated', { deliveryId: 'another' }] as const;
const doubt = ['ReassessmentOpened'] as const;
const answeredFor = ['ConcessionGranted', { waives: 'REASSESSMENT_OPEN' }] as const;

describe('what dispatching looks up on the lot', () => {
  it('is the allocation of this very delivery', async () => expect(await found(other, ours, other)).toEqual([2, undefined, undefined]));
  it('is a reassessment only if it came after the allocation', async () => {
    expect(await found(doubt, ours)).toEqual([2, undefined, undefined]);
    expect(await found(ours, doubt)).toEqual([1, 2, undefined]);
  });
  it('is a concession only if it waives this rule and came after the newest reassessment', async () => {
    expect(await found(ours, doubt, answeredFor)).toEqual([1, 2, 3]);
    expect(await found(ours, doubt, answeredFor, doubt)).toEqual([1, 4, undefined]);
    expect(await found(ours, doubt, ['ConcessionGranted', { waives: 'INSPECTION_MISSING' }])).toEqual([1, 2, undefined]);
  });
  it('is nothing of a lot that set nothing aside', async () => expect(await found(other, doubt)).toEqual([undefined, undefined, undefined]));
});
