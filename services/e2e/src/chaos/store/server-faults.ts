import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { openPostgresStore } from '@touchstone/event-store';
import type { Grounds, Outcome } from './grounds.js';
import { outcomeOf } from './grounds.js';
import { lasting } from './line-faults.js';
import type { Trial } from './trial.js';

/** Behind the head by more events than this after a second: readers stand still. */
const STALLED_MS = 5_000;

async function openTransaction(url: string, statements: readonly string[]): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  for (const statement of ['begin', ...statements, 'select pg_current_xact_id()']) await client.query(statement);
  return client;
}

/** Somebody else's transactions stay open, in this database and another; readers must not wait for them. */
export async function foreignTransactions(grounds: Grounds): Promise<Outcome> {
  const outcome = outcomeOf('open-transaction', 'a foreign transaction left open in the same database, and one in another database of the cluster');
  const { cluster } = grounds;
  await cluster.asOwner(['drop database if exists neighbour with (force)', 'create database neighbour']);
  await lasting(grounds, outcome, { name: 'open-transaction' }, async (trial) => {
    for (const database of [trial.database.name, 'neighbour']) {
      const client = await openTransaction(cluster.ownerUrl(database), ['create table elsewhere (text text)', `insert into elsewhere values ('left open')`]);
      await readersKeepUp(trial, grounds.durationMs, database);
      await client.query('rollback');
      await client.end();
      outcome.points += 1;
      grounds.progress('open-transaction', 1);
    }
  });
  await cluster.asOwner(['drop database neighbour with (force)']);
  return outcome;
}

/** What is written while the transaction is open must be in the read models while it still is. */
async function readersKeepUp(trial: Trial, forMs: number, database: string): Promise<void> {
  await pause(forMs);
  const store = await openPostgresStore({ url: trial.database.directUrl() });
  try {
    const head = await store.head();
    for (const until = Date.now() + STALLED_MS; ; await pause(20)) {
      const { rows } = await store.pool.query<{ seq: number }>(`select min(seq) as seq from checkpoint where name like 'mould%' or name like 'entry%'`);
      const { rows: newest } = await store.pool.query<{ seq: number }>(`select coalesce(max(seq), 0) as seq from event where type like 'moulding.Mould%' and seq <= $1`, [head]);
      if ((rows[0]?.seq ?? 0) >= (newest[0]?.seq ?? 0)) return;
      if (Date.now() < until) continue;
      trial.failures.push(`readers-stalled: a transaction open in ${database} held a read model at ${rows[0]?.seq} of ${head}`);
      return;
    }
  } finally {
    await store.close();
  }
}

/** SIGSTOP of all of PostgreSQL, longer than a statement may take; then SIGCONT. */
export async function freezeServer(grounds: Grounds): Promise<Outcome> {
  const outcome = outcomeOf('frozen', `SIGSTOP of every process of PostgreSQL for ${grounds.durationMs} ms, with a statement timeout of 1 s; then SIGCONT`);
  await lasting(grounds, outcome, { name: 'frozen', statementTimeoutMs: 1_000 }, async (trial) => {
    for (let time = 0; time < 2; time += 1) {
      await grounds.cluster.freeze(grounds.durationMs);
      await trial.goesOn();
      outcome.points += 1;
      grounds.progress('frozen', 1);
    }
  });
  return outcome;
}

/** Services' clocks go back an hour, and forth again. PostgreSQL's clock is the machine's: the log takes no order from it. */
export async function stepClock(grounds: Grounds): Promise<Outcome> {
  const outcome = outcomeOf('clock-back', 'the clock of the service and of the writer stepped back an hour, and forth again (the port of the clock; now() of PostgreSQL stays)');
  await lasting(grounds, outcome, { name: 'clock-back' }, async (trial) => {
    for (const byMs of [-3_600_000, 3_600_000, -600_000, 600_000]) {
      await Promise.all(trial.workers.map((worker) => worker.ask({ order: 'move-clock', byMs }, 'done', 5_000)));
      await pause(grounds.durationMs / 4);
      await trial.goesOn();
      outcome.points += 1;
      grounds.progress('clock-back', 1);
    }
  });
  return outcome;
}

/** First every connection of the processes' own pools is taken, then every connection that PostgreSQL lets anybody have. */
export async function exhaustConnections(grounds: Grounds): Promise<Outcome> {
  const outcome = outcomeOf('pool-exhausted', 'all connections of the application pools held; then no connection left in PostgreSQL (53300) and all lines cut');
  const { cluster } = grounds;
  await lasting(grounds, outcome, { name: 'pool-exhausted', statementTimeoutMs: 10_000 }, async (trial) => {
    const forMs = Math.min(grounds.durationMs, 5_000);
    await Promise.all(trial.workers.map((worker) => worker.ask({ order: 'hold-pool', forMs }, 'done', 30_000)));
    await trial.goesOn();
    outcome.points += 1;
    grounds.progress('pool-exhausted', 1);
    await cluster.asOwner([`create role crowd login password 'crowd'`, `grant connect on database "${trial.database.name}" to crowd`]);
    const crowd = await occupy(trial);
    cluster.door.cutAll();
    const more = await occupy(trial); // what the cut left free
    await pause(forMs);
    await Promise.all([...crowd, ...more].map((client) => client.end().catch(() => undefined)));
    outcome.points += 1;
    grounds.progress('pool-exhausted', 1);
    await trial.goesOn();
    await cluster.asOwner([`revoke connect on database "${trial.database.name}" from crowd`, 'drop role crowd']);
  });
  return outcome;
}

/** Connections until PostgreSQL refuses one more. */
async function occupy(trial: Trial): Promise<pg.Client[]> {
  const url = Object.assign(new URL(trial.database.directUrl()), { username: 'crowd', password: 'crowd' }).href;
  const clients: pg.Client[] = [];
  for (let refused = false; !refused;) {
    const some = Array.from({ length: 10 }, () => new pg.Client({ connectionString: url }));
    const opened = await Promise.allSettled(some.map((client) => client.on('error', () => undefined).connect()));
    clients.push(...some.filter((_, index) => opened[index]?.status === 'fulfilled'));
    refused = opened.some(({ status }) => status === 'rejected');
  }
  return clients;
}
