import { CodeField, TextField, Uuid } from '@touchstone/platform';

/** An item is made or bought from now on. */
export class RegisterItem {
  readonly type = 'RegisterItem';
  @Uuid() itemId!: string;
  @CodeField({ description: 'as people know it; unique' }) number!: string;
  @TextField() name!: string;
  @CodeField({ description: 'in which it is counted; never changes' }) unit!: string;
}

/** A revision of the item may be made or bought from now on. */
export class ReleaseRevision {
  readonly type = 'ReleaseRevision';
  @Uuid() itemId!: string;
  @CodeField({ description: 'as printed on the drawing' }) revision!: string;
}

/** The item is made, received or kept at one more site. */
export class AddSite {
  readonly type = 'AddSite';
  @Uuid() itemId!: string;
  @CodeField() site!: string;
}

export type ItemCommand = RegisterItem | ReleaseRevision | AddSite;
export const itemCommands = { RegisterItem, ReleaseRevision, AddSite };
