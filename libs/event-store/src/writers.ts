import type pg from 'pg';
import type { PostgresOptions } from './postgres/connect.js';
import { QuietClient } from './postgres/connect.js';

const TRY_EVERY_MS = 500;
/** A lock is had or not at once: a later answer does not come. */
const ANSWER_WITHIN_MS = 5_000;

/**
 * Which read models this process may write: of the processes of a service, one writes each. Who it is, is held as a session lock
 * on one connection, so a process that dies lets go at once. A lock can be lost without notice; what is written twice is told
 * apart by the checkpoint, which moves only from where the writer read it.
 */
export class Writers {
  private client?: Promise<pg.Client>;
  private last: Promise<unknown> = Promise.resolve();
  private readonly held = new Set<string>();
  private readonly tried = new Map<string, number>();

  constructor(private readonly options: PostgresOptions) {}

  /** Whether this process is the one that writes `schema`; it becomes the one when nobody is. */
  async mayWrite(schema: string): Promise<boolean> {
    if (this.held.has(schema)) return true;
    if (performance.now() - (this.tried.get(schema) ?? -TRY_EVERY_MS) < TRY_EVERY_MS) return false;
    this.tried.set(schema, performance.now());
    if (await this.ask('pg_try_advisory_lock', schema)) this.held.add(schema);
    return this.held.has(schema);
  }

  async letGo(schema: string): Promise<void> {
    this.tried.delete(schema);
    if (this.held.delete(schema)) await this.ask('pg_advisory_unlock', schema);
  }

  async close(): Promise<void> {
    const { client } = this;
    this.lost(client);
    await client?.then((open) => open.end()).catch(() => undefined);
  }

  /** One after another: the connection serves one call at a time. */
  private ask(what: string, schema: string): Promise<boolean> {
    const answer = this.last.then(async () => {
      const open = (this.client ??= this.connect());
      const { rows } = await (await open).query<{ done: boolean }>(`select ${what}(hashtextextended('touchstone.writer:' || $1, 0)) as done`, [schema]);
      return rows[0]?.done === true && this.client === open;
    });
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private connect(): Promise<pg.Client> {
    // The server learns within seconds, not hours, that the machine of whoever holds a lock is gone.
    const client = new QuietClient({
      connectionString: this.options.url, query_timeout: ANSWER_WITHIN_MS, keepAlive: true, connectionTimeoutMillis: 10_000,
      options: '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3',
    });
    const opened = client.connect().then(() => client, (error: unknown) => {
      this.lost(opened);
      throw error;
    });
    // Both may come, the second when a successor is already open.
    client.on('error', () => this.lost(opened));
    client.on('end', () => this.lost(opened));
    return opened;
  }

  private lost(opened: Writers['client']): void {
    if (this.client !== opened) return;
    this.client = undefined;
    this.held.clear();
  }
}
