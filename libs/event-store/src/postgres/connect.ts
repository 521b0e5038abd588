import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database` of the application role. */
  readonly url: string;
  /** The server cuts a statement off after this time; {@link STATEMENT_TIMEOUT_MS} when left out. */
  readonly statementTimeoutMs?: number;
}

export const STATEMENT_TIMEOUT_MS = 30_000;
/** By so much later than the server cuts a statement off, its answer never comes: the line is half-open. */
const LATE_MS = 5_000;
const CLOSE_WITHIN_MS = 2_000;

/** How long a client waits at most for the answer to anything that it asks. */
export const timeLimits = (statementTimeoutMs = STATEMENT_TIMEOUT_MS) => ({ statement_timeout: statementTimeoutMs, query_timeout: statementTimeoutMs + LATE_MS });

/** int8 as number: `seq` stays far below 2^53. Dates as text: no time zone of the process gets in. */
const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') => {
    if (oid === 20) return Number;
    if (oid === 1184 || oid === 1114 || oid === 1082) return (text: string) => text;
    return pg.types.getTypeParser(oid, format);
  }) as typeof pg.types.getTypeParser,
};

/**
 * A client that never ends the process: an error is reported by the query in flight, or by the next one. A pool listens only while
 * a client is idle; one that is lent out, or is about to be, may hear from a dying server when nobody listens. When an answer did
 * not come in time, its session ends: pg alone would give it the next question, behind the one that nobody answers.
 */
export class QuietClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
    const ask = this.query.bind(this) as (...asked: unknown[]) => unknown;
    this.query = ((...asked: unknown[]) => {
      const answer = ask(...asked);
      if (answer instanceof Promise) answer.catch((error: unknown) => { if (isTooLate(error)) void this.end(); });
      return answer;
    }) as pg.Client['query'];
  }
}

const isTooLate = (error: unknown): boolean => error instanceof Error && error.message === 'Query read timeout';

/** No time zone of the machine, and nothing before our tables and functions that the role has put on its own path. */
const SESSION = '-c timezone=UTC -c search_path=pg_catalog,public,pg_temp';

/** Few statements come by here, again and again, on arrays of any length: planned anew for each length, they took a third longer. */
const KEPT_PLANS = '-c plan_cache_mode=force_generic_plan';

export function openPool({ url, statementTimeoutMs }: PostgresOptions, max = 6): pg.Pool {
  const pool = new pg.Pool({ Client: QuietClient, connectionString: url, max, types: typeParsers, ...timeLimits(statementTimeoutMs), connectionTimeoutMillis: 10_000, options: SESSION });
  pool.on('error', () => undefined); // an idle connection died; the next query opens another, and reports if it cannot
  return pool;
}

/**
 * A connection that is opened when it is needed, serves one call at a time, and is dropped at the first error of the wire.
 * `synchronous_commit` says whether a commit on it waits for the disk.
 */
export class Connection {
  private client?: Promise<pg.Client>;
  private listeners: ((what: 'opened' | 'lost') => void)[] = [];
  /** Which run of which server the session is on. */
  server?: string;

  /** `greet` runs on each session before anything else. */
  constructor(private readonly options: PostgresOptions, private readonly synchronousCommit: 'on' | 'off', private readonly greet?: (client: pg.Client) => Promise<void>) {}

  /** Called when a session was opened, and when it was lost: always before another is opened. */
  onChange(listener: (what: 'opened' | 'lost') => void): void {
    this.listeners.push(listener);
  }

  async query<R extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<R[]> {
    const opened = this.open();
    const client = await opened;
    try {
      return (await client.query<R>(query)).rows;
    } catch (error) {
      if (isTooLate(error)) this.drop(opened);
      throw error;
    }
  }

  /** Waits no longer than two seconds for the other side to say goodbye. */
  async close(): Promise<void> {
    const open = this.client;
    this.client = undefined;
    this.listeners = [];
    await Promise.race([open?.then((client) => client.end()).catch(() => undefined), pause(CLOSE_WITHIN_MS, undefined, { ref: false })]);
  }

  open(): Promise<pg.Client> {
    if (this.client) return this.client;
    const client = new QuietClient({
      connectionString: this.options.url, types: typeParsers, ...timeLimits(this.options.statementTimeoutMs), keepAlive: true, connectionTimeoutMillis: 10_000,
      options: `-c synchronous_commit=${this.synchronousCommit} ${KEPT_PLANS} ${SESSION}`,
    });
    const opened = client.connect().then(() => this.greet?.(client)).then(() => primaryOf(client)).then(
      (server) => {
        this.server = server;
        this.changed('opened');
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
    this.changed('lost');
    void opened.then((client) => client.end()).catch(() => undefined);
  }

  /** Ends the session; the next call opens another. */
  reset(): void {
    this.drop(this.client);
  }

  private changed(what: 'opened' | 'lost'): void {
    for (const listener of this.listeners) listener(what);
  }
}

/** Refuses a standby, whose sessions would outlive its promotion. */
async function primaryOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ server: string; standby: boolean }>('select pg_postmaster_start_time()::text as server, pg_is_in_recovery() as standby');
  if (rows[0]?.standby !== false) throw Object.assign(new Error('the server is a standby: it takes no writes'), { code: '57P03' });
  return rows[0].server;
}
