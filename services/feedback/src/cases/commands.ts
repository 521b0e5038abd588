import { CodeField, DateTime, OneOfField, TextField, Uuid } from '@touchstone/platform';
import type { Instant } from '@touchstone/kernel';

export const caseKinds = ['internal', 'exposure', 'churn-risk', 'complaint'] as const;
export const caseOutcomes = ['confirmed', 'no-response', 'unresolved', 'duplicate', 'not-ours', 'done'] as const;

/** Without `dueAt`, the first action is due two days from now. */
export class OpenCase {
  readonly type = 'OpenCase';
  @Uuid() caseId!: string;
  @OneOfField(caseKinds) kind!: (typeof caseKinds)[number];
  @Uuid({ optional: true }) accountId?: string;
  @TextField({ description: 'in one line, without personal data' }) subject!: string;
  @CodeField({ description: 'id of what led to it' }) causeId!: string;
  @DateTime({ optional: true }) dueAt?: Instant;
}

export class RecordCaseAction {
  readonly type = 'RecordCaseAction';
  @Uuid() caseId!: string;
  @TextField({ description: 'what was done, without personal data' }) action!: string;
}

export class CloseCase {
  readonly type = 'CloseCase';
  @Uuid() caseId!: string;
  @OneOfField(caseOutcomes) outcome!: (typeof caseOutcomes)[number];
  @TextField({ description: 'why it had happened' }) rootCause!: string;
}

/** The first action is overdue. Sent by the deadline. */
export class MarkCaseOverdue {
  readonly type = 'MarkCaseOverdue';
  @Uuid() caseId!: string;
}

export type CaseCommand = OpenCase | RecordCaseAction | CloseCase | MarkCaseOverdue;
export const caseCommands = { OpenCase, RecordCaseAction, CloseCase, MarkCaseOverdue };
