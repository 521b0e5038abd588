import type { RecordedEvent } from '@touchstone/kernel';
import { RootCauseConfirmedV1 } from '@touchstone/contracts/assurance';
import { recorded } from '@touchstone/testing';
import type { Ports } from '@touchstone/event-store';
import { noteRootCauseOnPlan } from './note-root-cause-on-plan.reaction.js';
import { controlPlans } from './slice.js';

const unasked: Ports = {
  at: '2026-03-02T08:00:00.000Z',
  stream: () => Promise.reject(new Error('not asked')),
  ask: () => Promise.reject(new Error('not asked')),
};
const [confirmed] = RootCauseConfirmedV1.samples;
const sent = (data: object) => {
  const event: RecordedEvent = { ...recorded('assurance.RootCauseConfirmed.v1', data, { stream: `assurance/capa-${confirmed?.capaId ?? ''}` }), id: 'e1', seq: 1, version: 3 };
  return noteRootCauseOnPlan.send(event, unasked);
};

describe('a confirmed root cause', () => {
  it('is noted on the control plan of its item, beside its characteristic', () => {
    expect(sent({ ...confirmed })).toEqual([{
      slice: controlPlans,
      command: {
        type: 'NoteCharacteristic', itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', characteristicId: 'diameter',
        note: 'Root cause (5 why): insert change interval too long', causeId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617',
      },
    }]);
  });

  it('without a characteristic has no place on a plan', () => {
    const { characteristicId: _unknown, ...rest } = { characteristicId: undefined, ...confirmed };
    expect(sent(rest)).toEqual([]);
  });
});
