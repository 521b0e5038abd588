import type { DomainEvent, RecordedEvent } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import type { ControlSignalRaised } from '@touchstone/contracts/control';
import { controlSignalRaised, dispositionDecided, lotRegistered, quantityHeld } from '@touchstone/contracts/control';
import type { Ports, Reaction } from '@touchstone/event-store';
import { deciderSpec, recorded } from '@touchstone/testing';
import { applyDisposition } from './apply-disposition.reaction.js';
import type { HoldQuantity } from './commands.js';
import { lot } from './decider.js';
import { holdForSignal } from './hold-for-signal.reaction.js';

const [lotId, itemId, inspectionId, chartId, nonconformityId] = ['lot', 'item', 'inspection', 'chart', 'nonconformity'].map((name) => derivedId(name)) as [string, string, string, string, string];
const sent = async (reaction: Reaction, { type, data }: DomainEvent, id: string) => {
  const event = { ...recorded(type, data as object, { stream: 'given-1' }), id, seq: 7, version: 3 } as RecordedEvent;
  return (await reaction.send(event, {} as Ports)).map(({ command }) => ({ ...command }));
};
const signal = (change: Partial<ControlSignalRaised['data']> = {}) => controlSignalRaised({
  chartId, itemId, characteristicId: 'diameter', lotId, test: 5, of: 'value', points: [{ inspectionId, sample: 36 }, { inspectionId, sample: 37 }],
  onSignal: 'task-and-hold', reaction: 'check tool wear', represents: '100', ...change,
});

describe('a signal', () => {
  const [one, two] = [derivedId('event', 1), derivedId('event', 2)];
  const hold = {
    type: 'HoldQuantity', lotId, holdId: derivedId('hold', chartId, inspectionId, 37), quantity: '100', cause: 'signal', causeId: one,
    reason: 'signal on diameter: test 5 at sample 37',
  };

  it('holds the quantity that its sample stands for, where the control plan wants it', async () => expect(await sent(holdForSignal, signal(), one)).toEqual([hold]));
  it('holds nothing where the control plan does not', async () => expect(await sent(holdForSignal, signal({ onSignal: 'task' }), one)).toEqual([]));
  it('beside another one of the same sample holds nothing more', async () => {
    const [second] = await sent(holdForSignal, signal({ test: 1, of: 'range', points: [{ inspectionId, sample: 37 }] }), two);
    expect(second).toMatchObject({ causeId: two, reason: 'signal on diameter: test 1 on the range at sample 37' });
    const registered = lotRegistered({ lotId, number: 'L-1', itemId, quantity: '500', unit: 'pcs', site: 'ulm', requiredInspections: ['final'] });
    const held = quantityHeld({ lotId, holdId: hold.holdId, quantity: '100', cause: 'signal', causeId: one, reason: hold.reason });
    deciderSpec(lot).given(registered, held).when(second as unknown as HoldQuantity).thenNothing();
  });
});

describe('a decided disposition', () => {
  it('is carried out on its lot, each decision for itself', async () => {
    const decided = dispositionDecided({ nonconformityId, lotId, disposition: 'scrap', quantity: '40', rationale: 'material is missing', decidedBy: 'engineer-1' });
    const id = derivedId('event', 3);
    expect(await sent(applyDisposition, decided, id)).toEqual([{ type: 'ApplyDisposition', lotId, nonconformityId, dispositionId: id, disposition: 'scrap', quantity: '40' }]);
  });
});
