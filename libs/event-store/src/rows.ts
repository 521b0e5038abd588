import { createHash } from 'node:crypto';
import type { DataSource, EntityMetadata } from 'typeorm';
import type pg from 'pg';
import type { Table } from './projection.js';

/** The rows of one table within a batch: loaded once, changed in memory, written at the end. */
export interface RowSet<T extends object> {
  /** Fetches the rows with these keys (the primary columns) that are not in memory yet. One query. */
  load(keys: readonly Partial<T>[]): Promise<void>;
  /** A loaded or new row. Keys that were never loaded throw: reading past the batch would hide a missing `load`. */
  get(key: Partial<T>): T | undefined;
  put(row: T): void;
  remove(key: Partial<T>): void;
}

export type RowSets = <T extends object>(table: Table<T>) => RowSet<T>;

/** Part of the one statement that a batch becomes. */
interface Change {
  readonly sql: (parameter: number) => string;
  readonly value: string;
}

/**
 * What a batch has read and changed, over all tables of a projection. It is written with its checkpoint in one statement: all of
 * it or nothing, and one round trip. The disk is not waited for: a crash takes the last batches whole, and they are folded again.
 */
export class Batch {
  private readonly sets = new Map<Table, Rows<object>>();

  constructor(private readonly pool: pg.Pool, private readonly source: DataSource) {}

  readonly rows: RowSets = <T extends object>(table: Table<T>): RowSet<T> => {
    const known = this.sets.get(table) ?? new Rows<object>(this.pool, this.source.getMetadata(table));
    this.sets.set(table, known);
    return known as unknown as RowSet<T>;
  };

  /** Moves the checkpoint `name` from `before` to `after` with the changes; false, and nothing written, when it stood elsewhere. */
  async write(name: string, before: number, after: number): Promise<boolean> {
    const changes = [...this.sets.values()].flatMap((set) => set.changes());
    const parts = changes.map(({ sql }, index) => `c${index} as (${sql(index + 4)})`);
    try {
      await this.pool.query(prepared(
        `with moved as (update checkpoint set seq = $3 where name = $1 and seq = $2 returning 1)${parts.map((part) => `, ${part}`).join('')}
         select 1 / count(*), set_config('synchronous_commit', 'off', true) from moved`, // none moved: the division fails, and with it the whole statement
        [name, before, after, ...changes.map(({ value }) => value)],
      ));
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === '22012') return false;
      throw error;
    }
  }
}

class Rows<T extends object> implements RowSet<T> {
  private readonly known = new Map<string, T | undefined>();
  private readonly changed = new Map<string, T | undefined>();

  constructor(private readonly pool: pg.Pool, private readonly metadata: EntityMetadata) {}

  async load(keys: readonly Partial<T>[]): Promise<void> {
    const missing = new Map(keys.map((key) => [this.keyOf(key), key]));
    for (const key of missing.keys()) if (this.known.has(key)) missing.delete(key);
    if (missing.size === 0) return;
    const primary = this.primary.map((column) => `${quote(column)}`);
    const { rows } = await this.pool.query<T & object>(prepared(
      `select t.* from ${this.table} t join json_populate_recordset(null::${this.table}, $1) k using (${primary.join(', ')})`,
      [JSON.stringify([...missing.values()])],
    ));
    for (const key of missing.keys()) this.known.set(key, undefined);
    for (const row of rows) this.known.set(this.keyOf(row), row);
  }

  get(key: Partial<T>): T | undefined {
    const name = this.keyOf(key);
    if (!this.known.has(name)) throw new Error(`${this.table}: row ${name} was not loaded`);
    return this.known.get(name);
  }

  put(row: T): void {
    const name = this.keyOf(row);
    this.known.set(name, row);
    this.changed.set(name, row);
  }

  remove(key: Partial<T>): void {
    const name = this.keyOf(key);
    this.known.set(name, undefined);
    this.changed.set(name, undefined);
  }

  changes(): Change[] {
    const upserts = [...this.changed.values()].filter((row) => row !== undefined);
    const removed = [...this.changed].filter(([, row]) => row === undefined).map(([key]) => JSON.parse(key) as string[]);
    const columns = this.metadata.columns.map((column) => quote(column.databaseName));
    const primary = this.primary.map(quote);
    const others = columns.filter((column) => !primary.includes(column));
    const update = others.length === 0 ? 'nothing' : `update set ${others.map((column) => `${column} = excluded.${column}`).join(', ')}`;
    const same = primary.map((column) => `t.${column} = k.${column}`).join(' and ');
    const upsert: Change = {
      sql: (n) => `insert into ${this.table} (${columns.join(', ')}) select ${columns.join(', ')} from json_populate_recordset(null::${this.table}, $${n})
        on conflict (${primary.join(', ')}) do ${update}`,
      value: JSON.stringify(upserts),
    };
    const removal: Change = {
      sql: (n) => `delete from ${this.table} t using json_populate_recordset(null::${this.table}, $${n}) k where ${same}`,
      value: JSON.stringify(removed.map((values) => Object.fromEntries(this.primary.map((column, index) => [column, values[index]])))),
    };
    return [...(upserts.length > 0 ? [upsert] : []), ...(removed.length > 0 ? [removal] : [])];
  }

  private get table(): string {
    return this.metadata.tablePath.split('.').map(quote).join('.');
  }

  private get primary(): string[] {
    return this.metadata.primaryColumns.map((column) => column.databaseName);
  }

  private keyOf(row: Partial<T>): string {
    return JSON.stringify(this.primary.map((column) => String((row as Record<string, unknown>)[column])));
  }
}

const names = new Map<string, string>();

/** The statement under a name made of its text: parsed and planned once a connection. Few texts exist: one a table and kind of change. */
function prepared(text: string, values: unknown[]): pg.QueryConfig {
  const name = names.get(text) ?? createHash('sha256').update(text).digest('hex').slice(0, 40);
  names.set(text, name);
  return { name, text, values };
}

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
