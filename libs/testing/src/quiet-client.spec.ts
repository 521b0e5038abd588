import { DataSource } from 'typeorm';
import { openPool, QuietClient } from '@touchstone/event-store';
import { testDatabase } from './index.js';

const database = testDatabase();

describe('a client that hears from a dying server between two queries', () => {
  it('does not end the process, whoever lent it', async () => {
    const { url } = await database.fresh();
    const pool = openPool({ url });
    const source = await new DataSource({ type: 'postgres', url, poolSize: 1, extra: { Client: QuietClient } }).initialize();
    const pools = [pool, (source.driver as unknown as { master: typeof pool }).master];
    for (const each of pools) {
      const client = await each.connect();
      expect(client).toBeInstanceOf(QuietClient);
      expect(() => client.emit('error', new Error('terminating connection due to unexpected postmaster exit'))).not.toThrow();
      client.release(true);
      expect((await each.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    }
    await source.destroy();
    await pool.end();
  });
});
