import { openPostgresStore, pause } from '@touchstone/event-store';
import { asOwner, testDatabase } from '../database.js';
import { newAppend } from '../store-checks.js';
import { atSite, rowsOf, until, waiting } from './site.spec-kit.js';

describe('a flush is no proof', () => {
  it('when its wait for the standby was called off: PostgreSQL then says that the commit is done', async () => {
    await atSite(true, async ({ primary, standby, store }) => {
      await store.append(newAppend('first', 'lot-0', 0));
      standby.cutOff();
      const telling = store.append(newAppend('called off', 'lot-1', 0)).then(({ status }) => status, (error: unknown) => (error as { code?: unknown }).code);
      await until(async () => (await rowsOf(primary.ownerUrl('control'), waiting)).length > 0, 'a flush waits for the standby');
      await asOwner(primary.ownerUrl('control'), [`select pg_cancel_backend(pid) from (${waiting}) w`]);
      expect(await telling).toBe('APPEND_OUTCOME_UNKNOWN');
    });
  });

  it('when it was made on the promoted standby, and the append on a primary that is still there', async () => {
    await atSite(true, async ({ primary, standby, door, store }) => {
      await store.append(newAppend('first', 'lot-0', 0));
      standby.cutOff();
      const caught = store.durable().catch(() => undefined);
      await until(async () => (await rowsOf(primary.ownerUrl('control'), waiting)).length > 0, 'a flush waits for the standby');
      await standby.promote();
      door.lead(standby.port);
      await asOwner(primary.ownerUrl('control'), [`select pg_terminate_backend(pid) from (${waiting}) w`]); // the session that flushes only
      await caught;
      const promoted = await openPostgresStore({ url: standby.ownerUrl('control') });
      try {
        const acknowledged: string[] = [];
        const append = async (name: string) => {
          const wanted = newAppend(name, `lot-${name}`, 'any');
          await store.append(wanted).then(() => acknowledged.push(wanted.command.id), () => undefined);
        };
        for (let n = 0; n < 5; n += 1) await Promise.race([pause(500), Promise.all([0, 1, 2].map((each) => append(`${n}-${each}`)))]);
        await primary.kill();
        await until(() => append('on').then(() => acknowledged.length > 0), 'appends are answered by the promoted standby');
        const lost = await Promise.all(acknowledged.map(async (id) => ((await promoted.command(id)) ? [] : [id])));
        expect(lost.flat()).toEqual([]);
      } finally {
        await promoted.close();
      }
    });
  });
});

describe('a role that has put tables and functions on its own path', () => {
  const database = testDatabase();

  it('appends to the log and reads it all the same', async () => {
    const { url, ownerUrl, name } = await database.fresh();
    await asOwner(url, [
      'create schema mine', 'create table mine.event (like public.event)', `create function mine.append_batch(batch json) returns json language sql as $$ select '[{"status":"appended","version":1,"seq":1}]'::json $$`,
      `create function mine.pg_logical_emit_message(boolean, text, text) returns pg_lsn language sql as $$ select '0/0'::pg_lsn $$`, `alter role "${name}_app" in database "${name}" set search_path = mine, pg_catalog, public`,
    ]);
    const store = await openPostgresStore({ url });
    try {
      await store.append(newAppend('a', 'lot-1', 0));
      expect(await store.head()).toBe(1);
      expect(await rowsOf(ownerUrl, 'select seq::integer from public.event')).toEqual([{ seq: 1 }]);
    } finally {
      await store.close();
    }
  });
});
