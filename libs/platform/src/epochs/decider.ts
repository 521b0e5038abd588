import type { Decider, DomainEvent } from '@touchstone/kernel';
import type { EventsWithdrawn, LogEpochStarted } from '@touchstone/contracts/platform';
import { eventsWithdrawn, logEpochStarted } from '@touchstone/contracts/platform';
import type { StartLogEpoch, WithdrawEvents } from './commands.js';

export type EpochEvent = LogEpochStarted | EventsWithdrawn;

/** An epoch of the log: that it was started, and the pages that list what was lost. */
export interface Epoch {
  readonly pagesWanted?: number;
  readonly pages: number;
}

/** Said once, page by page in order; what was said already is not said again, so that a start that was broken off can be given again. */
export const epoch: Decider<Epoch, StartLogEpoch | WithdrawEvents, EpochEvent> = {
  name: 'platform.epoch', version: 1,
  initialState: () => ({ pages: 0 }),
  evolve: (state, { type, data }: DomainEvent) =>
    type === 'platform.LogEpochStarted.v1' ? { ...state, pagesWanted: (data as LogEpochStarted['data']).pages } : { ...state, pages: state.pages + 1 },
  decide: (state, command) => {
    if (command.type === 'StartLogEpoch') {
      const { type: _, ...data } = command;
      return state.pagesWanted === undefined ? [logEpochStarted(data)] : [];
    }
    const { type: _, epoch: __, ...data } = command;
    return command.page === state.pages + 1 ? [eventsWithdrawn({ ...data, events: [...data.events] })] : [];
  },
};

export const isFinished = ({ pagesWanted, pages }: Epoch): boolean => pagesWanted !== undefined && pages >= pagesWanted;
