import { service } from '@touchstone/platform';
import { controlPlansModule } from './control-plans/control-plans.module.js';
import { itemsModule } from './items/items.module.js';

/** Planning: what is made, and how it will be inspected. The map of the service. */
export const planning = service({
  name: 'planning',
  slices: [itemsModule, controlPlansModule],
  listensTo: ['assurance/capa'],
});
