import { Controller, Get, Param, Query } from '@nestjs/common';
import type { ContactAdded } from '@touchstone/contracts/feedback';
import { decodeAll, Runtime } from '@touchstone/event-store';
import type { Asked, Paged } from '@touchstone/platform';
import { AskedFor, NotFound, Page, page, Requires, Takes } from '@touchstone/platform';
import { accountList, AccountRow } from './account-list.projection.js';
import { AddContact, AddShipTo, RegisterAccount, StateSatisfaction } from './commands.js';
import { accountStream } from './events.js';
import { accounts } from './slice.js';

@Controller('accounts')
export class AccountsController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(RegisterAccount, '', 'account.register')
  register(@AskedFor(RegisterAccount) { command, context }: Asked<RegisterAccount>) {
    return this.runtime.commands.handle(accounts, command, context);
  }

  @Takes(AddShipTo, ':accountId/ship-tos', 'account.register')
  addShipTo(@AskedFor(AddShipTo) { command, context }: Asked<AddShipTo>) {
    return this.runtime.commands.handle(accounts, command, context);
  }

  @Takes(AddContact, ':accountId/contacts', 'account.contact')
  addContact(@AskedFor(AddContact) { command, context }: Asked<AddContact>) {
    return this.runtime.commands.handle(accounts, command, context);
  }

  @Takes(StateSatisfaction, ':accountId/satisfaction', 'account.satisfaction')
  stateSatisfaction(@AskedFor(StateSatisfaction) { command, context }: Asked<StateSatisfaction>) {
    return this.runtime.commands.handle(accounts, command, context);
  }

  @Get() @Requires('account.read')
  list(@Query() query: Page): Promise<Paged<AccountRow>> {
    return page(this.runtime.query(accountList), AccountRow, 'accountId', query);
  }

  @Get(':accountId') @Requires('account.read')
  async one(@Param('accountId') accountId: string): Promise<AccountRow> {
    const row = await this.runtime.query(accountList).findOneBy(AccountRow, { accountId });
    if (!row) throw new NotFound(`no account ${accountId}`);
    return row;
  }

  /** Who speaks for the account: read from the log, so that a person who is erased is gone here at once. */
  @Get(':accountId/contacts') @Requires('account.contact')
  async contacts(@Param('accountId') accountId: string): Promise<ContactAdded['data'][]> {
    const { upcasting, options: { store, keys } } = this.runtime;
    const events = await decodeAll(await store.readStream(accountStream(accountId)), keys, upcasting);
    if (events.length === 0) throw new NotFound(`no account ${accountId}`);
    return events.filter(({ type }) => type === 'feedback.ContactAdded.v1').map(({ data }) => data as ContactAdded['data']);
  }
}
