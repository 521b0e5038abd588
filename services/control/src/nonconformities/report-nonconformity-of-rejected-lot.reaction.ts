import { derivedId } from '@touchstone/kernel';
import type { LotRejected } from '@touchstone/contracts/control';
import { reaction } from '@touchstone/event-store';
import { ReportNonconformity } from './commands.js';
import { withinSpecification } from './requirement.js';
import { nonconformities } from './slice.js';

/** A rejected lot does not meet its specification. Of several characteristics the first stands for recurrence, all are named. */
export const reportNonconformityOfRejectedLot = reaction({
  name: 'report-nonconformity-of-rejected-lot',
  on: ['control.LotRejected.v1'],
  send: ({ id, data }) => {
    const { lotId, itemId, inspectionId, stage, quantity, characteristicIds } = data as LotRejected['data'];
    const [characteristicId] = characteristicIds;
    const report = {
      nonconformityId: derivedId('nonconformity', id), lotId, itemId, ...(characteristicId !== undefined && { characteristicId }),
      requirement: withinSpecification(characteristicIds, stage), quantity, severity: 'major', source: 'inspection', sourceId: inspectionId,
    };
    return [{ slice: nonconformities, command: Object.assign(new ReportNonconformity(), report) }];
  },
});
