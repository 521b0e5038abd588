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
    type: 'OpenTask', taskId: derivedId('task', sample.chartId, sample.points.at(-1)?.inspectionId ?? ''), subject: 'Signal on diameter: test 1 at sample 37', causeId: id, instructions: 'check tool wear, measure again',
  }]));
  it('and the next one of the same inspection lead to one task', async () => {
    const [[first], [second]] = [await send(sample), await send({ ...sample, test: 5 })];
    expect((second as { taskId?: string }).taskId).toBe((first as { taskId?: string }).taskId);
  });
  it('of the range says so', async () =>
    expect(await send({ ...sample, of: 'range' })).toMatchObject([{ subject: 'Signal on diameter: test 1 on the range at sample 37' }]));
});
