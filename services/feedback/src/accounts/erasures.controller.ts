import { Controller } from '@nestjs/common';
import { Runtime } from '@touchstone/event-store';
import type { Asked } from '@touchstone/platform';
import { AskedFor, Takes } from '@touchstone/platform';
import { EraseAccount, EraseContact, PlaceErasureHold, ReleaseErasureHold } from './commands.js';
import { accounts } from './slice.js';

@Controller('accounts')
export class ErasuresController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(EraseAccount, ':accountId/erasure', 'erasure.order')
  eraseAccount(@AskedFor(EraseAccount) { command, context }: Asked<EraseAccount>) {
    return this.runtime.commands.handle(accounts, command, context);
  }

  @Takes(EraseContact, ':accountId/contacts/:contactId/erasure', 'erasure.order')
  eraseContact(@AskedFor(EraseContact) { command, context }: Asked<EraseContact>) {
    return this.runtime.commands.handle(accounts, command, context);
  }

  @Takes(PlaceErasureHold, ':accountId/erasure-holds', 'erasure.hold')
  place(@AskedFor(PlaceErasureHold) { command, context }: Asked<PlaceErasureHold>) {
    return this.runtime.commands.handle(accounts, command, context);
  }

  @Takes(ReleaseErasureHold, ':accountId/erasure-holds/:holdId/release', 'erasure.hold')
  release(@AskedFor(ReleaseErasureHold) { command, context }: Asked<ReleaseErasureHold>) {
    return this.runtime.commands.handle(accounts, command, context);
  }
}
