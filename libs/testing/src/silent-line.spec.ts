import { DataSource } from 'typeorm';
import type { PostgresStore } from '@touchstone/event-store';
import { AppendOutcomeUnknown, openPostgresStore, QuietClient, timeLimits } from '@touchstone/event-store';
import { openDoorway } from './doorway.js';
import { newAppend, testDatabase } from './index.js';

const database = testDatabase();

async function behindDoor() {
  const { url } = await database.fresh();
  const door = await openDoorway();
  door.lead(Number(new URL(url).port));
  return { door, url: Object.assign(new URL(url), { host: `127.0.0.1:${door.port}` }).href };
}

/** Cut off by the server after two seconds; a silent line is given up five seconds after that. */
const statementTimeoutMs = 2_000; // more than a statement takes on a machine that is busy

describe('a line to the database that goes silent, and does not end', () => {
  it('leaves an append unknown, is given up, and the next append goes over another one', async () => {
    const { door, url } = await behindDoor();
    const store: PostgresStore = await openPostgresStore({ url, statementTimeoutMs });
    await store.append(newAppend('before', 'lot-1', 'any'));
    door.silence();
    const one = (name: string) => newAppend(name, `lot-${name}`, 'any');
    const [sent, ...waiting] = await Promise.allSettled(['a', 'b', 'c'].map((name) => store.append(one(name))));
    expect(sent).toMatchObject({ status: 'rejected', reason: expect.any(AppendOutcomeUnknown) as unknown });
    for (const outcome of waiting) expect(outcome).toMatchObject({ status: 'fulfilled', value: { status: 'appended' } });
    expect(['appended', 'repeated']).toContain((await store.append(one('a'))).status);
    await store.head().catch(() => undefined); // the line of the pool, if it had one, was silent too
    expect((await store.readAll(0, 10)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    await store.close();
    door.close();
  });

  it('is no reason to wait for ever when a read, a flush or the end of the store meets it', async () => {
    const { door, url } = await behindDoor();
    const store = await openPostgresStore({ url, statementTimeoutMs });
    await store.append(newAppend('before', 'lot-1', 'any'));
    door.silence();
    const [read, flush] = await Promise.allSettled([store.head(), store.durable()]);
    expect([read.status, flush.status]).toEqual(['rejected', 'rejected']);
    expect(await store.head()).toBe(1);
    door.silence();
    await store.close();
    door.close();
  });

  it('leaves the pool of a read model, too', async () => {
    const { door, url } = await behindDoor();
    const source = await new DataSource({ type: 'postgres', url, poolSize: 1, extra: { Client: QuietClient, ...timeLimits(statementTimeoutMs) } }).initialize();
    await source.query('select 1');
    door.silence();
    await expect(source.query('select 1')).rejects.toThrow('Query read timeout');
    expect(await source.query('select 1 as one')).toEqual([{ one: 1 }]);
    await source.destroy();
    door.close();
  });
});
