import { answerOf, ForeignPosition, positionOf, seqOf } from './answer.js';

describe('a position', () => {
  it('names its log, whose name may itself hold an @', () => {
    expect(seqOf('control:plant@west:1', positionOf('control:plant@west:1', 42))).toBe(42);
    expect(seqOf('control:test:1', positionOf('control:test:1', 0))).toBe(0);
  });
  it.each(['planning:test:1@42', 'control:test:2@42', 'control:test:1@', 'control:test:1@-1', 'control:test:1@1.5', 'control:test:1@x', '42', ''])('of another log, or none at all, is refused: %j', (position) => {
    expect(() => seqOf('control:test:1', position)).toThrow(ForeignPosition);
  });
});

describe('an answer', () => {
  it('is what was stored, with its position and whether it is told again', () => {
    const stored = { answer: '{"events":[],"outcome":"accepted","stream":"lot-1","version":3}', seq: 9 };
    expect(answerOf('control:test:1', stored, true)).toEqual({ outcome: 'accepted', stream: 'lot-1', version: 3, events: [], position: 'control:test:1@9', repeated: true });
  });
});
