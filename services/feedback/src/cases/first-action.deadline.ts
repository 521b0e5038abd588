import { entityOf } from '@touchstone/kernel';
import type { CaseOpened } from '@touchstone/contracts/feedback';
import { deadline } from '@touchstone/event-store';
import { MarkCaseOverdue } from './commands.js';
import { cases } from './slice.js';

/** The first action on a case is due by its date. */
export const firstAction = deadline({
  name: 'first-action-on-case',
  slice: cases,
  set: {
    'feedback.CaseOpened.v1': ({ data }) => {
      const { caseId, dueAt } = data as CaseOpened['data'];
      return { key: caseId, dueAt, command: Object.assign(new MarkCaseOverdue(), { caseId }) };
    },
  },
  lift: {
    'feedback.CaseActionRecorded.v1': ({ stream }) => entityOf(stream),
    'feedback.CaseClosed.v1': ({ stream }) => entityOf(stream),
  },
});
