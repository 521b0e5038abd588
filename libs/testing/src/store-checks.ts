import assert from 'node:assert/strict';
import { derivedId } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';
import type { Append, AppendResult, Capability, EventStore, ForeignEvent, NewEvent, StoredEvent } from '@touchstone/event-store';
import { atFirst } from './decider-spec.js';

/** One thing that a store must do that declares what it needs. Runs on an empty log and throws when it does not hold. */
export interface StoreCheck {
  readonly name: string;
  /** Without these the check means nothing; none for what every store must do. */
  readonly needs: readonly Capability[];
  readonly run: (store: EventStore) => Promise<void>;
}

/** An event as a command handler would write it; the same id for the same name. */
export function newEvent(name: string, data: object = { name }): NewEvent {
  const commandId = derivedId('command of', name);
  const meta = canonicalize({
    actor: 'inspector-1', commandId, causationId: commandId, correlationId: commandId, occurredAt: atFirst, recordedAt: atFirst, decider: 'control.lot@1',
  });
  return { id: derivedId('event', name), type: 'control.LotMoved.v1', body: canonicalize(data), meta };
}

/** The append of a command that is known by its name. */
export const newAppend = (name: string, stream: string, expectedVersion: Append['expectedVersion'], rest: Partial<Append> = {}): Append => ({
  stream, expectedVersion, events: [newEvent(name)],
  command: { id: derivedId('command of', name), bodyHash: `hash of ${name}`, answer: canonicalize({ answerTo: name }), record: canonicalize({ command: name }) },
  ...rest,
});

export const newForeignEvent = (name: string, stream: string, offset: number, data?: object): ForeignEvent =>
  ({ ...newEvent(name, data), stream, topic: 'planning.events.v1/0', offset });

const check = (name: string, run: StoreCheck['run'], ...needs: readonly Capability[]): StoreCheck => ({ name, run, needs });
const statuses = (results: readonly AppendResult[]) => results.map(({ status }) => status);
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
const seqs = (events: readonly StoredEvent[]) => events.map(({ seq }) => seq);
const versions = (events: readonly StoredEvent[]) => events.map(({ version }) => version);
const upTo = (count: number) => times(count, (index) => index + 1);

const appending: readonly StoreCheck[] = [
  check('an event is read back with the bytes that were written', async (store) => {
    const append = newAppend('a', 'lot-1', 0, { events: [newEvent('a', { text: 'ä \u2028 " \\ 𝄞', list: [1, null] })] });
    assert.deepEqual(await store.append(append), { status: 'appended', version: 1, seq: 1 });
    const stored = { ...append.events[0], seq: 1, stream: 'lot-1', version: 1 };
    assert.deepEqual(await store.readStream('lot-1'), [stored]);
    assert.deepEqual(await store.readAll(0, 10), [stored]);
    assert.deepEqual(await store.event(stored.id ?? ''), stored);
    assert.equal(await store.event(derivedId('nobody')), undefined);
  }, 'dense-seq'),
  check('seq is dense over the log and version over each stream, under parallel appends', async (store) => {
    const results = await Promise.all(times(60, (index) => store.append(newAppend(`p${index}`, `lot-${index % 7}`, 'any', { events: [newEvent(`p${index}`), newEvent(`p${index}/2`)] }))));
    assert.ok(statuses(results).every((status) => status === 'appended'));
    const all = await store.readAll(0, 1_000);
    assert.deepEqual(seqs(all), upTo(120));
    for (const stream of times(7, (index) => `lot-${index}`)) {
      const own = await store.readStream(stream);
      assert.deepEqual(versions(own), upTo(own.length));
      assert.deepEqual(own, all.filter((event) => event.stream === stream));
    }
    assert.equal(await store.head(), 120);
  }, 'dense-seq'),
  check('the version that was read decides: of many who read the same, one appends', async (store) => {
    const results = await Promise.all(times(20, (index) => store.append(newAppend(`r${index}`, 'lot-1', 0))));
    assert.deepEqual(statuses(results).toSorted(), ['appended', ...times(19, () => 'conflict')]);
    assert.equal((await store.readStream('lot-1')).length, 1);
  }),
  check('a conflict is answered with the version that stands, and leaves no trace', async (store) => {
    await store.append(newAppend('a', 'lot-1', 0));
    assert.deepEqual(await store.append(newAppend('b', 'lot-1', 0)), { status: 'conflict', version: 1 });
    assert.equal(await store.command(derivedId('command of', 'b')), undefined);
    assert.equal(await store.head(), 1);
  }, 'command-records'),
  check('a version beyond the end is a conflict: no gap in a stream', async (store) => {
    assert.deepEqual(await store.append(newAppend('a', 'lot-1', 2)), { status: 'conflict', version: 0 });
    assert.equal(await store.head(), 0);
  }),
  check('`any` appends behind whatever stands there', async (store) => {
    await store.append(newAppend('a', 'refusals-lot-1', 'any'));
    assert.partialDeepStrictEqual(await store.append(newAppend('b', 'refusals-lot-1', 'any')), { status: 'appended', version: 2 });
  }),
  check('a guard on another stream that moved is a conflict', async (store) => {
    await store.append(newAppend('a', 'lot-1', 0));
    const guarded = (version: number) => newAppend('refusal', 'refusals-lot-1', 'any', { guard: { stream: 'lot-1', version } });
    assert.deepEqual(await store.append(guarded(0)), { status: 'conflict', version: 1 });
    assert.partialDeepStrictEqual(await store.append(guarded(1)), { status: 'appended', version: 1 });
  }, 'guards'),
];

const commands: readonly StoreCheck[] = [
  check('a repeated command is answered from the log and appends nothing', async (store) => {
    const append = newAppend('a', 'lot-1', 0);
    await store.append(append);
    await store.append(newAppend('b', 'lot-1', 1));
    const known = { ...append.command, stream: 'lot-1', seq: 1 };
    assert.deepEqual(await store.append({ ...append, command: { ...append.command, bodyHash: 'other', answer: '{}' } }), { status: 'repeated', command: known });
    assert.deepEqual(await store.command(append.command.id), known);
    assert.equal(await store.head(), 2);
  }, 'command-records'),
  check('of a hundred identical commands at once, one is appended', async (store) => {
    const results = await Promise.all(times(100, () => store.append(newAppend('a', 'lot-1', 0))));
    assert.deepEqual(statuses(results).toSorted(), ['appended', ...times(99, () => 'repeated')]);
    assert.equal(await store.head(), 1);
  }, 'command-records'),
  check('an append of no events records the command and its answer', async (store) => {
    await store.append(newAppend('a', 'lot-1', 0));
    assert.deepEqual(await store.append(newAppend('moot', 'lot-1', 1, { events: [] })), { status: 'appended', version: 1, seq: 1 });
    assert.equal((await store.command(derivedId('command of', 'moot')))?.seq, 1);
    assert.equal((await store.append(newAppend('moot', 'lot-1', 1, { events: [] }))).status, 'repeated');
    assert.equal(await store.head(), 1);
  }, 'command-records'),
  check('a claimed name is given once, also among many at once', async (store) => {
    const claiming = (name: string, stream: string, ...claims: string[]) => newAppend(name, stream, 0, { claims });
    const results = await Promise.all(times(10, (index) => store.append(claiming(`c${index}`, `lot-${index}`, 'number:4711'))));
    assert.deepEqual(statuses(results).toSorted(), ['appended', ...times(9, () => 'claimed')]);
    assert.deepEqual(results.find(({ status }) => status === 'claimed'), { status: 'claimed', claim: 'number:4711' });
    assert.equal(await store.head(), 1);
  }, 'claims'),
  check('claims are all or nothing, and naming one twice in a command is naming it once', async (store) => {
    await store.append(newAppend('a', 'lot-1', 0, { claims: ['number:1', 'number:1'] }));
    assert.equal((await store.append(newAppend('b', 'lot-2', 0, { claims: ['number:2', 'number:1'] }))).status, 'claimed');
    assert.equal((await store.append(newAppend('c', 'lot-3', 7, { claims: ['number:2'] }))).status, 'conflict');
    assert.equal((await store.append(newAppend('d', 'lot-4', 0, { claims: ['number:2'] }))).status, 'appended');
  }, 'claims'),
  check('an event id is never given twice, and who tries fails alone', async (store) => {
    await store.append(newAppend('a', 'lot-1', 0));
    const poisoned = newAppend('b', 'lot-2', 0, { events: [newEvent('b'), newEvent('a')] });
    const results = await Promise.allSettled([newAppend('c', 'lot-3', 0), poisoned, newAppend('d', 'lot-4', 0)].map((append) => store.append(append)));
    assert.deepEqual(results.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled']);
    assert.deepEqual((await store.readStream('lot-2')), []);
    assert.equal(await store.command(poisoned.command.id), undefined);
    assert.deepEqual(seqs(await store.readAll(0, 10)), [1, 2, 3]);
  }, 'dense-seq', 'command-records'),
];

const ingesting: readonly StoreCheck[] = [
  check('foreign events are numbered on their stream as they come, and the place in their topic is noted', async (store) => {
    assert.equal(await store.takenFrom('planning.events.v1/0'), 0);
    assert.deepEqual(await store.ingest([newForeignEvent('a', 'planning/order-1', 5), newForeignEvent('b', 'planning/order-1', 9)]), ['appended', 'appended']);
    assert.deepEqual(versions(await store.readStream('planning/order-1')), [1, 2]);
    assert.equal(await store.takenFrom('planning.events.v1/0'), 9);
    assert.equal(await store.takenFrom('planning.events.v1/1'), 0);
  }, 'ingest-by-id'),
  check('an event that was taken in before is a duplicate, in another call or in the same', async (store) => {
    const event = newForeignEvent('a', 'planning/order-1', 1);
    assert.deepEqual(await store.ingest([event, event]), ['appended', 'duplicate']);
    assert.deepEqual(await store.ingest([event, newForeignEvent('b', 'planning/order-1', 2)]), ['duplicate', 'appended']);
    const atOnce = await Promise.all(times(10, () => store.ingest([newForeignEvent('c', 'planning/order-2', 3)])));
    assert.equal(atOnce.flat().filter((result) => result === 'appended').length, 1);
    assert.deepEqual(seqs(await store.readAll(0, 10)), [1, 2, 3]);
  }, 'ingest-by-id', 'dense-seq'),
  check('an id that comes again with other bytes is an incident, and what was first stays', async (store) => {
    const first = newForeignEvent('a', 'planning/order-1', 1);
    await store.ingest([first]);
    assert.deepEqual(await store.ingest([newForeignEvent('a', 'planning/order-1', 2, { other: true })]), ['incident']);
    assert.deepEqual(await store.ingest([newForeignEvent('a', 'planning/order-2', 3)]), ['incident']);
    assert.equal((await store.event(first.id))?.body, first.body);
    assert.equal(await store.head(), 1);
  }, 'ingest-by-id'),
  check('taking in nothing is allowed', async (store) => {
    assert.deepEqual(await store.ingest([]), []);
  }, 'ingest-by-id'),
];

const reading: readonly StoreCheck[] = [
  check('pages of the log follow each other without a gap', async (store) => {
    for (const index of upTo(25)) await store.append(newAppend(`e${index}`, `lot-${index % 3}`, 'any'));
    const read: StoredEvent[] = [];
    for (let page = await store.readAll(0, 10); page.length > 0; page = await store.readAll(read.length, 10)) read.push(...page);
    assert.deepEqual(seqs(read), upTo(25));
    assert.deepEqual(await store.readAll(25, 10), []);
    assert.deepEqual(seqs(await store.readAll(20, 2)), [21, 22]);
  }, 'dense-seq'),
  check('a stream is read after a version', async (store) => {
    for (const index of upTo(4)) await store.append(newAppend(`e${index}`, 'lot-1', index - 1));
    assert.deepEqual(versions(await store.readStream('lot-1', 2)), [3, 4]);
    assert.deepEqual(await store.readStream('lot-2'), []);
  }),
  check('who follows is told what was written as it is read, and may wait for the disk up to there', async (store) => {
    const told: StoredEvent[] = [];
    store.onAppend((written = []) => told.push(...written));
    await store.append(newAppend('a', 'lot-1', 0, { events: [newEvent('a1'), newEvent('a2')] }));
    await Promise.all(times(20, (index) => store.append(newAppend(`b${index}`, `lot-${index + 2}`, 0))));
    await store.ingest([newForeignEvent('c', 'planning/order-1', 1), newForeignEvent('d', 'planning/order-2', 2), newForeignEvent('e', 'planning/order-1', 3)]);
    await Promise.all(times(3, (index) => store.ingest([newForeignEvent(`f${index}`, 'planning/order-1', index + 4)])));
    assert.deepEqual(told, await store.readAll(0, 100));
    await store.durable(undefined, 22);
    await store.durable(undefined, told.length);
  }, 'dense-seq'),
  check('an append is visible when it is answered, and its listeners were called', async (store) => {
    let calls = 0;
    const unsubscribe = store.onAppend(() => { calls += 1; });
    const result = await store.append(newAppend('a', 'lot-1', 0));
    assert.equal(calls, 1);
    assert.deepEqual(result.status === 'appended' && seqs(await store.readAll(0, 10)), [1]);
    await store.durable();
    unsubscribe();
    await store.append(newAppend('b', 'lot-1', 1));
    assert.equal(calls, 1);
  }, 'dense-seq'),
];

/** What an adapter of the port must do, named, by what it declares. */
export const storeChecks: readonly StoreCheck[] = [...appending, ...commands, ...ingesting, ...reading];
