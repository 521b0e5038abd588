import { ForeignPosition, positionOf } from '../answer.js';
import type { Lineage } from './lineage.js';
import { epochAt, logIdIn, parseLogId, PositionWithdrawn, seqIn, sharedUntil } from './lineage.js';

const epoch = (number: number, forkSeq: number) => ({ epoch: number, logId: `control.plant-1.${number}`, forkSeq, startedAt: '2026-03-02T07:00:00.000Z' });
const first: Lineage = [{ epoch: 1, logId: 'control:plant@west:1', forkSeq: 0, startedAt: '' }];
/** Put back to 40 after the first epoch, to 70 after the fourth; a second and a third were lost with the backups they were in. */
const forked: Lineage = [epoch(1, 0), epoch(4, 40), epoch(5, 70)];

describe('a position', () => {
  it('names its log, whose name may itself hold an @', () => {
    expect(seqIn(first, positionOf('control:plant@west:1', 42))).toBe(42);
    expect(seqIn(first, positionOf('control:plant@west:1', 0))).toBe(0);
  });
  it.each(['planning:plant@west:1@42', 'control:plant@west:1@', 'control:plant@west:1@-1', 'control:plant@west:1@1.5', 'control:plant@west:1@x', '42', ''])('of another log, or none at all, is refused: %j', (position) => {
    expect(() => seqIn(first, position)).toThrow(ForeignPosition);
  });
  it('of an earlier epoch means the same event, as long as it lies before the fork', () => {
    expect([1, 40].map((seq) => seqIn(forked, `control.plant-1.1@${seq}`))).toEqual([1, 40]);
    expect([41, 70].map((seq) => seqIn(forked, `control.plant-1.4@${seq}`))).toEqual([41, 70]);
    expect(seqIn(forked, 'control.plant-1.5@1000')).toBe(1_000);
  });
  it.each(['control.plant-1.1@41', 'control.plant-1.4@71', 'control.plant-1.3@12', 'control.plant-1.6@12'])('that lies in a history which was lost says so: %s', (position) => {
    expect(() => seqIn(forked, position)).toThrow(PositionWithdrawn);
  });
});

describe('the epochs of a log', () => {
  it('tell in which of them an event was appended', () => {
    expect([1, 40, 41, 70, 71].map((seq) => epochAt(forked, seq).epoch)).toEqual([1, 1, 4, 4, 5]);
  });
  it('tell how far each is still in the log', () => {
    expect([1, 2, 4, 5].map((each) => sharedUntil(forked, each))).toEqual([40, undefined, 70, Infinity]);
  });
  it('number the id of the log', () => {
    expect(parseLogId('control.plant-12.3')).toEqual({ name: 'control.plant-12.', epoch: 3 });
    expect([logIdIn('control.plant-12.3', 4), logIdIn('control:test:1', 2), logIdIn('control', 2)]).toEqual(['control.plant-12.4', 'control:test:2', 'control.2']);
  });
});
