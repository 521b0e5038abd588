import { service } from '@touchstone/platform';
import { accountsModule } from './accounts/accounts.module.js';
import { casesModule } from './cases/cases.module.js';
import { complaintsModule } from './complaints/complaints.module.js';
import { purchasesModule } from './purchases/purchases.module.js';

/** Feedback: who the customers are, what they buy, what they say, and who looks after it. The map of the service. */
export const feedback = service({
  name: 'feedback',
  slices: [accountsModule, purchasesModule, complaintsModule, casesModule],
  listensTo: ['control/lot', 'control/nonconformity', 'analytics/exposure', 'analytics/loyalty'],
});
