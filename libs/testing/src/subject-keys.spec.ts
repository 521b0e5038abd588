import { randomBytes } from 'node:crypto';
import type { FoundKey } from '@touchstone/event-store';
import { kidOf, openPool, PostgresSubjectKeys } from '@touchstone/event-store';
import { asOwner, testDatabase } from './index.js';

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
    await store.pool.query(`insert into subject_key (subject, kid, wrapped) select 'p2', kid, wrapped from subject_key`);
    await expect(new PostgresSubjectKeys(store.pool, master).find('p2')).rejects.toThrow();
    expect(await new PostgresSubjectKeys(store.pool, master).find('p1')).toEqual({ kid: kidOf(key), key });
    expect(() => new PostgresSubjectKeys(store.pool, randomBytes(16))).toThrow('32 bytes');
  });
});

describe('a key that was destroyed', () => {
  /** Asks until it is so: a process may know of it a moment later than the one that did it. */
  async function until(keys: PostgresSubjectKeys, subject: string, wanted: FoundKey): Promise<void> {
    for (let asked = 0; asked < 3_000; asked += 1) {
      if ((await keys.find(subject)) === wanted) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`${subject} is not ${String(wanted)}`);
  }

  it('is gone in every process, also where it was in use, and there is never another', async () => {
    const { store, url } = await database.fresh();
    const master = randomBytes(32);
    const other = openPool({ url }, 2);
    const [one, two] = [new PostgresSubjectKeys(store.pool, master), new PostgresSubjectKeys(other, master)];
    expect((await one.obtain('p1')).key.equals((await two.obtain('p1')).key)).toBe(true);
    const kept = await two.obtain('p2');
    await one.destroy(['p1', 'never seen']);
    expect(await Promise.all(['p1', 'never seen'].map((subject) => one.find(subject)))).toEqual(['destroyed', 'destroyed']);
    await until(two, 'p1', 'destroyed');
    for (const keys of [one, two]) {
      await expect(keys.obtain('p1')).rejects.toMatchObject({ code: 'SUBJECT_ERASED', details: { subject: 'p1' } });
      await expect(keys.obtain('never seen')).rejects.toMatchObject({ code: 'SUBJECT_ERASED' });
    }
    expect(await two.find('p2')).toEqual(kept);
    await other.end();
  });
  it('leaves a row without it, which the application cannot undo', async () => {
    const { store, keys, ownerUrl } = await database.fresh();
    const { kid } = await keys.obtain('p1');
    await keys.destroy(['p1']);
    const [rows] = await asOwner(ownerUrl, ['select subject, kid, wrapped, destroyed_at is not null as destroyed from subject_key']);
    expect(rows?.rows).toEqual([{ subject: 'p1', kid, wrapped: null, destroyed: true }]);
    for (const statement of [
      'delete from subject_key', `update subject_key set wrapped = 'x', destroyed_at = null`, 'truncate subject_key', 'update key_destruction set number = 0', 'delete from key_destruction',
      `insert into subject_key (subject, kid, wrapped) values ('p1', 'x', 'x') on conflict (subject) do update set wrapped = 'x'`, `insert into subject_key values ('p3', 'x', null, now())`,
    ]) await expect(store.pool.query(statement)).rejects.toThrow('permission denied');
    await expect(store.pool.query(`insert into subject_key (subject, kid, wrapped) values ('p1', 'x', 'x')`)).rejects.toThrow('subject_key_pkey');
  });
  it('is destroyed once: again, when it was changes no more', async () => {
    const { store, keys } = await database.fresh();
    await keys.obtain('p1');
    const when = async () => (await store.pool.query('select subject, destroyed_at from subject_key order by subject')).rows as unknown[];
    await keys.destroy(['p1', 'p2', 'p1']);
    const first = await when();
    await Promise.all(Array.from({ length: 8 }, (_, index) => keys.destroy(index % 2 === 0 ? ['p1', 'p2'] : ['p2', 'p1'])));
    expect(await when()).toEqual(first);
    await keys.destroy([]);
  });
  it('is not kept by whoever was just reading it', async () => {
    const { store } = await database.fresh();
    const [master, answers] = [randomBytes(32), new EventTarget()];
    let hold = false;
    const pool = new Proxy(store.pool, {
      get: (target, name) => (name !== 'query' ? Reflect.get(target, name) as unknown : async (text: string, values?: unknown[]) => {
        const answer = await target.query(text, values);
        if (hold && text.includes('from subject_key')) await new Promise((resolve) => answers.addEventListener('go', resolve, { once: true }));
        return answer;
      }),
    });
    const [keys, reader] = [new PostgresSubjectKeys(store.pool, master), new PostgresSubjectKeys(pool, master)];
    const { key } = await keys.obtain('p1');
    hold = true;
    const reading = reader.find('p1');
    const listening = new Promise<void>((resolve) => { const add = answers.addEventListener.bind(answers); answers.addEventListener = (...args: Parameters<typeof add>) => { add(...args); resolve(); }; });
    await listening;
    await reader.destroy(['p1']);
    hold = false;
    answers.dispatchEvent(new Event('go'));
    expect(await reading).toEqual({ kid: kidOf(key), key });
    expect(await reader.find('p1')).toBe('destroyed');
  });
  it('is made and destroyed at the same time: it ends destroyed, and nobody gets another', async () => {
    const { store } = await database.fresh();
    const master = randomBytes(32);
    const processes = [1, 2].map(() => new PostgresSubjectKeys(store.pool, master));
    const subjects = Array.from({ length: 20 }, (_, index) => `p${index}`);
    await Promise.allSettled(subjects.flatMap((subject) => [processes[0]?.obtain(subject), processes[1]?.destroy([subject]), processes[1]?.obtain(subject)]));
    expect(await Promise.all(subjects.map((subject) => new PostgresSubjectKeys(store.pool, master).find(subject)))).toEqual(subjects.map(() => 'destroyed'));
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
