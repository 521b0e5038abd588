import { CodeField, TextField, Uuid, Whole } from '@touchstone/platform';
import { Personal } from '@touchstone/event-store';

/** A customer, under one account. A private customer goes by a pseudonym: names of people belong to contacts. */
export class RegisterAccount {
  readonly type = 'RegisterAccount';
  @Uuid() accountId!: string;
  @TextField({ max: 200, description: 'of the company; a pseudonym for a private customer' }) name!: string;
  @CodeField({ optional: true, description: 'system that knows him too; with externalId' }) externalSource?: string;
  @CodeField({ optional: true, description: 'his id there; unique within externalSource' }) externalId?: string;
}

/** A place where the account receives goods. */
export class AddShipTo {
  readonly type = 'AddShipTo';
  @Uuid() accountId!: string;
  @Uuid() shipToId!: string;
  @CodeField({ description: 'short name of the place' }) label!: string;
  @CodeField({ description: 'ISO 3166-1 code' }) country!: string;
}

/** A person who speaks for the account. Personal fields are encrypted for `contactId`. */
export class AddContact {
  readonly type = 'AddContact';
  @Uuid() accountId!: string;
  @Uuid() contactId!: string;
  @Uuid({ optional: true, description: 'the place the person speaks for; the whole account when left out' }) shipToId?: string;
  @Personal('contactId') @TextField({ max: 200 }) name!: string;
  @Personal('contactId') @TextField({ max: 254, optional: true }) email?: string;
}

/** How likely the account, or one of its contacts, is to recommend us. */
export class StateSatisfaction {
  readonly type = 'StateSatisfaction';
  @Uuid() accountId!: string;
  @Uuid({ optional: true }) contactId?: string;
  @Whole({ min: 0, max: 10, description: '0 not at all likely to 10 extremely likely' }) score!: number;
}

export type AccountCommand = RegisterAccount | AddShipTo | AddContact | StateSatisfaction;
export const accountCommands = { RegisterAccount, AddShipTo, AddContact, StateSatisfaction };
