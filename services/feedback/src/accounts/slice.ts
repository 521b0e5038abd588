import { slice } from '@touchstone/event-store';
import { accountCommands, erasureCommands } from './commands.js';
import { accountDecider } from './decider.js';
import { accountStream, privateEvents } from './events.js';

/** Accounts: their commands, who decides them, and on which stream. A customer of another system has one account. */
export const accounts = slice({
  decider: accountDecider,
  commands: accountCommands,
  stream: (command) => accountStream(command.accountId),
  privateEvents,
  notInBulk: Object.values(erasureCommands).map((commandClass) => new commandClass().type),
  claims: ({ type, data }) => (type === 'feedback.AccountRegistered.v1' && data.externalId !== undefined ? [`account-of:${data.externalSource}:${data.externalId}`] : []),
});
