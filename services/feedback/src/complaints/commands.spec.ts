import 'reflect-metadata';
import { UNASSIGNED_ACCOUNT_ID } from '@touchstone/contracts';
import { InvalidCommand, validateCommand } from '@touchstone/platform';
import { ReceiveComplaint } from './commands.js';

const complaintId = '3f9b8a52-6f0e-5c7e-8a41-2b9d7c4e5f60';
const accountId = 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01';
const body = { complaintId, channel: 'phone', category: 'Ring does not fit' };

function codeOf(given: object): unknown {
  try {
    return validateCommand(ReceiveComplaint, given).command;
  } catch (error) {
    if (error instanceof InvalidCommand) return error.errors.map(({ pointer, code }) => `${pointer} ${code}`);
    throw error;
  }
}

describe('a complaint as it comes in', () => {
  it('without an account is for the unassigned one', () => expect(validateCommand(ReceiveComplaint, body).command.accountId).toBe(UNASSIGNED_ACCOUNT_ID));
  it('with an account is for that', () => expect(validateCommand(ReceiveComplaint, { ...body, accountId }).command.accountId).toBe(accountId));
  it('for null is for nobody: that is no account', () => expect(codeOf({ ...body, accountId: null })).toEqual(['/accountId NOT_A_UUID']));
  it.each(['', '   ', 'x'.repeat(121)])('of the category %p is refused', (category) => expect(codeOf({ ...body, category })).toEqual(['/category NOT_A_TEXT']));
  it('may be told in 8,000 characters, and no more', () => {
    expect(validateCommand(ReceiveComplaint, { ...body, text: 'x'.repeat(8000) }).command.text).toHaveLength(8000);
    expect(codeOf({ ...body, text: 'x'.repeat(8001) })).toEqual(['/text NOT_A_TEXT']);
  });
});
