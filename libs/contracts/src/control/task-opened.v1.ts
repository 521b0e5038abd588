import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, InstantText, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const TaskOpenedV1 = publicEvent('control.TaskOpened.v1', {
  stream: 'task',
  meaning: 'Somebody has something to do, e.g. to follow the reaction plan after a signal.',
  data: Body({
    taskId: UuidText('the task'),
    subject: Text('in one line, without personal data'),
    causeId: Code('id of what led to it'),
    instructions: Text('what to do, without personal data'),
    dueAt: Type.Optional(InstantText('by when')),
  }),
  samples: [
    {
      taskId: '8e2d4c6b-1a3f-5b7d-9c8e-0f1a2b3c4d66', subject: 'Signal on diameter: test 1 at sample 37',
      causeId: 'd41f0c3a-5b2e-5a9d-8f7c-1e2d3c4b5a69', instructions: 'check tool wear, measure again', dueAt: '2026-03-03T08:00:00.000Z',
    },
  ],
});
export type TaskOpened = EventOf<typeof TaskOpenedV1>;
export const taskOpened = eventMaker(TaskOpenedV1);
