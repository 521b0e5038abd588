import { derivedId } from '@touchstone/kernel';

/** The account that holds what no customer could be named for, e.g. a complaint from a file without customers. It need not be registered. */
export const UNASSIGNED_ACCOUNT_ID = derivedId('account', 'unassigned');
