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

/** What a batch has read and changed, over all tables of a projection, in one transaction of `client`. */
export class Batch {
  private readonly sets = new Map<Table, Rows<object>>();

  constructor(private readonly client: pg.ClientBase, private readonly source: DataSource) {}

  readonly rows: RowSets = <T extends object>(table: Table<T>): RowSet<T> => {
    const known = this.sets.get(table) ?? new Rows<object>(this.client, this.source.getMetadata(table));
    this.sets.set(table, known);
    return known as unknown as RowSet<T>;
  };

  async write(): Promise<void> {
    for (const set of this.sets.values()) await set.write();
  }
}

class Rows<T extends object> implements RowSet<T> {
  private readonly known = new Map<string, T | undefined>();
  private readonly changed = new Map<string, T | undefined>();

  constructor(private readonly client: pg.ClientBase, private readonly metadata: EntityMetadata) {}

  async load(keys: readonly Partial<T>[]): Promise<void> {
    const missing = new Map(keys.map((key) => [this.keyOf(key), key]));
    for (const key of missing.keys()) if (this.known.has(key)) missing.delete(key);
    if (missing.size === 0) return;
    const primary = this.primary.map((column) => `${quote(column)}`);
    const { rows } = await this.client.query<T & object>(
      `select t.* from ${this.table} t join json_populate_recordset(null::${this.table}, $1) k using (${primary.join(', ')})`,
      [JSON.stringify([...missing.values()])],
    );
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

  async write(): Promise<void> {
    const upserts = [...this.changed.values()].filter((row) => row !== undefined);
    const removed = [...this.changed].filter(([, row]) => row === undefined).map(([key]) => JSON.parse(key) as string[]);
    const columns = this.metadata.columns.map((column) => quote(column.databaseName));
    const primary = this.primary.map(quote);
    if (upserts.length > 0) {
      const others = columns.filter((column) => !primary.includes(column));
      const update = others.length === 0 ? 'nothing' : `update set ${others.map((column) => `${column} = excluded.${column}`).join(', ')}`;
      await this.client.query(
        `insert into ${this.table} (${columns.join(', ')}) select ${columns.join(', ')} from json_populate_recordset(null::${this.table}, $1)
         on conflict (${primary.join(', ')}) do ${update}`,
        [JSON.stringify(upserts)],
      );
    }
    if (removed.length > 0) {
      const keys = removed.map((values) => Object.fromEntries(this.primary.map((column, index) => [column, values[index]])));
      const same = primary.map((column) => `t.${column} = k.${column}`).join(' and ');
      await this.client.query(`delete from ${this.table} t using json_populate_recordset(null::${this.table}, $1) k where ${same}`, [JSON.stringify(keys)]);
    }
    this.changed.clear();
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

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
