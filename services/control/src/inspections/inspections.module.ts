import { sliceModule } from '@touchstone/platform';
import { inspectionList } from './inspection-list.projection.js';
import { InspectionsController } from './inspections.controller.js';
import { inspections } from './slice.js';

export const inspectionsModule = sliceModule({
  slice: inspections,
  projections: [inspectionList],
  controllers: [InspectionsController],
});
