import pg from 'pg';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database` of the application role. */
  readonly url: string;
  /** Statements of a pool connection are cut off after this time. */
  readonly statementTimeoutMs?: number;
}

/** int8 as number: `seq` stays far below 2^53. Dates as text: no time zone of the process gets in. */
const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') => {
    if (oid === 20) return Number;
    if (oid === 1184 || oid === 1114 || oid === 1082) return (text: string) => text;
    return pg.types.getTypeParser(oid, format);
  }) as typeof pg.types.getTypeParser,
};

/**
 * A client of a pool that never ends the process: an error is reported by the query in flight, or by the next one. A pool listens
 * only while a client is idle; one that is lent out, or is about to be, may hear from a dying server when nobody listens.
 */
export class QuietClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/** No time zone of the machine, and nothing before our tables and functions that the role has put on its own path. */
const SESSION = '-c timezone=UTC -c search_path=pg_catalog,public,pg_temp';

export function openPool({ url, statementTimeoutMs = 30_000 }: PostgresOptions, max = 6): pg.Pool {
  const pool = new pg.Pool({ Client: QuietClient, connectionString: url, max, types: typeParsers, statement_timeout: statementTimeoutMs, connectionTimeoutMillis: 10_000, options: SESSION });
  pool.on('error', () => undefined); // an idle connection died; the next query opens another, and reports if it cannot
  return pool;
}

/**
 * A connection that is opened when it is needed, serves one call at a time, and is dropped at the first error of the wire.
 * `synchronous_commit` says whether a commit on it waits for the disk.
 */
export class Connection {
  private client?: Promise<pg.Client>;
  private listeners: (() => void)[] = [];
  /** Which run of which server the session is on. */
  server?: string;

  /** `greet` runs on each session before anything else. */
  constructor(private readonly options: PostgresOptions, private readonly synchronousCommit: 'on' | 'off', private readonly greet?: (client: pg.Client) => Promise<void>) {}

  /** Called when a session was opened, and when it was lost: always before another is opened. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  async query<R extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<R[]> {
    const client = await this.open();
    return (await client.query<R>(query)).rows;
  }

  async close(): Promise<void> {
    const open = this.client;
    this.client = undefined;
    this.listeners = [];
    await open?.then((client) => client.end()).catch(() => undefined);
  }

  open(): Promise<pg.Client> {
    if (this.client) return this.client;
    const client = new pg.Client({
      connectionString: this.options.url, types: typeParsers, keepAlive: true, connectionTimeoutMillis: 10_000,
      options: `-c synchronous_commit=${this.synchronousCommit} ${SESSION}`,
    });
    const opened = client.connect().then(() => this.greet?.(client)).then(() => primaryOf(client)).then(
      (server) => {
        this.server = server;
        this.changed();
        return client;
      },
      (error: unknown) => {
        this.drop(opened);
        void client.end().catch(() => undefined);
        throw error;
      },
    );
    // Both may come, the second when a successor is already open: each takes down its own connection only.
    client.on('error', () => this.drop(opened));
    client.on('end', () => this.drop(opened));
    // A commit whose wait for a standby was called off is reported as done, with a warning: it proves nothing.
    client.on('notice', ({ code }) => {
      if (code?.startsWith('01')) this.drop(opened);
    });
    return (this.client = opened);
  }

  private drop(opened: Connection['client']): void {
    if (!this.client || this.client !== opened) return;
    this.client = undefined;
    this.changed();
    void opened.then((client) => client.end()).catch(() => undefined);
  }

  /** Ends the session; the next call opens another. */
  reset(): void {
    this.drop(this.client);
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Refuses a standby, whose sessions would outlive its promotion. */
async function primaryOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ server: string; standby: boolean }>('select pg_postmaster_start_time()::text as server, pg_is_in_recovery() as standby');
  if (rows[0]?.standby !== false) throw Object.assign(new Error('the server is a standby: it takes no writes'), { code: '57P03' });
  return rows[0].server;
}
