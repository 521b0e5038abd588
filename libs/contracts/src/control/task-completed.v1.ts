import type { EventOf } from '../define-event.js';
import { Body, Code, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const TaskCompletedV1 = publicEvent('control.TaskCompleted.v1', {
  stream: 'task',
  meaning: 'What the task asked for was done, by a person.',
  data: Body({
    taskId: UuidText('the task'),
    causeId: Code('id of what had led to it'),
    done: Text('what was done and found, without personal data'),
    completedBy: Code('who did it'),
  }),
  samples: [
    {
      taskId: '8e2d4c6b-1a3f-5b7d-9c8e-0f1a2b3c4d66', causeId: 'd41f0c3a-5b2e-5a9d-8f7c-1e2d3c4b5a69',
      done: 'tool was worn, changed; next sample in control', completedBy: 'inspector-1',
    },
  ],
});
export type TaskCompleted = EventOf<typeof TaskCompletedV1>;
export const taskCompleted = eventMaker(TaskCompletedV1);
