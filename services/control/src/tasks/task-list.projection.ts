import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RecordedEvent } from '@touchstone/kernel';
import { entityOf } from '@touchstone/kernel';
import { projection } from '@touchstone/event-store';
import type { TaskEvent } from './events.js';

@Entity('task')
@Index(['causeId'])
export class TaskRow {
  @PrimaryColumn('text') taskId!: string;
  @Column('text') subject!: string;
  @Column('text') causeId!: string;
  @Column('text') instructions!: string;
  @Column('text') status!: string;
  @Column('text', { nullable: true }) dueAt!: string | null;
  @Column('text') openedAt!: string;
  @Column('text', { nullable: true }) done!: string | null;
  @Column('text', { nullable: true }) completedBy!: string | null;
  @Column('text', { nullable: true }) completedAt!: string | null;
}

export const taskList = projection({
  name: 'task-list',
  version: 1,
  tables: [TaskRow],
  on: ['control.TaskOpened.v1', 'control.TaskCompleted.v1'],
  async apply(events, rows) {
    const table = rows(TaskRow);
    await table.load(events.map(({ stream }) => ({ taskId: entityOf(stream) })));
    for (const event of events as readonly RecordedEvent<TaskEvent>[]) {
      const row = next(table.get({ taskId: entityOf(event.stream) }), event);
      if (row) table.put(row);
    }
  },
});

function next(row: TaskRow | undefined, event: RecordedEvent<TaskEvent>): TaskRow | undefined {
  const { occurredAt } = event.meta;
  if (event.type === 'control.TaskOpened.v1') {
    const { taskId, subject, causeId, instructions, dueAt = null } = event.data;
    return { taskId, subject, causeId, instructions, status: 'open', dueAt, openedAt: occurredAt, done: null, completedBy: null, completedAt: null };
  }
  const { done, completedBy } = event.data;
  return row && { ...row, status: 'completed', done, completedBy, completedAt: occurredAt };
}
