import { service } from '@touchstone/platform';
import { casesModule } from './cases/cases.module.js';

/** Feedback: what customers say, and who looks after it. The map of the service. */
export const feedback = service({
  name: 'feedback',
  slices: [casesModule],
  listensTo: ['control/lot'],
});
