import { sliceModule } from '@touchstone/platform';
import { acknowledgeInTime } from './acknowledge.deadline.js';
import { complaintList } from './complaint-list.projection.js';
import { ComplaintsController } from './complaints.controller.js';
import { lotDecisions } from './lot-decisions.projection.js';
import { respondInTime } from './respond.deadline.js';
import { complaints } from './slice.js';

export const complaintsModule = sliceModule({
  slice: complaints,
  projections: [complaintList, lotDecisions],
  deadlines: [acknowledgeInTime, respondInTime],
  controllers: [ComplaintsController],
});
