import type pg from 'pg';
import { inTransaction } from '../postgres/transaction.js';
import { quote } from '../rows.js';

/**
 * Checkpoints beyond the head of the log belong to another history: the log was put back, and they were not. Read models are
 * built again from the beginning; a reaction goes on at the head, since what lies before it was handled before the backup, or
 * will be found handled by the ids of its commands. Places in inbound topics are no places in the log. Returns their names.
 */
export async function resetLaterCheckpoints(pool: pg.Pool): Promise<readonly string[]> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ name: string; model: boolean }>(
      `select c.name, r.schema is not null as model from checkpoint c left join read_model r on r.schema = c.name
       where c.seq > (select coalesce(max(seq), 0) from event) and c.name not like 'inbound:%' order by c.name for update of c`,
    );
    for (const { name } of rows.filter(({ model }) => model)) await client.query(`drop schema if exists ${quote(name)} cascade`);
    const names = rows.map(({ name }) => name);
    await client.query(`update read_model set state = 'gone', ended_at = now() where schema = any($1)`, [names]);
    await client.query(`update checkpoint set seq = (select coalesce(max(seq), 0) from event) where name = any($1) and name like 'reaction:%'`, [names]);
    await client.query(`delete from checkpoint where name = any($1) and name not like 'reaction:%'`, [names]);
    return names;
  });
}
