import pg from 'pg';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database` of the application role. */
  readonly url: string;
  /** Statements of a pool connection are cut off after this time. */
  readonly statementTimeoutMs?: number;
}

/** Which run of which server a connection talks to: a flush proves something only about appends made under the same one. */
export interface ServerIdentity {
  readonly startedAt: string;
  readonly timeline: string;
}

export const sameServer = (a: ServerIdentity, b: ServerIdentity): boolean => a.startedAt === b.startedAt && a.timeline === b.timeline;

/** int8 as number: `seq` stays far below 2^53. Dates as text: no time zone of the process gets in. */
const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') => {
    if (oid === 20) return Number;
    if (oid === 1184 || oid === 1114 || oid === 1082) return (text: string) => text;
    return pg.types.getTypeParser(oid, format);
  }) as typeof pg.types.getTypeParser,
};

export function openPool({ url, statementTimeoutMs = 30_000 }: PostgresOptions, max = 6): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max, types: typeParsers, statement_timeout: statementTimeoutMs, connectionTimeoutMillis: 10_000, options: '-c timezone=UTC' });
  pool.on('connect', (client) => client.on('error', () => undefined)); // reported by the query in flight, also on a client that is lent out
  pool.on('error', () => undefined); // an idle connection died; the next query opens another, and reports if it cannot
  return pool;
}

/**
 * A connection that is opened when it is needed, serves one call at a time, and is dropped at the first error of the wire.
 * `synchronous_commit` says whether a commit on it waits for the disk.
 */
export class Connection {
  private client?: Promise<{ client: pg.Client; server: ServerIdentity }>;
  private lost: (() => void)[] = [];
  /** The server of the last call; kept when the connection breaks, so that a restart in between is noticed. */
  lastServer?: ServerIdentity;

  constructor(private readonly options: PostgresOptions, private readonly synchronousCommit: 'on' | 'off') {}

  onLost(listener: () => void): void {
    this.lost.push(listener);
  }

  async query<R extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<{ rows: R[]; server: ServerIdentity }> {
    const { client, server } = await this.open();
    const { rows } = await client.query<R>(text, values);
    this.lastServer = server;
    return { rows, server };
  }

  /** True while the connection that served the last call still stands. */
  get alive(): boolean {
    return this.client !== undefined;
  }

  async close(): Promise<void> {
    const open = this.client;
    this.client = undefined;
    this.lost = [];
    await open?.then(({ client }) => client.end()).catch(() => undefined);
  }

  private open(): Promise<{ client: pg.Client; server: ServerIdentity }> {
    if (this.client) return this.client;
    const client = new pg.Client({
      connectionString: this.options.url, types: typeParsers, keepAlive: true, connectionTimeoutMillis: 10_000,
      options: `-c synchronous_commit=${this.synchronousCommit} -c timezone=UTC`,
    });
    const opened = this.connect(client).catch((error: unknown) => {
      this.drop(opened);
      void client.end().catch(() => undefined);
      throw error;
    });
    // Both may come, the second when a successor is already open: each takes down its own connection only.
    client.on('error', () => this.drop(opened));
    client.on('end', () => this.drop(opened));
    return (this.client = opened);
  }

  private async connect(client: pg.Client) {
    await client.connect();
    const { rows } = await client.query<{ started_at: string; timeline: string }>(
      'select pg_postmaster_start_time()::text as started_at, timeline_id::text as timeline from pg_control_checkpoint()',
    );
    const [row] = rows;
    if (!row) throw new Error('the server did not say when it was started');
    return { client, server: { startedAt: row.started_at, timeline: row.timeline } };
  }

  private drop(opened: Connection['client']): void {
    if (!this.client || this.client !== opened) return;
    this.client = undefined;
    for (const listener of this.lost) listener();
  }
}
