import { service } from '@touchstone/platform';
import { controlChartsModule } from './control-charts/control-charts.module.js';
import { inspectionsModule } from './inspections/inspections.module.js';
import { lotsModule } from './lots/lots.module.js';
import { nonconformitiesModule } from './nonconformities/nonconformities.module.js';
import { tasksModule } from './tasks/tasks.module.js';
import { deliveriesModule } from './deliveries/deliveries.module.js';

/** Control: what was made or received is measured, held, judged and released. The map of the service. */
export const control = service({
  name: 'control',
  slices: [lotsModule, inspectionsModule, controlChartsModule, tasksModule, nonconformitiesModule, deliveriesModule],
  listensTo: ['planning/controlPlan'],
});
