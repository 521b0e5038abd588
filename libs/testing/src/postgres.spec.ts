import { openPostgresStore } from '@touchstone/event-store';
import { asOwner, newAppend, newEvent, newForeignEvent, testDatabase } from './index.js';

const database = testDatabase();

describe('two processes on one log', () => {
  it('number it densely, and of two that read the same version one appends', async () => {
    const { store: one, url } = await database.fresh();
    const other = await openPostgresStore({ url });
    const versions = Array.from({ length: 40 }, (_, index) => index);
    for (const version of versions) {
      const results = await Promise.all([one, other].map((store, index) => store.append(newAppend(`v${version}/${index}`, 'lot-1', version))));
      expect(results.map(({ status }) => status).toSorted()).toEqual(['appended', 'conflict']);
    }
    await Promise.all([one, other].flatMap((store, index) => versions.map((n) => store.append(newAppend(`p${n}/${index}`, `lot-${n % 5}`, 'any')))));
    const all = await one.readAll(0, 1_000);
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
    expect(await other.readAll(0, 1_000)).toEqual(all);
    await other.close();
  });
  it('answer a command that was given to both of them once', async () => {
    const { store: one, url } = await database.fresh();
    const other = await openPostgresStore({ url });
    const results = await Promise.all(Array.from({ length: 60 }, (_, index) => (index % 2 ? one : other).append(newAppend('a', 'lot-1', 0))));
    expect(results.filter(({ status }) => status === 'appended')).toHaveLength(1);
    expect(results.filter(({ status }) => status === 'repeated')).toHaveLength(59);
    await other.close();
  });
});

describe('one poisoned append', () => {
  const poisons = {
    'whose text PostgreSQL cannot hold': newAppend('nul', 'lot-\u0000', 0),
    'whose event id is no UUID': newAppend('id', 'lot-1', 0, { events: [{ ...newEvent('id'), id: 'not-a-uuid' }] }),
    'whose metadata are no JSON': newAppend('meta', 'lot-1', 0, { events: [{ ...newEvent('meta'), meta: '{' }] }),
  };
  it.each(Object.entries(poisons))('%s fails alone, with its reason', async (_, poisoned) => {
    const { store } = await database.fresh();
    const good = Array.from({ length: 20 }, (__, index) => newAppend(`good${index}`, `lot-good${index}`, 0));
    const results = await Promise.allSettled([...good.slice(0, 10), poisoned, ...good.slice(10)].map((each) => store.append(each)));
    expect(results.map(({ status }) => status)).toEqual(results.map((__, index) => (index === 10 ? 'rejected' : 'fulfilled')));
    expect(results[10]).not.toMatchObject({ reason: { code: 'APPEND_OUTCOME_UNKNOWN' } });
    expect((await store.readAll(0, 100)).map(({ seq }) => seq)).toEqual(good.map((__, index) => index + 1));
  });
  it('does not hold up foreign events either', async () => {
    const { store } = await database.fresh();
    const [ingested, failed] = await Promise.allSettled([store.ingest([newForeignEvent('a', 'planning/order-1', 1)]), store.append(poisons['whose text PostgreSQL cannot hold'])]);
    expect([ingested, failed.status]).toEqual([{ status: 'fulfilled', value: ['appended'] }, 'rejected']);
  });
});

describe('a damaged log', () => {
  it('stops its readers at the hole instead of letting them skip it', async () => {
    const { store, ownerUrl } = await database.fresh();
    for (const version of [0, 1, 2]) await store.append(newAppend(`e${version}`, 'lot-1', version));
    await asOwner(ownerUrl, ['delete from event where seq = 2']);
    await expect(store.readAll(0, 10)).rejects.toMatchObject({ code: 'HOLE_IN_LOG' });
    await expect(store.readStream('lot-1')).rejects.toMatchObject({ code: 'HOLE_IN_LOG' });
  });
});
