import { sliceModule } from '@touchstone/platform';
import { accountList } from './account-list.projection.js';
import { AccountsController } from './accounts.controller.js';
import { eraseCustomer } from './erase-customer.reaction.js';
import { ErasuresController } from './erasures.controller.js';
import { accounts } from './slice.js';

export const accountsModule = sliceModule({
  slice: accounts,
  projections: [accountList],
  reactions: [eraseCustomer],
  controllers: [AccountsController, ErasuresController],
});
