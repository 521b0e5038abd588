import 'reflect-metadata';
import type { Delivered } from './deliver.js';
import { InProcessTransport } from './in-process.js';
import type { Message, Publisher, Transport } from './transport.js';
import { epochChecks, transportChecks } from './transport-checks.js';

const checks = [...transportChecks, ...epochChecks];

describe.each([['in one process', undefined], ['in one process, streams interleaved by seed 7', 7], ['in one process, streams interleaved by seed 8', 8]])('the transport %s', (_, interleaveSeed) => {
  it.each(checks.map(({ name, run }) => [name, run] as const))('%s', async (_name, run) => run(new InProcessTransport({ interleaveSeed })));
});

/** A transport with one bug in its publisher. */
const broken = (bug: (publisher: Publisher) => Partial<Publisher>): Transport => {
  const sound = new InProcessTransport();
  return { name: 'broken', strategy: (consumer) => sound.strategy(consumer), publisher: (topic, lineage) => ({ ...sound.publisher(topic, lineage), get epoch() { return sound.publisher(topic).epoch; }, ...bug(sound.publisher(topic, lineage)) }) };
};

const bugs: Record<string, readonly [foundBy: string, transport: () => Transport]> = {
  'turns each batch around': ['every message arrives, bytes and headers as sent, in the order of its stream', () => broken(({ publish }) => ({ publish: (messages) => publish(messages.toReversed()) }))],
  'loses the last of each batch': ['every message arrives, bytes and headers as sent, in the order of its stream', () => broken(({ publish }) => ({ publish: (messages) => publish(messages.slice(0, -1)) }))],
  'swallows what a consumer throws': ['a failing consumer is given the same again until it has it, and keeps its order', () => broken(({ publish }) => ({ publish: (messages) => publish(messages).catch(() => undefined) }))],
  'begins where somebody else stands': ['a consumer that comes later begins at the beginning, one that was away where it stood', () => {
    let last = 0;
    return broken(({ publish }) => ({ startAfter: () => Promise.resolve(last), publish: async (messages) => { await publish(messages); last = messages.at(-1)?.offset ?? last; } }));
  }],
  'takes no notice of a fork': ['after a fork of the log everybody is given what it says now, also where offsets come again', () => {
    const sound = new InProcessTransport();
    return { name: 'broken', strategy: (consumer) => sound.strategy(consumer), publisher: (topic) => sound.publisher(topic) };
  }],
  'never looks again who is there': ['a consumer that takes nothing holds up nobody, and is given what it missed when it is back', () => broken(() => ({ epoch: 0 }))],
  'waits for a consumer that takes nothing': ['a consumer that takes nothing holds up nobody, and is given what it missed when it is back', () => {
    const sound = new InProcessTransport();
    return { ...sound, name: 'broken', publisher: (topic) => sound.publisher(topic), strategy: (consumer) => sound.strategy({ takenFrom: (lane) => consumer.takenFrom(lane), holder: consumer.holder }) };
  }],
  'asks nobody what he was told': ['whoever was told something can be asked for it', () => broken(() => ({ holders: () => [] }))],
};

describe('the conformance suite', () => {
  it.each(Object.entries(bugs))('catches a transport that %s', async (_, [foundBy, make]) => {
    const { run } = checks.find(({ name }) => name === foundBy) ?? { run: () => Promise.resolve() };
    await expect(run(make(), 300)).rejects.toThrow();
  });
});

describe('interleaving', () => {
  const log = Array.from({ length: 40 }, (_, index): Message => ({
    key: `lot-${index % 5}`, offset: index + 1, value: '{}', headers: { ce_id: String(index), ce_type: 't', ce_source: 's', touchstone_meta: '{}' },
  }));
  const orderWith = async (interleaveSeed?: number): Promise<number[]> => {
    const transport = new InProcessTransport({ interleaveSeed });
    const taken: number[] = [];
    transport.attach('control.events.v1', { takenFrom: () => Promise.resolve(0), deliver: (_lane: string, messages: Delivered['messages']) => Promise.resolve(void taken.push(...messages.map(({ offset }) => offset))) });
    await transport.publisher('control.events.v1').publish(log);
    return taken;
  };

  it('follows the seed: the same seed the same order, another seed another', async () => {
    expect(await orderWith()).toEqual(log.map(({ offset }) => offset));
    expect(await orderWith(7)).toEqual(await orderWith(7));
    expect(await orderWith(7)).not.toEqual(await orderWith(8));
    expect(await orderWith(7)).not.toEqual(await orderWith());
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed))('with seed %i keeps each stream in order and loses nothing', async (seed) => {
    const order = await orderWith(seed);
    for (let stream = 0; stream < 5; stream += 1) expect(order.filter((offset) => (offset - 1) % 5 === stream)).toEqual(log.map(({ offset }) => offset).filter((offset) => (offset - 1) % 5 === stream));
    expect(order.toSorted((a, b) => a - b)).toEqual(log.map(({ offset }) => offset));
  });
});

describe('a publisher', () => {
  it('says what failed when a consumer fails', async () => {
    const transport = new InProcessTransport();
    transport.attach('control.events.v1', { takenFrom: () => Promise.resolve(0), deliver: () => Promise.reject(new Error('the disk is full')) });
    await expect(transport.publisher('control.events.v1').publish([])).rejects.toThrow('the disk is full');
  });

  it('begins where the consumer that is furthest behind stands, and at the beginning where there is none', async () => {
    const transport = new InProcessTransport();
    expect(await transport.publisher('control.events.v1').startAfter()).toBe(0);
    for (const taken of [9, 4, 7]) transport.attach('control.events.v1', { takenFrom: () => Promise.resolve(taken), deliver: () => Promise.resolve() });
    transport.attach('feedback.events.v1', { takenFrom: () => Promise.resolve(1), deliver: () => Promise.resolve() });
    expect(await transport.publisher('control.events.v1').startAfter()).toBe(4);
  });
});
