import type { Decimal } from '@touchstone/kernel';
import { derivedId, isPositive } from '@touchstone/kernel';
import type { QuantityHeld, ReassessmentOpened } from '@touchstone/contracts/control';
import type { Ports } from '@touchstone/event-store';
import { newest, reaction } from '@touchstone/event-store';
import { ReportNonconformity } from './commands.js';
import { withinSpecification } from './requirement.js';
import { nonconformities } from './slice.js';

/** What was released before a late inspection rejected it is nonconforming where it is now; if nothing was, what is kept here. */
export const reportNonconformityOfReassessedLot = reaction({
  name: 'report-nonconformity-of-reassessed-lot',
  on: ['control.ReassessmentOpened.v1'],
  send: async ({ id, data }, ports) => {
    const { lotId, itemId, inspectionId, characteristicIds, released } = data as ReassessmentOpened['data'];
    const quantity = isPositive(released) ? released : await keptHere(lotId, inspectionId, ports);
    if (quantity === undefined) return [];
    const [characteristicId] = characteristicIds;
    const report = {
      nonconformityId: derivedId('nonconformity', id), lotId, itemId, ...(characteristicId !== undefined && { characteristicId }),
      requirement: withinSpecification(characteristicIds, 'late'), quantity, severity: 'major', source: 'late-inspection', sourceId: inspectionId,
    };
    return [{ slice: nonconformities, command: Object.assign(new ReportNonconformity(), report) }];
  },
});

/** The hold that the late inspection put on the lot is named for the inspection. */
async function keptHere(lotId: string, inspectionId: string, ports: Ports): Promise<Decimal | undefined> {
  const held = newest<QuantityHeld['data']>(await ports.stream(`lot-${lotId}`), ({ type, data }) =>
    type === 'control.QuantityHeld.v1' && (data as QuantityHeld['data']).holdId === inspectionId);
  return held.value?.quantity;
}
