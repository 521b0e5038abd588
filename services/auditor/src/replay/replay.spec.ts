import { randomBytes } from 'node:crypto';
import { derivedId } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import type { NewEvent, PostgresStore } from '@touchstone/event-store';
import { LogFeed, MemoryKeys, noUpcasting } from '@touchstone/event-store';
import { messagesOf, relay } from '@touchstone/messaging';
import type { KafkaPort, KafkaRecord } from '@touchstone/messaging/kafka';
import { kafkajsPort, KafkaTransport, partitionOf, PostgresLease } from '@touchstone/messaging/kafka';
import { testDatabase } from '@touchstone/testing';
import { kafkaForSpecs } from '@touchstone/testing/kafka-for-specs';
import { run } from '../program.js';
import { ReplayTopic } from './replay-topic.js';
import type { Replayed } from './run-replay.js';

const kafka = await kafkaForSpecs();
const LOTS = 12;
const ROUNDS = 20;
const days = ['2026-03-01', '2026-03-02'];

const event = (name: string, type: string, recordedAt: string, data: object): NewEvent => {
  const id = derivedId('replay spec', name);
  return { id, type, body: JSON.stringify(data), meta: JSON.stringify({ actor: 'ada', causationId: id, commandId: id, correlationId: id, decider: 'control.lot@1', occurredAt: recordedAt, recordedAt }) };
};

/** Public events of lots and tasks on two days, with private and foreign ones in between. */
async function fill(store: PostgresStore): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const recordedAt = `${days[Math.floor((round * days.length) / ROUNDS)]}T08:00:${String(round).padStart(2, '0')}.000Z`;
    for (let lot = 0; lot < LOTS; lot += 1) {
      const name = `${round}/${lot}`;
      const stream = lot === 0 ? 'task-0' : `lot-${lot}`;
      const type = lot === 0 ? 'control.TaskOpened.v1' : 'control.QuantityReleased.v1';
      await store.append({
        stream, expectedVersion: 'any', command: { id: derivedId('command', name), bodyHash: name, answer: '{}', record: '{}' },
        events: [event(name, type, recordedAt, { lotId: derivedId('lot', lot), quantity: '1.50', ü: 'é' }), event(`${name} private`, 'control.QuantityCounted.v1', recordedAt, {})],
      });
    }
    await store.ingest([{ ...event(`foreign ${round}`, 'planning.ItemRegistered.v1', recordedAt, {}), stream: 'planning/item-1', topic: 'planning.events.v1', offset: round + 1 }]);
  }
}

kafka.describe('a replay', () => {
  const databases = testDatabase();
  const prefix = `${randomBytes(4).toString('hex')}.`;
  const live = `${prefix}control.events.v1`;
  let port: KafkaPort;
  let database: { url: string; store: PostgresStore };
  let published: Map<number, KafkaRecord[]>;
  let topics = 0;
  const newTopic = () => `${prefix}replay.${(topics += 1)}`;

  beforeAll(async () => {
    database = await databases.fresh({ service: 'control' });
    await fill(database.store);
    port = kafkajsPort({ brokers: kafka.brokers(), clientId: 'replay-spec' });
    const transport = new KafkaTransport({ port: kafkajsPort({ brokers: kafka.brokers(), clientId: 'replay-spec' }), group: 'none', prefix, lease: (topic) => new PostgresLease(database.url, topic) });
    const feed = new LogFeed(database.store, new MemoryKeys(), noUpcasting);
    const relaying = relay({ store: database.store, feed, publisher: transport.publisher('control.events.v1'), isPublic: (type) => contracts.isPublic(type) });
    relaying.start();
    if (!(await relaying.reached(await database.store.head(), 60_000))) throw relaying.failure ?? new Error('nothing was published');
    feed.close();
    await relaying.stop();
    await transport.close();
    published = await read(live);
  }, 120_000);
  afterAll(() => port.close());

  async function read(topic: string): Promise<Map<number, KafkaRecord[]>> {
    const ends = await port.admin.ends(topic);
    const wanted = [...ends.values()].reduce((sum, end) => sum + end, 0);
    const records = new Map<number, KafkaRecord[]>([...ends.keys()].sort().map((partition) => [partition, []]));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const consumer = await port.consumer(`${topic}.${randomBytes(4).toString('hex')}`, [topic], {
      assigned: (places, opened) => places.forEach((place) => opened.seek(place, 0)), alive: () => undefined, failed: reject,
      received: ({ partition }, got) => {
        records.get(partition)?.push(...got);
        if ([...records.values()].flat().length >= wanted) resolve();
      },
    });
    if (wanted > 0) await promise;
    await consumer.close();
    return records;
  }

  async function replay(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    let [out, err] = ['', ''];
    const nothing = (async function* () { /* no input */ })();
    const env = { TOUCHSTONE_KAFKA_BROKERS: kafka.brokers().join(','), TOUCHSTONE_DATABASE_URL_CONTROL: database.url };
    const code = await run(['replay', '--service', 'control', ...args], { stdin: nothing, stdout: { write: (text) => (out += text) }, stderr: { write: (text) => (err += text) }, env });
    return { code, out, err };
  }
  const replayed = async (...args: string[]) => JSON.parse((await replay(...args, '--json')).out) as Replayed;
  const idsOn = async (topic: string) => [...(await read(topic)).values()].flat().map(({ headers }) => headers['ce_id']).toSorted();

  it('puts the same bytes, headers and keys into the same partitions in the same order as the relay, with the id of the replay beside', async () => {
    const topic = newTopic();
    const { records, sent, replayId } = await replayed('--topic', topic);
    expect([records, sent]).toEqual([LOTS * ROUNDS, LOTS * ROUNDS]);
    const expected = [...published].map(([partition, of]) => [partition, of.map(({ headers, ...record }) => ({ ...record, headers: { ...headers, touchstone_replay: replayId } }))]);
    expect([...(await read(topic))]).toEqual(expected);
  }, 60_000);

  it('never goes to the topic of a service, nor to one that holds anything', async () => {
    for (const topic of [live, 'control.events.v1', 'planning.events.v2']) expect(await replay('--topic', topic)).toMatchObject({ code: 2, err: expect.stringContaining('only its relay writes there') as string });
    const topic = newTopic();
    await replayed('--topic', topic, '--to', '100');
    expect(await replay('--topic', topic, '--to', '100')).toMatchObject({ code: 2, err: expect.stringContaining('go on with --resume') as string });
    expect(await replay('--topic', topic, '--to', '200', '--resume')).toMatchObject({ code: 2, err: expect.stringContaining('holds something else') as string });
  }, 60_000);

  it('goes on where it was killed: each event is there once, in the order of its stream', async () => {
    const topic = newTopic();
    const { replayId, partitions } = await replayed('--topic', topic, '--dry-run');
    const begun = await ReplayTopic.open(port, { topic, partitions, replayId, resume: false });
    const events = (await database.store.readAll(0, 150)).filter(({ type, stream }) => contracts.isPublic(type) && !stream.includes('/'));
    const messages = events.flatMap((each) => messagesOf(each, 'control:replay:1', () => []));
    await begun.send(messages.filter(({ key }) => partitionOf(key, partitions) % 2 === 0), () => false); // a request of which only some partitions were written
    await begun.close();
    const partly = [...(await read(topic)).values()].flat().length;
    const { records, sent } = await replayed('--topic', topic, '--resume');
    expect([records, sent]).toEqual([LOTS * ROUNDS, LOTS * ROUNDS - partly]);
    expect(partly).toBeGreaterThan(0);
    const again = await replayed('--topic', topic, '--resume');
    expect([again.records, again.sent]).toEqual([LOTS * ROUNDS, 0]);
    const keysAndIds = (of: ReadonlyMap<number, readonly KafkaRecord[]>) => [...of].map(([partition, got]) => [partition, got.map(({ key, headers }) => [key, headers['ce_id']])]);
    expect(keysAndIds(await read(topic))).toEqual(keysAndIds(published));
  }, 60_000);

  it('takes a range of places or of times, and only the types and categories that were asked for', async () => {
    const count = async (...args: string[]) => (await replayed('--topic', newTopic(), '--dry-run', ...args)).records;
    const { logId } = database.store;
    const all = (await database.store.readAll(0, 10_000)).filter(({ type, stream }) => contracts.isPublic(type) && !stream.includes('/'));
    expect(await count('--from', '26', '--to', `${logId}@125`)).toBe(all.filter(({ seq }) => seq >= 26 && seq <= 125).length);
    expect(await count('--from', '2026-03-02')).toBe((LOTS * ROUNDS) / 2);
    expect(await count('--to', '2026-03-01')).toBe((LOTS * ROUNDS) / 2);
    expect(await count('--from', '2026-03-01T08:00:03Z', '--to', '2026-03-01T08:00:04.000Z')).toBe(2 * LOTS);
    expect(await count('--category', 'task')).toBe(ROUNDS);
    expect(await count('--type', 'control.QuantityReleased.v1,control.LotRejected.v1')).toBe(ROUNDS * (LOTS - 1));
    const topic = newTopic();
    await replayed('--topic', topic, '--category', 'task', '--from', '2026-03-02');
    expect(await idsOn(topic)).toEqual(all.filter(({ stream, meta }) => stream === 'task-0' && meta.includes('2026-03-02')).map(({ id }) => id).toSorted());
  }, 60_000);

  it('with a dry run sends nothing, and asks no broker', async () => {
    const topic = newTopic();
    const { code, out } = await replay('--topic', topic, '--dry-run');
    expect([code, out]).toEqual([0, `control 1–${await database.store.head()}: ${LOTS * ROUNDS} records would be sent to ${topic}; nothing was sent\n`]);
    expect(await port.admin.partitions(topic)).toBeUndefined();
  });

  it('says what is wrong with what it was asked', async () => {
    const refused = async (...args: string[]) => (await replay('--topic', newTopic(), '--dry-run', ...args)).err;
    expect(await refused('--type', 'control.Lot.v1')).toContain('no public event of control');
    expect(await refused('--category', 'cars')).toContain('control has');
    expect(await refused('--from', 'yesterday')).toContain('--from must be a seq');
    expect(await refused('--from', '2026-02-30')).toContain('--from must be a seq');
    expect(await refused('--from', 'other:log:1@4')).toContain(`the log is ${database.store.logId}`);
    expect(await refused('--from', '9', '--to', '4')).toContain('--from is after --to');
  });
});
