import { sliceModule } from '@touchstone/platform';
import { chartList } from './chart-list.projection.js';
import { ControlChartsController } from './control-charts.controller.js';
import { establishCharts } from './establish-charts.reaction.js';
import { plotMeasurements } from './plot-measurements.reaction.js';
import { controlCharts } from './slice.js';

export const controlChartsModule = sliceModule({
  slice: controlCharts,
  projections: [chartList],
  reactions: [establishCharts, plotMeasurements],
  controllers: [ControlChartsController],
});
