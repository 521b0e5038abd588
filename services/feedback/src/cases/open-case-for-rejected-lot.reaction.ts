import { derivedId } from '@touchstone/kernel';
import type { LotRejected } from '@touchstone/contracts/control';
import { reaction } from '@touchstone/event-store';
import { OpenCase } from './commands.js';
import { cases } from './slice.js';

/** A rejected lot is somebody's to look after, before a customer hears of it. */
export const openCaseForRejectedLot = reaction({
  name: 'open-case-for-rejected-lot',
  on: ['control.LotRejected.v1'],
  send: ({ id, data }) => {
    const { lotId, number, stage } = data as LotRejected['data'];
    const command = { caseId: derivedId('case', id), kind: 'internal', subject: `Lot ${number} rejected at ${stage} inspection`, causeId: lotId };
    return [{ slice: cases, command: Object.assign(new OpenCase(), command) }];
  },
});
