import { randomBytes } from 'node:crypto';
import { PostgresSubjectKeys } from '@touchstone/event-store';
import { testDatabase } from './index.js';

const database = testDatabase();

describe('the keys of subjects', () => {
  it('are made once, however many ask at the same time, in two processes', async () => {
    const { store } = await database.fresh();
    const master = randomBytes(32);
    const processes = [1, 2].map(() => new PostgresSubjectKeys(store.pool, master));
    const keys = await Promise.all(Array.from({ length: 40 }, (_, index) => processes[index % 2]?.obtain('p1')));
    expect(new Set(keys.map((each) => each?.key.toString('hex'))).size).toBe(1);
    expect((await processes[0]?.obtain('p2'))?.key.equals(keys[0]?.key ?? Buffer.alloc(0))).toBe(false);
    expect((await store.pool.query('select from subject_key')).rowCount).toBe(2);
  });
  it('are stored wrapped for their subject, and open only with the master key', async () => {
    const { store } = await database.fresh();
    const master = randomBytes(32);
    const { key } = await new PostgresSubjectKeys(store.pool, master).obtain('p1');
    const stored = (await store.pool.query<{ wrapped: string }>('select wrapped from subject_key')).rows[0]?.wrapped ?? '';
    expect(Buffer.from(stored, 'base64').includes(key)).toBe(false);
    await expect(new PostgresSubjectKeys(store.pool, randomBytes(32)).find('p1')).rejects.toThrow();
    await store.pool.query(`insert into subject_key select 'p2', kid, wrapped from subject_key`);
    await expect(new PostgresSubjectKeys(store.pool, master).find('p2')).rejects.toThrow();
    expect((await new PostgresSubjectKeys(store.pool, master).find('p1'))?.key.equals(key)).toBe(true);
    expect(() => new PostgresSubjectKeys(store.pool, randomBytes(16))).toThrow('32 bytes');
  });
  it('are gone when their row is deleted, and a later one is another', async () => {
    const { store, keys } = await database.fresh();
    const first = await keys.obtain('p1');
    await store.pool.query('delete from subject_key');
    keys.forget('p1');
    expect(await keys.find('p1')).toBeUndefined();
    expect((await keys.obtain('p1')).kid).not.toBe(first.kid);
  });
});

describe('the keyed hash', () => {
  it('is the same for the same text and master key, and differs for another of either', async () => {
    const { store } = await database.fresh();
    const [one, two] = [randomBytes(32), randomBytes(32)];
    const hash = (master: Buffer, text: string) => new PostgresSubjectKeys(store.pool, master).keyedHash(text);
    expect(hash(one, 'a')).toBe(hash(one, 'a'));
    expect(new Set([hash(one, 'a'), hash(one, 'b'), hash(two, 'a')]).size).toBe(3);
  });
});
