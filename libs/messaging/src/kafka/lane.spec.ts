import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaRecord } from './kafka-port.js';
import { Lane } from './lane.js';

const place = { topic: 'control.events.v1', partition: 0 };
const records = (name: string, count: number): KafkaRecord[] => Array.from({ length: count }, (_, offset) => ({ offset, key: 'lot-1', value: '{}', headers: { ce_id: `${name}-${offset}` } }));

/** A partition whose topic can be made anew, and a service that takes what lies behind its place, as ingest does. */
function partition(all: readonly KafkaRecord[]) {
  let [there, position, sought] = [all, 0, false];
  let taken = -1;
  const ids: string[] = [];
  const held = { until: Promise.resolve() };
  const lane = new Lane({
    place, name: 'control.events.v1/0',
    kafka: { seek: (_, offset) => { [position, sought] = [offset, true]; }, pause: () => undefined, resume: () => undefined },
    consumer: { takenFrom: () => Promise.resolve(0), startOver: () => { taken = -1; } },
    deliver: async (_, page) => {
      await held.until;
      for (const { offset, headers: { ce_id: id } } of page) if (offset > taken && id !== undefined && !ids.includes(id)) ids.push(id);
      taken = Math.max(taken, ...page.map(({ offset }) => offset));
    },
  }, undefined);
  return {
    lane, ids, held,
    replace: (others: readonly KafkaRecord[]) => { there = others; },
    /** The client comes round: what lies at its position is handed on, at most so much; behind the end it begins at the first. */
    fetch: (most = Infinity) => {
      if (!sought) return;
      if (position > there.length) position = 0;
      const page = there.slice(position, position + most);
      position += page.length;
      if (page.length > 0) lane.received(page);
    },
  };
}

describe('a lane of a topic that was made anew', () => {
  it('takes all of the new one also while pages of the old one are in hand', async () => {
    const { lane, ids, held, replace, fetch } = partition(records('old', 1_500));
    const release = Promise.withResolvers<void>();
    held.until = release.promise;
    await pause(10);
    fetch();
    replace(records('new', 1_200));
    fetch();
    release.resolve();
    for (let round = 0; round < 10; round += 1) {
      await pause(10);
      fetch(300);
    }
    await lane.end();
    expect(ids.filter((id) => id.startsWith('new'))).toEqual(records('new', 1_200).map(({ headers }) => headers['ce_id']));
  });
});
