import type { RecordedEvent } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import type { ControlSignalRaised } from '@touchstone/contracts/control';
import { ControlSignalRaisedV1 } from '@touchstone/contracts/control';
import type { Ports } from '@touchstone/event-store';
import { recorded } from '@touchstone/testing';
import { openTaskForSignal } from './open-task-for-signal.reaction.js';

const [sample] = ControlSignalRaisedV1.samples as [ControlSignalRaised['data']];
const id = derivedId('event', 1);
const send = async (data: ControlSignalRaised['data']) => {
  const event = { ...recorded('control.ControlSignalRaised.v1', data, { stream: `chart-${data.chartId}` }), id, seq: 1, version: 1 } as RecordedEvent;
  return (await openTaskForSignal.send(event, {} as Ports)).map(({ command }) => ({ ...command }));
};

describe('a signal', () => {
  it('opens a task with the reaction plan', async () => expect(await send(sample)).toEqual([{
    type: 'OpenTask', taskId: derivedId('task', id), subject: 'Signal on diameter: test 1 at sample 37', causeId: id, instructions: 'check tool wear, measure again',
  }]));
  it('of the range says so', async () =>
    expect(await send({ ...sample, of: 'range' })).toMatchObject([{ subject: 'Signal on diameter: test 1 on the range at sample 37' }]));
});
