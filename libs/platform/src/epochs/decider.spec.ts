import type { Actor } from '@touchstone/kernel';
import { fold, isRefusal } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import { eventsWithdrawn, logEpochStarted } from '@touchstone/contracts/platform';
import { StartLogEpoch, WithdrawEvents } from './commands.js';
import type { EpochEvent } from './decider.js';
import { epoch, isFinished } from './decider.js';

const operator: Actor = { id: 'admin-1', roles: ['admin'] };
const asked = {
  service: 'control', epoch: 2, logId: 'control.site.2', formerLogId: 'control.site.1', forkSeq: 40, withdrawn: 3, pages: 2, startedBy: 'admin-1', reason: 'the disk died',
};
const lost = (name: string) => ({ eventId: `0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c${name}`, stream: 'lot-1', type: 'control.LotAccepted.v1', position: `control.site.1@${name}` });
const start = Object.assign(new StartLogEpoch(), asked);
const page = (number: number, events = [lost('41')]) => Object.assign(new WithdrawEvents(), { service: 'control', epoch: 2, logId: 'control.site.2', page: number, events });
const started = logEpochStarted(asked);
const listed = (number: number, events = [lost('41')]) => eventsWithdrawn({ service: 'control', logId: 'control.site.2', page: number, events });

const stateAfter = (...history: readonly EpochEvent[]) => fold(epoch, epoch.initialState(), history);
const decided = (history: readonly EpochEvent[], command: StartLogEpoch | WithdrawEvents) => {
  const decision = epoch.decide(stateAfter(...history), command, {}, { actor: operator, at: '2026-03-02T08:00:00.000Z' });
  if (!isRefusal(decision)) for (const event of decision) contracts.check(event);
  return decision;
};

describe('an epoch of a log', () => {
  it('is started with who, why and how much was lost', () => expect(decided([], start)).toEqual([started]));
  it('is started once', () => expect(decided([started], start)).toEqual([]));
  it('lists what was lost page by page, in order', () => {
    expect(decided([started], page(1))).toEqual([listed(1)]);
    expect(decided([started, listed(1)], page(2))).toEqual([listed(2)]);
  });
  it('lists no page twice, and passes over none: a start that was broken off is given again', () => {
    expect(decided([started, listed(1)], page(1))).toEqual([]);
    expect(decided([started], page(2))).toEqual([]);
  });
  it('is finished when all of its pages are listed, and not before', () => {
    expect([[], [started], [started, listed(1)], [started, listed(1), listed(2)]].map((history) => isFinished(stateAfter(...history)))).toEqual([false, false, false, true]);
    expect(isFinished(stateAfter(logEpochStarted({ ...asked, withdrawn: 0, pages: 0 })))).toBe(true);
  });
});
