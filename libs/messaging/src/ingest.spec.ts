import { derivedId } from '@touchstone/kernel';
import type { Log, Logs } from './log.spec-kit.js';
import { metaOf, openLogs, released } from './log.spec-kit.js';
import type { Message } from './transport.js';

let logs: Logs;
let log: Log;
beforeAll(async () => { logs = await openLogs(); }, 60_000);
beforeEach(async () => { log = await logs.fresh(); });
afterAll(() => logs.stop(), 60_000);

const topic = 'control.events.v1';
const TYPE = 'control.QuantityReleased.v1';
const batch = (...messages: Message[]) => ({ topic, messages });
const CONTRACT = 'control.QuantityReleased.v1/quantity: must match pattern "^-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,12})?$"';
const WAITS = 'waits for what is parked before it on its stream';
const poison = (offset: number, key = 'lot-1') => released(offset, key, { value: JSON.stringify({ lotId: derivedId(key), quantity: 'much' }) });

describe('ingest', () => {
  it('takes events into streams named after their producer, byte for byte', async () => {
    const message = released(3, 'lot-1', { value: `{"lotId":"${derivedId('lot-1')}","quantity":"1.5"}` });
    await log.ingest().take(batch(message, released(5, 'lot-2'), released(8)));
    expect(await log.content()).toEqual([`control/lot-1: 1 ${TYPE}`, `control/lot-2: 1 ${TYPE}`, `control/lot-1: 2 ${TYPE}`]);
    const [stored] = await log.store.readStream('control/lot-1');
    expect(stored).toEqual({ seq: 1, id: message.headers.ce_id, stream: 'control/lot-1', version: 1, type: TYPE, body: message.value, meta: message.headers.touchstone_meta });
  });

  it('changes nothing when the same is delivered again, in the same process or after a restart', async () => {
    const ingest = log.ingest();
    const messages = Array.from({ length: 1_200 }, (_, index) => released(index + 1, `lot-${index % 9}`));
    await ingest.take(batch(...messages));
    await ingest.take(batch(...messages));
    await log.ingest().take(batch(...messages));
    await log.store.pool.query('delete from checkpoint'); // killed before it could note that all was read
    await log.ingest().take(batch(...messages));
    expect(await log.store.head()).toBe(1_200);
    expect(await log.parked()).toEqual([]);
  });

  it('says after a restart how far it has read, from its own database', async () => {
    expect(await log.ingest().takenFrom(topic)).toBe(0);
    await log.ingest().take(batch(released(4), released(9)));
    expect(await log.ingest().takenFrom(topic)).toBe(9);
    expect(await log.ingest().takenFrom('planning.events.v1')).toBe(0);
  });

  it('reads a topic from its beginning when its interests change, and finds nothing twice', async () => {
    await log.ingest(['control/lot']).take(batch(released(1), released(3)));
    const widened = log.ingest(['control/inspection', 'control/lot']);
    expect(await widened.takenFrom(topic)).toBe(0);
    await widened.take(batch(released(1), released(2, 'inspection-1'), released(3)));
    expect(await log.content()).toEqual([`control/lot-1: 1 ${TYPE}`, `control/lot-1: 2 ${TYPE}`, `control/inspection-1: 1 ${TYPE}`]);
    expect(await log.ingest(['control/lot', 'control/inspection']).takenFrom(topic)).toBe(3);
  });

  it('passes over an event that is said again as an older version: its log has it already', async () => {
    const newer = released(1, 'lot-1');
    const older = { ...released(2, 'lot-1'), headers: { ...released(2).headers, touchstone_derived_from: newer.headers.ce_id } };
    await log.ingest().take(batch(newer, older, released(3, 'lot-1')));
    expect((await log.content()).length).toBe(2);
    expect(await log.parked()).toEqual([]);
  });

  it('keeps an event of a type that it does not know, as received', async () => {
    await log.ingest().take(batch(released(1, 'lot-1', { type: 'control.LotTeleported.v9', value: '{"to":"mars"}' }), released(2)));
    expect(await log.content()).toEqual(['control/lot-1: 1 control.LotTeleported.v9', `control/lot-1: 2 ${TYPE}`]);
    expect((await log.store.readStream('control/lot-1'))[0]?.body).toBe('{"to":"mars"}');
  });
});

describe('what breaks its contract', () => {
  it('is parked with what follows on its stream, while other streams flow', async () => {
    const ingest = log.ingest();
    await ingest.take(batch(released(1), released(2, 'lot-2'), poison(3), released(4, 'lot-2'), released(5)));
    await ingest.take(batch(released(6), released(7, 'lot-2')));
    expect(await log.content()).toEqual([`control/lot-1: 1 ${TYPE}`, `control/lot-2: 1 ${TYPE}`, `control/lot-2: 2 ${TYPE}`, `control/lot-2: 3 ${TYPE}`]);
    expect(await log.parked()).toEqual([`lot-1@3: ${CONTRACT}`, `lot-1@5: ${WAITS}`, `lot-1@6: ${WAITS}`]);
    expect(JSON.parse((await log.parking.list())[0]?.event ?? '')).toEqual({ ...poison(3), lane: topic });
  });

  it('stays parked after a restart, also for what comes later', async () => {
    await log.ingest().take(batch(poison(1)));
    await log.ingest().take(batch(released(2), released(3, 'lot-2')));
    expect(await log.content()).toEqual([`control/lot-2: 1 ${TYPE}`]);
    expect(await log.parked()).toEqual([`lot-1@1: ${CONTRACT}`, `lot-1@2: ${WAITS}`]);
  });

  it('does not make what was taken before it wait, when all is delivered again', async () => {
    const all = [released(1), poison(2), released(3)];
    await log.ingest().take(batch(...all));
    const before = await log.parked();
    await log.store.pool.query('delete from checkpoint'); // killed before it could note that all was read
    await log.ingest().take(batch(...all));
    expect(await log.content()).toEqual([`control/lot-1: 1 ${TYPE}`]);
    expect(await log.parked()).toEqual(before);
  });

  it.each<[string, Partial<Parameters<typeof released>[2]>]>([
    ['is no JSON', { value: '{"lotId":' }], ['has metadata that are none', { meta: 'none' }], ['has metadata without a cause', { meta: '{}' }], ['has an id that is no UUID', { id: 'event-7' }],
  ])('is parked, too, when it %s: it blocks nobody', async (_, change) => {
    await log.ingest().take(batch(released(1, 'lot-1', change), released(2, 'lot-2')));
    expect(await log.content()).toEqual([`control/lot-2: 1 ${TYPE}`]);
    expect((await log.parking.list()).map(({ stream, position }) => [stream, position])).toEqual([['lot-1', 1]]);
  });
});

describe('an id that comes again with other bytes', () => {
  const again = (offset: number, value: object) => released(offset, 'lot-1', { id: derivedId('released', 'lot-1', 1), value: JSON.stringify(value), meta: metaOf(derivedId('command', 1)) });
  const other = { lotId: derivedId('lot-1'), quantity: '999' };

  it('is parked as an incident with what follows on its stream, and what was first stays', async () => {
    const ingest = log.ingest();
    await ingest.take(batch(released(1)));
    await ingest.take(batch(again(2, other), released(3), released(4, 'lot-2')));
    expect(await log.content()).toEqual([`control/lot-1: 1 ${TYPE}`, `control/lot-2: 1 ${TYPE}`]);
    expect((await log.store.readStream('control/lot-1'))[0]?.body).toContain('"quantity":"1"');
    expect(await log.parked()).toEqual([`lot-1@2: the id ${derivedId('released', 'lot-1', 1)} is in the log with another content`, `lot-1@3: ${WAITS}`]);
  });

  it('is found also when both come in one delivery', async () => {
    await log.ingest().take(batch(released(1), again(2, other)));
    expect(await log.content()).toEqual([`control/lot-1: 1 ${TYPE}`]);
    expect(await log.parked()).toEqual([expect.stringContaining('in the log with another content')]);
  });

  it('is no incident when the bytes are the same', async () => {
    const ingest = log.ingest();
    await ingest.take(batch(released(1)));
    await ingest.take(batch({ ...released(1), offset: 2 }));
    expect([await log.content(), await log.parked()]).toEqual([[`control/lot-1: 1 ${TYPE}`], []]);
  });
});
