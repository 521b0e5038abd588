import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { RecordedEvent } from '@touchstone/kernel';
import type { LogFeed } from './log-feed.js';
import { Follower } from './follower.js';
import type { Projection } from './projection.js';
import { schemaOf } from './projection.js';
import { Batch, quote } from './rows.js';

export interface ReadModelOptions {
  readonly pool: pg.Pool;
  readonly url: string;
  readonly feed: LogFeed;
}

const CHECKPOINT_EVERY = 2_000;
const LINGER_MS = 4;

/** A projection at work: its schema, the follower that fills it, and the TypeORM manager that queries it. */
export class ReadModel {
  readonly follower: Follower;
  private readonly source: DataSource;
  private readonly wanted: ReadonlySet<string>;
  private written = 0;

  /** `schema` differs from the projection's own only while it is rebuilt beside the live one. */
  constructor(readonly projection: Projection, private readonly options: ReadModelOptions, readonly schema = schemaOf(projection)) {
    this.wanted = new Set(projection.on);
    this.source = new DataSource({
      type: 'postgres', url: options.url, schema, entities: [...projection.tables], synchronize: false, poolSize: 3,
      extra: { options: '-c timezone=UTC', idleTimeoutMillis: 10_000 },
    });
    this.follower = new Follower({ name: schema, feed: options.feed, lingerMs: LINGER_MS, start: () => this.checkpoint(), handle: (events) => this.handle(events) });
  }

  get manager(): EntityManager {
    return this.source.manager;
  }

  async open(): Promise<void> {
    await this.source.initialize();
    const { rows } = await this.options.pool.query('select from checkpoint where name = $1', [this.schema]);
    if (rows.length > 0) return;
    const statements = [`drop schema if exists ${quote(this.schema)} cascade`, `create schema ${quote(this.schema)}`, ...this.tables()];
    await this.inTransaction(async (client) => {
      await client.query(statements.join(';\n'));
      await client.query('insert into checkpoint values ($1, 0)', [this.schema]);
    });
  }

  async close(): Promise<void> {
    await this.follower.stop();
    if (this.source.isInitialized) await this.source.destroy();
  }

  async drop(): Promise<void> {
    await this.close();
    await this.inTransaction(async (client) => {
      await client.query(`drop schema if exists ${quote(this.schema)} cascade`);
    });
  }

  /** SHA-256 over every column of every row, as text in key order (UTC, C collation). Equal states have equal hashes. */
  async hash(): Promise<string> {
    const parts = this.source.entityMetadatas.toSorted((a, b) => (a.tableName < b.tableName ? -1 : 1)).map((metadata) => {
      const columns = metadata.columns.map((column) => quote(column.databaseName)).join(', ');
      const order = metadata.primaryColumns.map((column) => `${quote(column.databaseName)}::text collate "C"`).join(', ');
      return `select '${metadata.tableName}' || coalesce(string_agg(row(${columns})::text, E'\\n' order by ${order}), '') as part from ${quote(this.schema)}.${quote(metadata.tableName)}`;
    });
    const { rows } = await this.options.pool.query<{ hash: string }>(
      `select encode(sha256(convert_to(string_agg(part, E'\\n' order by part collate "C"), 'UTF8')), 'hex') as hash from (${parts.join(' union all ')}) parts`,
    );
    return rows[0]?.hash ?? '';
  }

  async checkpoint(): Promise<number> {
    const { rows } = await this.options.pool.query<{ seq: number }>('select seq from checkpoint where name = $1', [this.schema]);
    this.written = rows[0]?.seq ?? 0;
    return this.written;
  }

  private async handle(events: readonly RecordedEvent[]): Promise<void> {
    const mine = events.filter((event) => this.wanted.has(event.type));
    const last = events.at(-1)?.seq ?? 0;
    if (mine.length === 0 && last - this.written < CHECKPOINT_EVERY) return;
    const batch = new Batch(this.options.pool, this.source);
    if (mine.length > 0) await this.projection.apply(mine, batch.rows);
    if (!(await batch.write(this.schema, this.written, last))) throw new Error(`${this.schema}: another process moved the checkpoint from ${this.written}`);
    this.written = last;
  }

  private async inTransaction(job: (client: pg.PoolClient) => Promise<void>): Promise<void> {
    const client = await this.options.pool.connect();
    try {
      await client.query('begin');
      await job(client);
      await client.query('commit');
      client.release();
    } catch (error) {
      client.release(true); // the connection goes, and with it the transaction
      throw error;
    }
  }

  /** DDL from the entities. What would differ from one building to the next is refused: defaults, serials, floats, clocks. */
  private tables(): string[] {
    return this.source.entityMetadatas.flatMap((metadata) => {
      const columns = metadata.columns.map((column) => {
        const type = this.source.driver.normalizeType(column) + (column.isArray ? '[]' : '');
        if (column.isGenerated || column.default !== undefined || column.isCreateDate || column.isUpdateDate || /float|real|double|serial/.test(type)) {
          throw new Error(`${metadata.tableName}.${column.databaseName}: a read model takes no default, generated, clock or float column`);
        }
        return `${quote(column.databaseName)} ${type}${/text|varchar|character/.test(type) && !column.isArray ? ' collate "C"' : ''}${column.isNullable ? '' : ' not null'}`;
      });
      const primary = metadata.primaryColumns.map((column) => quote(column.databaseName)).join(', ');
      const table = `${quote(this.schema)}.${quote(metadata.tableName)}`;
      const indices = metadata.indices.map((index) => `create index on ${table} (${index.columns.map((column) => quote(column.databaseName)).join(', ')})`);
      return [`create table ${table} (${columns.join(', ')}, primary key (${primary}))`, ...indices];
    });
  }
}
