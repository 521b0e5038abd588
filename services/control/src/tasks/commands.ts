import { CodeField, DateTime, TextField, Uuid } from '@touchstone/platform';
import type { Instant } from '@touchstone/kernel';

/** Somebody has something to do. */
export class OpenTask {
  readonly type = 'OpenTask';
  @Uuid() taskId!: string;
  @TextField({ description: 'in one line, without personal data' }) subject!: string;
  @CodeField({ description: 'id of what led to it' }) causeId!: string;
  @TextField({ description: 'what to do, without personal data' }) instructions!: string;
  @DateTime({ optional: true }) dueAt?: Instant;
}

export class CompleteTask {
  readonly type = 'CompleteTask';
  @Uuid() taskId!: string;
  @TextField({ description: 'what was done and found, without personal data' }) done!: string;
}

export type TaskCommand = OpenTask | CompleteTask;
export const taskCommands = { OpenTask, CompleteTask };
