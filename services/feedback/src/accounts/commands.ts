import { CodeField, OneOfField, TextField, Uuid, Whole } from '@touchstone/platform';
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

export const erasureGrounds = ['request', 'objection', 'retention-ended'] as const;

/** Nobody shall be able to read personal text about the customer any more, nor about anybody who spoke for him. For ever. */
export class EraseAccount {
  readonly type = 'EraseAccount';
  @Uuid() accountId!: string;
  @OneOfField(erasureGrounds) ground!: (typeof erasureGrounds)[number];
  @TextField({ description: 'what it rests on, e.g. the number of the request; without personal data' }) reason!: string;
}

/** The same for one person who spoke for the account. What the customer said in complaints is the account's, and stays. */
export class EraseContact {
  readonly type = 'EraseContact';
  @Uuid() accountId!: string;
  @Uuid() contactId!: string;
  @OneOfField(erasureGrounds) ground!: (typeof erasureGrounds)[number];
  @TextField({ description: 'what it rests on, e.g. the number of the request; without personal data' }) reason!: string;
}

/** Nothing about the customer is erased while this stands, e.g. for a law suit. */
export class PlaceErasureHold {
  readonly type = 'PlaceErasureHold';
  @Uuid() accountId!: string;
  @CodeField({ description: 'name of the hold, e.g. the number of the law suit' }) holdId!: string;
  @TextField({ description: 'why; without personal data' }) reason!: string;
}

/** With the last of its holds, what was deferred is carried out. */
export class ReleaseErasureHold {
  readonly type = 'ReleaseErasureHold';
  @Uuid() accountId!: string;
  @CodeField() holdId!: string;
  @TextField({ description: 'why; without personal data' }) reason!: string;
}

/** The keys of an order are destroyed. Sent by the reaction that did it. */
export class ConfirmErasure {
  readonly type = 'ConfirmErasure';
  @Uuid() accountId!: string;
  /** Of the order. */
  @Whole({ min: 1, max: 1_000_000 }) number!: number;
}

export type ErasureCommand = EraseAccount | EraseContact | PlaceErasureHold | ReleaseErasureHold | ConfirmErasure;
export type AccountCommand = RegisterAccount | AddShipTo | AddContact | StateSatisfaction | ErasureCommand;
export const erasureCommands = { EraseAccount, EraseContact, PlaceErasureHold, ReleaseErasureHold, ConfirmErasure };
export const accountCommands = { RegisterAccount, AddShipTo, AddContact, StateSatisfaction, ...erasureCommands };
