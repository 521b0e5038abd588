import { derivedId, SimulatedClock } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import { ParkedDecisions, Parking } from '@touchstone/event-store';
import type { Log, Logs } from './log.spec-kit.js';
import { openLogs, released } from './log.spec-kit.js';
import type { Ingest } from './ingest.js';
import { parkedMessage } from './parked-message.js';
import type { Message } from './transport.js';

let logs: Logs;
let log: Log;
/** What the service's release cannot take: a newer one can. */
let refused: Set<string>;
beforeAll(async () => { logs = await openLogs(); }, 60_000);
beforeEach(async () => {
  log = await logs.fresh();
  refused = new Set();
});
afterAll(() => logs.stop(), 60_000);

const topic = 'control.events.v1';
const consumer = `ingest:${topic}`;
const TYPE = 'control.QuantityReleased.v1';
const NOW = '2026-03-02T09:00:00.000Z';
const WAITS = 'waits for what is parked before it on its stream';
const batch = (...messages: Message[]) => ({ topic, messages });
const idOf = ({ headers }: Message) => headers.ce_id;
const quantityOf = ({ value }: Message) => (JSON.parse(value) as { quantity: string }).quantity;

const check = (event: { type: string; data: unknown }) => {
  contracts.check(event);
  const { quantity } = event.data as { quantity: string };
  if (refused.has(quantity)) throw new Error(`quantity ${quantity} is not known yet`);
};
const ingest = () => log.ingest(['control/lot'], check);
const decisions = (by: Ingest = ingest()) => new ParkedDecisions(new Parking(log.store.pool, new SimulatedClock(NOW)), () => by);
const stream = { consumer, stream: 'lot-1' };
const parked = async () => (await log.parking.list({ state: 'parked' })).map(({ eventId, error }) => [eventId, error]);
const taken = async (key = 'lot-1') => (await log.store.readStream(`control/${key}`)).map(({ body }) => (JSON.parse(body) as { quantity: string }).quantity);

/** Offsets 1 to `count`, of which the service refuses some. */
async function parkedAfter(count: number, ...broken: number[]): Promise<Message[]> {
  const messages = Array.from({ length: count }, (_, index) => released(index + 1));
  refused = new Set(broken.map(String));
  await ingest().take(batch(...messages));
  return messages;
}

describe('replaying what ingest parked', () => {
  it('takes the stream in, in its order and under the same ids, when the service knows the contract by now', async () => {
    const messages = await parkedAfter(5, 2);
    expect(await taken()).toEqual(['1']);
    refused = new Set();
    expect(await decisions().replay({ consumer, eventId: idOf(messages[1] as Message) }, 'ada', 'release 7 knows it')).toEqual({
      consumer, stream: 'lot-1', decision: 'replayed', eventIds: messages.slice(1).map(idOf), left: 0,
    });
    expect((await log.store.readStream('control/lot-1')).map(({ id, version, type, body, meta }) => ({ id, version, type, body, meta }))).toEqual(
      messages.map(({ value, headers }, index) => ({ id: headers.ce_id, version: index + 1, type: TYPE, body: value, meta: headers.touchstone_meta })),
    );
    expect(await log.parking.list({ state: 'replayed' })).toEqual(Array.from({ length: 4 }, () => expect.objectContaining({ decidedBy: 'ada', decidedAt: NOW, reason: 'release 7 knows it' }) as object));
  });

  it('lets the stream flow again at once, in the process that parked it', async () => {
    const living = ingest();
    refused = new Set(['1']);
    await living.take(batch(released(1), released(2)));
    refused = new Set();
    await decisions().replay(stream, 'ada', 'mended'); // in another process
    await living.take(batch(released(3)));
    expect([await taken(), await parked()]).toEqual([['1', '2', '3'], []]);
  });

  it('stops at the next one that fails, which waits with what follows it, while other streams flow', async () => {
    const messages = await parkedAfter(6, 2, 4);
    refused = new Set(['4']);
    expect(await decisions().replay(stream, 'ada', 'mended')).toEqual({
      consumer, stream: 'lot-1', decision: 'replayed', eventIds: messages.slice(1, 3).map(idOf), left: 3,
      failed: { eventId: idOf(messages[3] as Message), error: 'quantity 4 is not known yet' },
    });
    await ingest().take(batch(released(7), released(8, 'lot-2')));
    expect([await taken(), await taken('lot-2')]).toEqual([['1', '2', '3'], ['8']]);
    expect(await parked()).toEqual([[idOf(messages[3] as Message), 'quantity 4 is not known yet'], [idOf(messages[4] as Message), WAITS], [idOf(messages[5] as Message), WAITS], [idOf(released(7)), WAITS]]);
  });

  it('of what fails still changes nothing but the count of attempts', async () => {
    const [first] = await parkedAfter(2, 1);
    await expect(decisions().replay(stream, 'ada', 'try')).rejects.toMatchObject({ code: 'PARKED_STILL_FAILS', status: 422, details: { consumer, stream: 'lot-1', left: 2, failed: { eventId: idOf(first as Message), error: 'quantity 1 is not known yet' } } });
    expect(await taken()).toEqual([]);
    expect((await log.parking.list({ state: 'parked' })).map(({ attempts }) => attempts)).toEqual([2, 1]);
  });

  it('is begun with the first of the stream', async () => {
    const messages = await parkedAfter(3, 1);
    refused = new Set();
    await expect(decisions().replay({ consumer, eventId: idOf(messages[1] as Message) }, 'ada', 'try')).rejects.toMatchObject({ code: 'NOT_FIRST_PARKED', status: 409 });
    await expect(decisions().replay({ consumer, stream: 'lot-9' }, 'ada', 'try')).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
  });

  it('doubles nothing when the process dies after the append and before the note of it', async () => {
    const messages = await parkedAfter(4, 2);
    refused = new Set();
    const waiting = await log.parking.list({ state: 'parked' });
    expect(await ingest().retake(waiting)).toEqual({ taken: 3 }); // and nothing was noted
    await ingest().take(batch(released(5)));
    await decisions().replay(stream, 'ada', 'again');
    await ingest().take(batch(...messages, released(5), released(6)));
    expect([await taken(), await parked()]).toEqual([['1', '2', '3', '4', '5', '6'], []]);
    expect(await log.store.head()).toBe(6);
  });

  it('moves no place in the topic: what was read before it on other streams, and was not in the log when the process died, comes again', async () => {
    const [poison, ...page] = [released(1), released(2, 'lot-2'), released(3)] as const;
    refused = new Set(['1']);
    await ingest().take(batch(poison));
    await log.parking.parkBehind(consumer, parkedMessage(topic, page[1], idOf(page[1])), 1); // of the page, this is done, and the append is not
    refused = new Set();
    await decisions().replay(stream, 'ada', 'mended');
    expect(await ingest().takenFrom(topic)).toBe(0);
    await ingest().take(batch(poison, ...page));
    expect([await taken(), await taken('lot-2'), await parked()]).toEqual([['1', '3'], ['2'], []]);
  });

  it('is told to whoever asks what this log was told, at its place in the topic', async () => {
    const messages = await parkedAfter(3, 2);
    refused = new Set();
    const told = async () => (await ingest().holder.beyond(topic, 1, 0, 10)).map(({ seq, id }) => [seq, id]);
    const before = await told();
    await decisions().replay(stream, 'ada', 'mended');
    expect([before, await told()]).toEqual([messages.map(({ offset, headers }) => [offset, headers.ce_id]), before]);
    expect((await ingest().holder.newest(topic)).map(({ seq }) => seq)).toEqual([3]);
  });

  it('changes nothing when all is delivered once more, whatever its offsets are by then', async () => {
    const messages = await parkedAfter(4, 2);
    await log.store.pool.query('delete from checkpoint');
    await ingest().take(batch(...messages));
    refused = new Set();
    await log.store.pool.query('delete from checkpoint');
    await ingest().take(batch(...messages.map((message) => ({ ...message, offset: message.offset + 100 })))); // the topic was made anew
    expect([await taken(), (await parked()).length]).toEqual([['1'], 3]);
    await decisions().replay(stream, 'ada', 'mended');
    await log.store.pool.query('delete from checkpoint');
    await ingest().take(batch(...messages));
    expect([await taken(), await parked()]).toEqual([['1', '2', '3', '4'], []]);
  });

  it('keeps the order while the stream goes on being delivered', async () => {
    const living = ingest();
    refused = new Set(['1']);
    await living.take(batch(...Array.from({ length: 50 }, (_, index) => released(index + 1))));
    refused = new Set();
    const delivering = (async () => {
      for (let offset = 51; offset <= 150; offset += 1) await living.take(batch(released(offset)));
    })();
    const deciding = (async () => {
      for (let round = 0; round < 20; round += 1) await decisions().replay(stream, 'ada', 'mended').catch((error: { code?: string }) => expect(error.code).toBe('NOT_FOUND'));
    })();
    await Promise.all([delivering, deciding]);
    await decisions().replay(stream, 'ada', 'rest').catch(() => undefined);
    expect(await taken()).toEqual(Array.from({ length: 150 }, (_, index) => String(index + 1)));
    expect(await parked()).toEqual([]);
  }, 30_000);

  it('can be tried without effect', async () => {
    const messages = await parkedAfter(4, 2, 4);
    refused = new Set(['4']);
    expect(await decisions().dryRun('replayed', stream)).toEqual({
      consumer, stream: 'lot-1', decision: 'replayed', eventIds: messages.slice(1, 3).map(idOf), left: 1, failed: { eventId: idOf(messages[3] as Message), error: 'quantity 4 is not known yet' },
    });
    expect([await taken(), (await parked()).length]).toEqual([['1'], 3]);
  });
});

describe('discarding what ingest parked', () => {
  it('skips the event for ever, and what follows may be replayed', async () => {
    const messages = await parkedAfter(4, 2);
    expect(await decisions().discard({ consumer, eventId: idOf(messages[1] as Message) }, 'ada', 'never meant')).toMatchObject({ decision: 'discarded', eventIds: [idOf(messages[1] as Message)], left: 2 });
    await decisions().replay(stream, 'ada', 'go on');
    refused = new Set();
    await log.store.pool.query('delete from checkpoint');
    await ingest().take(batch(...messages, released(5)));
    expect([await taken(), await parked()]).toEqual([['1', '3', '4', '5'], []]);
  });

  it('of the whole stream lets what comes next flow', async () => {
    await parkedAfter(3, 1);
    expect(await decisions().discard(stream, 'ada', 'a test of theirs')).toMatchObject({ left: 0 });
    await ingest().take(batch(released(4)));
    expect(await taken()).toEqual(['4']);
  });
});

describe('poison of any shape', () => {
  const again = (offset: number, quantity: string) => released(offset, 'lot-1', { id: derivedId('released', 'lot-1', 1), value: JSON.stringify({ lotId: derivedId('lot-1'), quantity }) });

  it('with an id that others have is kept, each of them, and parked once', async () => {
    const all = [released(1), again(2, '98'), again(3, '99'), released(4)];
    await ingest().take(batch(...all));
    await log.store.pool.query('delete from checkpoint');
    await ingest().take(batch(...all));
    expect((await log.parking.list({ state: 'parked' })).map(({ event }) => quantityOf(JSON.parse(event) as Message))).toEqual(['98', '99', '4']);
    expect(await taken()).toEqual(['1']);
  });

  it.each<[string, Message]>([
    ['is the character U+0000', released(1, 'lot-1', { value: '\0' })],
    ['holds it in its type', released(1, 'lot-1', { type: 'control.\0.v1' })],
    ['has it in its key', released(1, 'lot-\0')],
    ['has a key that no index can hold', released(1, `lot-${'9'.repeat(5_000)}`)],
  ])('is parked when it %s, and blocks nobody', async (_, message) => {
    await ingest().take(batch(message, released(2, 'lot-2')));
    expect(await taken('lot-2')).toEqual(['2']);
    expect(await parked()).toHaveLength(1);
  });
});
