import { sliceModule } from '@touchstone/platform';
import { caseList } from './case-list.projection.js';
import { CasesController } from './cases.controller.js';
import { firstAction } from './first-action.deadline.js';
import { openCaseForAccountAtRisk } from './open-case-for-account-at-risk.reaction.js';
import { openCaseForExposedAccount } from './open-case-for-exposed-account.reaction.js';
import { openCaseForRejectedLot } from './open-case-for-rejected-lot.reaction.js';
import { cases } from './slice.js';

export const casesModule = sliceModule({
  slice: cases,
  projections: [caseList],
  reactions: [openCaseForRejectedLot, openCaseForExposedAccount, openCaseForAccountAtRisk],
  deadlines: [firstAction],
  controllers: [CasesController],
});
