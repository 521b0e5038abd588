import { answerOf } from './answer.js';

describe('an answer', () => {
  it('is what was stored, with its position and whether it is told again', () => {
    const stored = { answer: '{"events":[],"outcome":"accepted","stream":"lot-1","version":3}', seq: 9 };
    expect(answerOf('control:test:1', stored, true)).toEqual({ outcome: 'accepted', stream: 'lot-1', version: 3, events: [], position: 'control:test:1@9', repeated: true });
  });
});
