import { service } from '@touchstone/platform';
import { capasModule } from './capas/capas.module.js';

/** Assurance: what went wrong is understood, mended, and kept from coming back. The map of the service. */
export const assurance = service({
  name: 'assurance',
  slices: [capasModule],
  listensTo: ['control/nonconformity'],
});
