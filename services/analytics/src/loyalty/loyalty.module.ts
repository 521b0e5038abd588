import { sliceModule } from '@touchstone/platform';
import { accountFacts } from './account-facts.projection.js';
import { assessAfterEvent } from './assess-after-event.deadline.js';
import { assessMonthly } from './assess-monthly.deadline.js';
import { loyaltyList } from './loyalty-list.projection.js';
import { LoyaltyController } from './loyalty.controller.js';
import { loyalties } from './slice.js';

export const loyaltyModule = sliceModule({
  slice: loyalties,
  projections: [accountFacts, loyaltyList],
  deadlines: [assessAfterEvent, assessMonthly],
  controllers: [LoyaltyController],
});
