import { service } from '@touchstone/platform';
import { loyaltyModule } from './loyalty/loyalty.module.js';
import { policiesModule } from './policies/policies.module.js';
import { traceabilityModule } from './traceability/traceability.module.js';

/** Analytics: who was exposed to what, and what it means for his loyalty, by policies that people approve. The map of the service. */
export const analytics = service({
  name: 'analytics',
  slices: [traceabilityModule, policiesModule, loyaltyModule],
  listensTo: ['control/delivery', 'control/nonconformity', 'feedback/account', 'feedback/purchase', 'feedback/complaint'],
});
