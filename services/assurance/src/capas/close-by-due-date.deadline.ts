import { entityOf } from '@touchstone/kernel';
import type { CapaDueDateExtended, CapaOpened } from '@touchstone/contracts/assurance';
import type { Due } from '@touchstone/event-store';
import { deadline } from '@touchstone/event-store';
import { MarkCapaOverdue } from './commands.js';
import { capas } from './slice.js';

const overdueAt = (capaId: string, dueAt: string): Due => ({ key: capaId, dueAt, command: Object.assign(new MarkCapaOverdue(), { capaId }) });

/** A corrective action is closed by its due date, which moves with an extension, or is seen to be overdue. */
export const closeByDueDate = deadline({
  name: 'close-capa-by-due-date',
  slice: capas,
  set: {
    'assurance.CapaOpened.v1': ({ data }) => {
      const { capaId, dueAt } = data as CapaOpened['data'];
      return overdueAt(capaId, dueAt);
    },
    'assurance.CapaDueDateExtended.v1': ({ data }) => {
      const { capaId, dueAt } = data as CapaDueDateExtended['data'];
      return overdueAt(capaId, dueAt);
    },
  },
  lift: { 'assurance.CapaClosed.v1': ({ stream }) => entityOf(stream) },
});
