import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { Entry, LogFeed } from './log-feed.js';
import { Follower, pause } from './follower.js';
import { QuietClient, timeLimits } from './postgres/connect.js';
import type { Projection } from './projection.js';
import { schemaOf } from './projection.js';
import { inTransaction } from './postgres/transaction.js';
import { Batch, quote } from './rows.js';

export interface ReadModelOptions {
  readonly pool: pg.Pool;
  readonly url: string;
  readonly feed: LogFeed;
  /** Whether this process writes the schema; it does, when left out. One that does not follows the checkpoint of the one that does. */
  readonly mayWrite?: (schema: string) => Promise<boolean>;
  /** Whether a schema that is not there may be made, asked in the transaction that makes it; it may, when left out. */
  readonly mayCreate?: (client: pg.PoolClient, schema: string) => Promise<boolean>;
  /** Called when the schema turns out to be retired. */
  readonly onRetired?: () => void;
}

/** The schema was replaced by another generation, or was never made: nothing is written to it any more. */
export class SchemaRetired extends Error {
  readonly code = 'SCHEMA_RETIRED';
}

/** A checkpoint that moves over events nobody wanted is written once in so many events. */
const CHECKPOINT_EVERY = 2_000;
const LINGER_MS = 4;
const LOOK_AGAIN_MS = 15;

/** A projection at work in one schema: the follower that fills it, and the TypeORM manager that queries it. */
export class ReadModel {
  readonly follower: Follower<Entry>;
  private readonly source: DataSource;
  private readonly wanted: (entries: readonly Entry[]) => readonly Entry[];
  private written = 0;
  private writes: boolean;
  private closing?: Promise<void>;

  /** `schema` differs from the projection's own where generations stand beside each other. */
  constructor(readonly projection: Projection, private readonly options: ReadModelOptions, readonly schema = schemaOf(projection)) {
    const { feed, url, mayWrite } = options;
    this.wanted = feed.sieve(projection.on);
    this.writes = mayWrite === undefined;
    this.source = new DataSource({
      type: 'postgres', url, schema, entities: [...projection.tables], synchronize: false, poolSize: 3,
      extra: { Client: QuietClient, ...timeLimits(), options: '-c timezone=UTC', idleTimeoutMillis: 10_000 },
    });
    this.follower = new Follower({
      name: schema, lingerMs: LINGER_MS, start: () => this.start(), handle: (page, signal) => this.handle(page, signal),
      feed: { read: (seq) => feed.entries(seq), changed: (signal, seq) => feed.changed(signal, seq), get epoch() { return feed.epoch; } },
    });
  }

  get manager(): EntityManager {
    return this.source.manager;
  }

  /** Moves when the tables or the text of the projection move: what was begun by another text is not continued. */
  get fingerprint(): string {
    const { on, apply } = this.projection;
    return createHash('sha256').update(JSON.stringify([on, this.tables('').sort(), String(apply), this.options.feed.upcasting.hash])).digest('hex');
  }

  /** Connects, and makes the schema with its tables when there is none yet. */
  async open(): Promise<void> {
    if (!this.source.isInitialized) await this.source.initialize();
    await inTransaction(this.options.pool, async (client) => {
      if (!((await this.options.mayCreate?.(client, this.schema)) ?? true)) return;
      const { rows } = await client.query('select from checkpoint where name = $1', [this.schema]);
      if (rows.length > 0) return;
      const schema = quote(this.schema);
      await client.query([`drop schema if exists ${schema} cascade`, `create schema ${schema}`, ...this.tables(`${schema}.`)].join(';\n'));
      await client.query('insert into checkpoint values ($1, 0)', [this.schema]);
    });
  }

  close(): Promise<void> {
    return (this.closing ??= this.end().finally(() => {
      this.closing = undefined;
    }));
  }

  async drop(): Promise<void> {
    await this.close();
    await inTransaction(this.options.pool, (client) => dropSchema(client, this.schema));
  }

  /** SHA-256 over every column of every row, as text in key order (UTC, C collation). Equal states have equal hashes. */
  async hash(): Promise<string> {
    return (await this.state()).hash;
  }

  /** The hash, and the position in the log at which it holds; both of one moment, while others go on writing. */
  async state(): Promise<{ seq: number; hash: string }> {
    const passed = this.follower.position;
    return inTransaction(this.options.pool, async (client) => {
      await client.query('set transaction isolation level repeatable read, read only');
      const seq = await this.checkpoint(client);
      const { rows } = await client.query<{ hash: string }>(
        `select encode(sha256(convert_to(string_agg(part, E'\\n' order by part collate "C"), 'UTF8')), 'hex') as hash from (${this.parts().join(' union all ')}) parts`,
      );
      return { seq: Math.max(seq, passed), hash: rows[0]?.hash ?? '' }; // what was passed without a checkpoint changed nothing
    });
  }

  /** The position on disk. Throws {@link SchemaRetired}. */
  async checkpoint(client: Pick<pg.PoolClient, 'query'> = this.options.pool): Promise<number> {
    const { rows } = await client.query<{ seq: number }>('select seq from checkpoint where name = $1', [this.schema]);
    if (rows[0]) return rows[0].seq;
    this.options.onRetired?.();
    throw new SchemaRetired(`${this.schema} is retired`);
  }

  /** Writes the position that was reached without a change. The follower must stand still. */
  async flush(): Promise<void> {
    if (this.follower.position > this.written) await this.write(new Batch(this.options.pool, this.source), this.follower.position);
  }

  private async end(): Promise<void> {
    await this.follower.stop();
    if (this.source.isInitialized) await this.source.destroy();
  }

  private async start(): Promise<number> {
    return (this.written = await this.checkpoint());
  }

  private async handle(page: readonly Entry[], signal: AbortSignal): Promise<void | 'again'> {
    const { feed } = this.options;
    const { epoch } = feed;
    const mine = this.wanted(page);
    const last = page.at(-1)?.seq ?? 0;
    if ((await this.mayWrite()) !== this.writes) {
      this.writes = !this.writes;
      return 'again'; // another may have written since the page was read
    }
    if (!this.writes) return this.written >= last || mine.length === 0 ? undefined : this.writtenByAnother(mine.at(-1)?.seq ?? 0, signal);
    if (mine.length === 0 && last - this.written < CHECKPOINT_EVERY) return undefined;
    const onDisk = feed.durable(last, epoch); // while the rows are folded; nothing is shown that a crash could take out of the log
    onDisk.catch(() => undefined); // met below
    const batch = new Batch(this.options.pool, this.source);
    if (mine.length > 0) await this.projection.apply(await Promise.all(mine.map((entry) => entry.decoded())), batch.rows);
    await onDisk;
    await this.write(batch, last);
    return undefined;
  }

  private mayWrite(): boolean | Promise<boolean> {
    return this.options.mayWrite?.(this.schema) ?? true;
  }

  private async write(batch: Batch, seq: number): Promise<void> {
    if (!(await batch.write(this.schema, this.written, seq))) {
      await this.checkpoint();
      throw new Error(`${this.schema}: another process moved the checkpoint from ${this.written}`);
    }
    this.written = seq;
  }

  /** Resolves when the process that writes has got there, or has gone and left the writing to this one. */
  private async writtenByAnother(seq: number, signal: AbortSignal): Promise<void | 'again'> {
    while (!signal.aborted) {
      this.written = await this.checkpoint();
      if (this.written >= seq) return undefined;
      if (await this.mayWrite()) return 'again';
      await pause(LOOK_AGAIN_MS, signal);
    }
    return 'again';
  }

  private parts(): string[] {
    return this.source.entityMetadatas.toSorted((a, b) => (a.tableName < b.tableName ? -1 : 1)).map((metadata) => {
      const columns = metadata.columns.map((column) => quote(column.databaseName)).join(', ');
      const order = metadata.primaryColumns.map((column) => `${quote(column.databaseName)}::text collate "C"`).join(', ');
      return `select '${metadata.tableName}' || coalesce(string_agg(row(${columns})::text, E'\\n' order by ${order}), '') as part from ${quote(this.schema)}.${quote(metadata.tableName)}`;
    });
  }

  /** DDL from the entities. What would differ from one building to the next is refused: defaults, serials, floats, clocks. */
  private tables(prefix: string): string[] {
    return this.source.entityMetadatas.flatMap((metadata) => {
      const columns = metadata.columns.map((column) => {
        const type = this.source.driver.normalizeType(column) + (column.isArray ? '[]' : '');
        if (column.isGenerated || column.default !== undefined || column.isCreateDate || column.isUpdateDate || /float|real|double|serial/.test(type)) {
          throw new Error(`${metadata.tableName}.${column.databaseName}: a read model takes no default, generated, clock or float column`);
        }
        return `${quote(column.databaseName)} ${type}${/text|varchar|character/.test(type) && !column.isArray ? ' collate "C"' : ''}${column.isNullable ? '' : ' not null'}`;
      });
      const primary = metadata.primaryColumns.map((column) => quote(column.databaseName)).join(', ');
      const table = `${prefix}${quote(metadata.tableName)}`;
      const indices = metadata.indices.map((index) => `create index on ${table} (${index.columns.map((column) => quote(column.databaseName)).join(', ')})`);
      return [`create table ${table} (${columns.join(', ')}, primary key (${primary}))`, ...indices];
    });
  }
}

/** A schema and its checkpoint, in the client's transaction. */
export async function dropSchema(client: pg.PoolClient, schema: string): Promise<void> {
  await client.query(`drop schema if exists ${quote(schema)} cascade`);
  await client.query('delete from checkpoint where name = $1', [schema]);
}
