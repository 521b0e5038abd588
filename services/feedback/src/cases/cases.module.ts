import { sliceModule } from '@touchstone/platform';
import { caseList } from './case-list.projection.js';
import { CasesController } from './cases.controller.js';
import { firstAction } from './first-action.deadline.js';
import { openCaseForRejectedLot } from './open-case-for-rejected-lot.reaction.js';
import { cases } from './slice.js';

export const casesModule = sliceModule({
  slice: cases,
  projections: [caseList],
  reactions: [openCaseForRejectedLot],
  deadlines: [firstAction],
  controllers: [CasesController],
});
