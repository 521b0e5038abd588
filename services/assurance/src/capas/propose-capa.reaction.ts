import { derivedId, plusDays } from '@touchstone/kernel';
import type { NonconformityReported } from '@touchstone/contracts/control';
import type { Ports } from '@touchstone/event-store';
import { reaction } from '@touchstone/event-store';
import { ProposeCapa } from './commands.js';
import { isRecurrence, RECURRENCE } from './recurrence.js';
import { RecurrenceRow, recurrences } from './recurrences.projection.js';
import { capas } from './slice.js';

/** A severe nonconformity, or one that came back, is proposed for a corrective action; whether there will be one, a person decides. */
export const proposeCapa = reaction({
  name: 'propose-capa',
  on: ['control.NonconformityReported.v1'],
  send: async ({ data, meta, seq }, ports) => {
    const { nonconformityId, itemId, characteristicId, lotId, severity, requirement } = data as NonconformityReported['data'];
    const severe = severity === 'major' || severity === 'critical';
    if (!severe && !isRecurrence(meta.occurredAt, await happened({ itemId, characteristicId: characteristicId ?? '', at: meta.occurredAt, seq }, ports))) return [];
    const proposal = {
      capaId: derivedId('capa', nonconformityId), nonconformityId, itemId, ...(characteristicId !== undefined && { characteristicId }), lotId,
      why: severe ? 'severity' : 'recurrence', problem: requirement,
    };
    return [{ slice: capas, command: Object.assign(new ProposeCapa(), proposal) }];
  },
});

/** When the like of it happened, as far as the log went when this one was reported. */
async function happened({ itemId, characteristicId, at, seq }: { itemId: string; characteristicId: string; at: string; seq: number }, ports: Ports): Promise<string[]> {
  const { value } = await ports.ask(recurrences, (manager) => manager.createQueryBuilder(RecurrenceRow, 'row')
    .where('row.itemId = :itemId and row.characteristicId = :characteristicId', { itemId, characteristicId })
    .andWhere('row.occurredAt between :from and :to', { from: plusDays(at, -RECURRENCE.days), to: plusDays(at, RECURRENCE.days) })
    .andWhere('row.seq <= :seq', { seq })
    .getMany());
  return value.map(({ occurredAt }) => occurredAt);
}
