import type { RecordedEvent } from '@touchstone/kernel';
import { recorded } from '@touchstone/testing';
import { closeByDueDate } from './close-by-due-date.deadline.js';

const capaId = '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617';
const event = (type: string, data: object): RecordedEvent => ({ ...recorded(type, data, { stream: `capa-${capaId}` }), id: 'e1', seq: 1, version: 1 });
const set = (type: string, data: object) => closeByDueDate.set[type]?.(event(type, data));

describe('the deadline of a corrective action', () => {
  it('is its due date, and moves with an extension', () => {
    const due = (dueAt: string) => ({ key: capaId, dueAt, command: { type: 'MarkCapaOverdue', capaId } });
    expect(set('assurance.CapaOpened.v1', { capaId, owner: 'engineer-1', team: [], dueAt: '2026-06-01T00:00:00.000Z' })).toEqual(due('2026-06-01T00:00:00.000Z'));
    expect(set('assurance.CapaDueDateExtended.v1', { capaId, dueAt: '2026-07-01T00:00:00.000Z', was: '2026-06-01T00:00:00.000Z', reason: 'x' }))
      .toEqual(due('2026-07-01T00:00:00.000Z'));
  });
  it('is lifted when it is closed', () => expect(closeByDueDate.lift?.['assurance.CapaClosed.v1']?.(event('assurance.CapaClosed.v1', {}))).toBe(capaId));
});
