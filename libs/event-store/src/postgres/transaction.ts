import type pg from 'pg';

/** Runs `job` in a transaction of its own: all of it, or nothing. */
export async function inTransaction<T>(pool: pg.Pool, job: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await job(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    client.release(true); // the connection goes, and with it the transaction
    throw error;
  }
}
