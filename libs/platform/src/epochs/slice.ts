import { slice } from '@touchstone/event-store';
import { StartLogEpoch, WithdrawEvents } from './commands.js';
import type { Epoch, EpochEvent } from './decider.js';
import { epoch } from './decider.js';

export const epochStream = (number: number): string => `epoch-${number}`;

/** The epochs of the service's own log, one stream each. Its commands come from the service itself, never over HTTP. */
export const epochs = slice<Epoch, StartLogEpoch | WithdrawEvents, EpochEvent, object>({
  decider: epoch, commands: { StartLogEpoch, WithdrawEvents }, stream: (command) => epochStream(command.epoch),
});
