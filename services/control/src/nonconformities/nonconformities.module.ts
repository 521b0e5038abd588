import { sliceModule } from '@touchstone/platform';
import { NonconformitiesController } from './nonconformities.controller.js';
import { nonconformityList } from './nonconformity-list.projection.js';
import { reportNonconformityOfReassessedLot } from './report-nonconformity-of-reassessed-lot.reaction.js';
import { reportNonconformityOfRejectedLot } from './report-nonconformity-of-rejected-lot.reaction.js';
import { nonconformities } from './slice.js';

export const nonconformitiesModule = sliceModule({
  slice: nonconformities,
  projections: [nonconformityList],
  reactions: [reportNonconformityOfRejectedLot, reportNonconformityOfReassessedLot],
  controllers: [NonconformitiesController],
});
