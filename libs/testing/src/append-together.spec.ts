import pg from 'pg';
import type { EventMeta } from '@touchstone/kernel';
import { systemClock } from '@touchstone/kernel';
import type { Append, ForeignEvent } from '@touchstone/event-store';
import { MemoryStore, Parking } from '@touchstone/event-store';
import { asOwner, testDatabase } from './database.js';
import { newForeignEvent } from './store-checks.js';

/** Numbers from a seed, so that a failure can be repeated. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const uuid = (kind: number, number: number): string => `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(number).padStart(12, '0')}`;

const metaOf = (commandId: string, causationId = commandId): string => JSON.stringify({
  actor: 'inspector-7', causationId, commandId, correlationId: causationId, decider: 'control.gauge@1',
  occurredAt: '2026-03-02T08:00:00.000Z', recordedAt: '2026-03-02T08:00:00.000Z',
} satisfies EventMeta);

/** Appends that mostly stand alone; `trouble` of a hundred repeat a command, are out of date, guard, or want a name that may be taken. */
function appends(count: number, trouble: number, below: (limit: number) => number): Append[] {
  return Array.from({ length: count }, (_, index): Append => {
    const troubled = below(100) < trouble;
    const id = uuid(1, troubled && below(3) === 0 ? below(count) : index);
    const stream = troubled ? `gauge-${below(6)}` : `gauge-of-its-own-${index}`;
    const events = Array.from({ length: below(4) }, (__, event) => ({
      id: uuid(2, index * 10 + event), type: 'control.GaugeRead.v1', body: JSON.stringify({ reading: event }), meta: metaOf(id, below(3) === 0 ? uuid(3, below(2)) : id),
    }));
    return {
      stream, events, expectedVersion: troubled ? (below(3) === 0 ? 'any' : below(3)) : 0,
      command: { id, bodyHash: `hash-${index}`, answer: `{"answer":${index}}`, record: `{"record":${index}}` },
      claims: below(4) === 0 ? [`number-${troubled ? below(5) : `${index}-alone`}`] : [],
      ...(troubled && below(4) === 0 && { guard: { stream: `gauge-${below(6)}`, version: below(3) } }),
    };
  });
}

/** Events that would be found by another cause than their metadata name. */
const OTHERWISE_LINKED = `select seq from event where causation_id::text <> meta::json->>'causationId' or correlation_id::text <> meta::json->>'correlationId'`;

describe('appends that share a call', () => {
  const databases = testDatabase();

  it.each([[1, 0], [2, 4], [3, 30], [4, 100]])('have the outcome they have one after the other (seed %i, %i %% in each other’s way)', async (seed, trouble) => {
    const { store: together, ownerUrl } = await databases.fresh();
    const alone = new MemoryStore(together.logId);
    const wanted = appends(300, trouble, numbers(seed));
    const outcomes = await Promise.all(wanted.map((append) => together.append(append)));
    for (const [index, append] of wanted.entries()) expect([index, outcomes[index]]).toEqual([index, await alone.append(append)]);
    expect(await together.readAll(0, 10_000)).toEqual(await alone.readAll(0, 10_000));
    expect((await asOwner(ownerUrl, [OTHERWISE_LINKED]))[0]?.rows).toEqual([]);
    for (const { command } of wanted) expect(await together.command(command.id)).toEqual(await alone.command(command.id));
    expect(await callsOf(ownerUrl)).toBeLessThan(10); // they did share
  }, 60_000);
});

describe('new foreign events', () => {
  const databases = testDatabase();
  const CONSUMER = 'ingest:planning.events.v1';

  it('are taken in whole when nothing is in the way, and of a page with something in the way nothing is written, whoever shares its call', async () => {
    const { store } = await databases.fresh();
    const parking = new Parking(store.pool, systemClock);
    const parked = newForeignEvent('parked', 'planning/order-7', 1);
    await parking.park(CONSUMER, { stream: 'order-7', eventId: parked.id, position: 1, event: '{}' }, 'it breaks its contract', 1);
    await store.ingest([newForeignEvent('known', 'planning/order-8', 2)]);
    const page = (name: string, stream: string, ...more: ForeignEvent[]) => store.ingestNew([newForeignEvent(name, stream, 3), newForeignEvent(`${name} and more`, stream, 4), ...more], CONSUMER);
    const taken = await Promise.all([
      page('free', 'planning/order-1'), page('a known one', 'planning/order-2', newForeignEvent('known', 'planning/order-8', 2)),
      page('the parked one', 'planning/order-3', { ...parked, stream: 'planning/order-4' }), page('behind what is parked', 'planning/order-7'),
      store.ingestNew([newForeignEvent('of another consumer', 'planning/order-7', 5)], 'ingest:assurance.events.v1'), page('free as well', 'planning/order-1'),
    ]);
    expect(taken).toEqual([true, false, false, false, true, true]);
    expect((await store.readAll(0, 100)).map(({ stream, version }) => `${stream} ${version}`)).toEqual([
      'planning/order-8 1', 'planning/order-1 1', 'planning/order-1 2', 'planning/order-7 1', 'planning/order-1 3', 'planning/order-1 4',
    ]);
    await store.pool.query(`update parked set state = 'discarded', decided_by = 'ada', reason = 'a test'`);
    expect(await page('after a decision', 'planning/order-7')).toBe(true);
  }, 60_000);
});

describe('texts that an append could trip over', () => {
  const databases = testDatabase();

  it.each([['a separator of texts', 'a\u001fb'], ['nothing', ''], ['quotes and braces', '{"a,b"}\\\'$$'], ['what looks like null', 'null']])('are kept as they are: %s', async (_, text) => {
    const { store } = await databases.fresh();
    const wanted = [text, 'plain'].map((each, index): Append => ({
      stream: `gauge-${each}`, expectedVersion: 0, claims: [`number ${each}`],
      events: [{ id: uuid(2, index), type: `control.${each}`, body: each, meta: metaOf(uuid(1, index)) }],
      command: { id: uuid(1, index), bodyHash: each, answer: each, record: each },
    }));
    expect((await Promise.all(wanted.map((append) => store.append(append)))).map(({ status }) => status)).toEqual(['appended', 'appended']);
    expect((await store.readAll(0, 10)).map(({ stream, type, body }) => [stream, type, body])).toEqual([[`gauge-${text}`, `control.${text}`, text], ['gauge-plain', 'control.plain', 'plain']]);
    expect(await store.command(uuid(1, 0))).toEqual({ id: uuid(1, 0), stream: `gauge-${text}`, seq: 1, bodyHash: text, answer: text, record: text });
    const foreign = { id: uuid(2, 7), type: `planning.${text}`, body: text, meta: metaOf(uuid(1, 7)), stream: `planning/${text}`, topic: `planning${text}`, offset: 3 };
    expect(await store.ingest([foreign])).toEqual(['appended']);
    expect(await store.ingest([foreign])).toEqual(['duplicate']);
    expect(await store.takenFrom(`planning${text}`)).toBe(3);
  }, 60_000);
  it('fail alone when PostgreSQL cannot hold them, and their neighbours are appended', async () => {
    const { store } = await databases.fresh();
    const wanted = ['a', 'b\u0000', 'c'].map((body, index): Append => ({
      stream: `gauge-${index}`, expectedVersion: 0, events: [{ id: uuid(2, index), type: 'control.GaugeRead.v1', body, meta: metaOf(uuid(1, index)) }],
      command: { id: index === 2 ? 'no uuid' : uuid(1, index), bodyHash: 'h', answer: '{}', record: '{}' },
    }));
    const told = await Promise.allSettled([...wanted, { ...wanted[0], stream: 'gauge-9', command: { id: uuid(1, 9), bodyHash: 'h', answer: '{}', record: '{}' }, events: [] } as Append].map((append) => store.append(append)));
    expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(await store.head()).toBe(1);
  }, 60_000);
});

/** Calls that recorded commands: rows of one call share their transaction. */
async function callsOf(ownerUrl: string): Promise<number> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    const { rows } = await owner.query<{ calls: number }>('select count(distinct xmin::text)::int as calls from command');
    return rows[0]?.calls ?? 0;
  } finally {
    await owner.end();
  }
}
