import pg from 'pg';

/** Copies a database, as it is at one moment, to another of the same server. Its users are turned away meanwhile. */
export async function backUp(ownerUrl: string, database: string, copy: string): Promise<void> {
  await asOwner(ownerUrl, async (client) => {
    await aside(client, database);
    try {
      await client.query(`create database ${client.escapeIdentifier(copy)} template ${client.escapeIdentifier(database)}`);
    } finally {
      await client.query(`alter database ${client.escapeIdentifier(database)} allow_connections true`);
    }
  });
}

/** Puts a copy in the place of a database, and keeps what was there under `kept`. Rights of roles come with the copy; to connect is given anew. */
export async function putBack(ownerUrl: string, database: string, copy: string, kept: string): Promise<void> {
  await asOwner(ownerUrl, async (client) => {
    const [name, from, to] = [database, copy, kept].map((each) => client.escapeIdentifier(each));
    await aside(client, database);
    await client.query(`alter database ${name} rename to ${to}`);
    await client.query(`alter database ${from} rename to ${name}`);
    const { rows } = await client.query<{ rolname: string }>('select rolname from pg_roles where rolname = $1', [`${database}_app`]);
    for (const { rolname } of rows) {
      await client.query(`revoke all on database ${name} from public; grant connect, create on database ${name} to ${client.escapeIdentifier(rolname)}`);
    }
    await client.query(`alter database ${to} allow_connections true`);
  });
}

/** Nobody is connected to it any more, and nobody comes. */
async function aside(client: pg.Client, database: string): Promise<void> {
  await client.query(`alter database ${client.escapeIdentifier(database)} allow_connections false`);
  await client.query('select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1', [database]);
}

async function asOwner(ownerUrl: string, job: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: Object.assign(new URL(ownerUrl), { pathname: '/postgres' }).href });
  await client.connect();
  try {
    await job(client);
  } finally {
    await client.end();
  }
}
