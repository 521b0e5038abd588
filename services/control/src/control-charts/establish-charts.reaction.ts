import type { ControlPlanInForce } from '@touchstone/contracts/planning';
import { reaction } from '@touchstone/event-store';
import { EstablishChart } from './commands.js';
import { chartIdOf } from './events.js';
import { controlCharts } from './slice.js';

/** A control plan that comes into force has a chart for each characteristic that it wants charted. */
export const establishCharts = reaction({
  name: 'establish-charts',
  on: ['planning.ControlPlanInForce.v1'],
  send: ({ data }) => {
    const { itemId, characteristics } = data as ControlPlanInForce['data'];
    return characteristics.flatMap(({ characteristicId, chart: kind, sampleSize, unit, onSignal, reaction: plan }) => {
      if (kind === 'none') return [];
      const settings = { chartId: chartIdOf(itemId, characteristicId), itemId, characteristicId, kind, sampleSize, unit, onSignal, reaction: plan };
      return [{ slice: controlCharts, command: Object.assign(new EstablishChart(), settings) }];
    });
  },
});
