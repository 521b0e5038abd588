/** `touchstone migrate`: brings the databases of services to the schema that their code needs, before that code is started. */
import pg from 'pg';
import { createDatabase, migrate } from '@touchstone/event-store';
import { ApiFault, Unusable } from '../api.js';

export interface MigrateRequest {
  readonly services: readonly string[];
  /** Of the server, as a role that owns the databases; which one it names does not matter. */
  readonly ownerUrl: string;
  /** Named in every event id. */
  readonly deployment: string;
  /** By service, for roles that are to be made; none where they are there. */
  readonly passwords?: ReadonlyMap<string, string>;
}

export interface Migrated {
  readonly service: string;
  readonly database: string;
  /** The application role, which may insert and read. */
  readonly role: string;
  /** The log keeps the one that it was created with. */
  readonly logId: string;
  readonly schema: { readonly before: number; readonly now: number };
}

/** Safe to repeat, and to run while others are at work on the databases. Throws {@link ApiFault} with the code of what stands against it. */
export async function migrateAll({ services, ownerUrl, deployment, passwords }: MigrateRequest): Promise<Migrated[]> {
  const migrated: Migrated[] = [];
  for (const service of services) {
    const [role, url] = [`${service}_app`, addressOf(ownerUrl, service)];
    try {
      const password = passwords?.get(service);
      if (password !== undefined) await createDatabase(ownerUrl, service, password);
      const before = await schemaOf(url);
      await migrate({ ownerUrl: url, applicationRole: role, logId: `${service}.${deployment}.1` });
      migrated.push({ service, database: service, role, logId: await logIdOf(url), schema: { before, now: await schemaOf(url) } });
    } catch (error) {
      throw fault(service, error);
    }
  }
  return migrated;
}

function addressOf(ownerUrl: string, database: string): string {
  const url = URL.parse(ownerUrl);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) throw new Unusable('the owner\'s address must be postgres://<owner>:<password>@<host>:<port>/<database>');
  return Object.assign(url, { pathname: `/${database}` }).href;
}

/** 0 where nothing was applied yet. */
async function schemaOf(url: string): Promise<number> {
  if ((await single(url, `select to_regclass('public.migration') as value`)) === null) return 0;
  return Number(await single(url, 'select coalesce(max(version), 0) as value from public.migration'));
}

const logIdOf = async (url: string): Promise<string> => String(await single(url, 'select log_id as value from log_identity order by epoch desc limit 1'));

async function single(url: string, query: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined); // reported by the query in flight
  await client.connect();
  try {
    return (await client.query<{ value: unknown }>(query)).rows[0]?.value;
  } finally {
    await client.end();
  }
}

const NO_DATABASE = '3D000';

function fault(service: string, error: unknown): unknown {
  if (error instanceof Unusable) return error;
  const { code, message } = error as { code?: string; message: string };
  if (code === NO_DATABASE) return new Unusable(`there is no database ${service}: make it, with the role ${service}_app, or let --create do both`);
  return new ApiFault(code ?? 'DATABASE', `${service}: ${message}`);
}
