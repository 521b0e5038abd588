import { sliceModule } from '@touchstone/platform';
import { addPoint } from './add-point.reaction.js';
import { chartList } from './chart-list.projection.js';
import { ControlChartsController } from './control-charts.controller.js';
import { correctPoint } from './correct-point.reaction.js';
import { establishCharts } from './establish-charts.reaction.js';
import { controlCharts } from './slice.js';

export const controlChartsModule = sliceModule({
  slice: controlCharts,
  projections: [chartList],
  reactions: [establishCharts, addPoint, correctPoint],
  controllers: [ControlChartsController],
});
