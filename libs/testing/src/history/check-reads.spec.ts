import type { History, LoggedEvent } from './history-checker.js';
import { checkHistory, kindsOf } from './history-checker.js';

const event = (seq: number, digest: string): LoggedEvent => ({ id: `e${seq}`, digest, seq, stream: 'lot-1', version: seq, type: 'control.LotMoved.v1' });

/** Of a log in which stood two events before anybody recorded; a page of them was read at moment 5. */
const history = (read: readonly LoggedEvent[], crashes: readonly number[]): History => ({
  before: 2, subscribers: [], commands: [], crashes, stored: [event(1, 'a'), event(2, 'b')],
  operations: [{ kind: 'read', id: 1, begunAt: 5, answeredAt: 6, after: 0, limit: 10, events: read }],
});
const found = (read: readonly LoggedEvent[], crashes: readonly number[]) => kindsOf(checkHistory(history(read, crashes)));

describe('a page that was read', () => {
  it('may show what a crash then took and its command wrote again, with another time of recording', () => {
    expect(found([event(1, 'a'), event(2, 'of the first attempt')], [7])).toEqual([]);
  });
  it('may show no other bytes when nothing crashed after it', () => {
    expect(found([event(1, 'a'), event(2, 'of the first attempt')], [])).toEqual(['bytes-changed']);
    expect(found([event(1, 'a'), event(2, 'of the first attempt')], [4])).toEqual(['bytes-changed']);
  });
});
