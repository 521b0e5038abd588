import pg from 'pg';

/** A database with a role of its own, `<name>_app`, that is not its owner; both are made unless they are there. The role gets the password. */
export async function createDatabase(ownerUrl: string, name: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const [database, role] = [client.escapeIdentifier(name), client.escapeIdentifier(`${name}_app`)];
    const has = async (query: string, value: string) => ((await client.query(query, [value])).rowCount ?? 0) > 0;
    if (!(await has('select from pg_roles where rolname = $1', `${name}_app`))) await client.query(`create role ${role} login`);
    await client.query(`alter role ${role} password ${client.escapeLiteral(password)}`);
    if (!(await has('select from pg_database where datname = $1', name))) await client.query(`create database ${database}`);
    await client.query(`revoke all on database ${database} from public; grant connect on database ${database} to ${role}`);
  } finally {
    await client.end();
  }
}
