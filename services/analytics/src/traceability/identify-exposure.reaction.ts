import type { DeliveryDispatched, NonconformityReported } from '@touchstone/contracts/control';
import { reaction } from '@touchstone/event-store';
import { IdentifyExposure } from './commands.js';
import type { Severity } from './commands.js';
import { deliveriesByLot, NonconformityByLotRow } from './deliveries-by-lot.projection.js';
import { exposures } from './slice.js';

/**
 * A nonconformity of a lot concerns whoever received of it, at once. One that an inspection found before release does not: its
 * quantity is held, and what is held reached nobody.
 */
export const identifyExposureOfNonconformity = reaction({
  name: 'identify-exposure-of-nonconformity',
  on: ['control.NonconformityReported.v1'],
  send: ({ data }) => {
    const { nonconformityId, lotId, itemId, severity, source } = data as NonconformityReported['data'];
    if (source === 'inspection') return [];
    return [{ slice: exposures, command: Object.assign(new IdentifyExposure(), { nonconformityId, lotId, itemId, severity }) }];
  },
});

/** What leaves after its lot's nonconformity was reported exposes its account too. Of the two events, the later one finds the other. */
export const identifyExposureOfDelivery = reaction({
  name: 'identify-exposure-of-delivery',
  on: ['control.DeliveryDispatched.v1'],
  send: async ({ data }, ports) => {
    const { lotId } = data as DeliveryDispatched['data'];
    const { value } = await ports.ask(deliveriesByLot, (manager) =>
      manager.find(NonconformityByLotRow, { where: { lotId, voided: false }, order: { nonconformityId: 'ASC' } }));
    return value.map(({ nonconformityId, itemId, severity }) =>
      ({ slice: exposures, command: Object.assign(new IdentifyExposure(), { nonconformityId, lotId, itemId, severity: severity as Severity }) }));
  },
});
