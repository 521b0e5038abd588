import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { BIGINT, DuckDBDataChunk, DuckDBInstance, INTEGER, VARCHAR } from '@duckdb/node-api';
import type { StoredEvent } from '@touchstone/event-store';
import type { Part } from './folder.js';
import { workshop } from './folder.js';
import type { Selection } from './manifest.js';

const COLUMNS = [BIGINT, VARCHAR, VARCHAR, VARCHAR, INTEGER, VARCHAR, VARCHAR];
/** Rows of one chunk of DuckDB. */
const CHUNK = 2_048;
/** Parts that one statement writes. */
const OPEN_PARTS = 100;
/** Beyond it, DuckDB works on disk. */
const MEMORY_LIMIT = '512MB';

/**
 * The columns of every file. Ids stay text, since not every reader of Parquet knows UUIDs; decimals stay text inside `body`, which
 * is the stored text byte for byte. `service`, `type` and `day` are in the path.
 */
const FILE_COLUMNS = `seq, id, stream, version,
  (meta->>'$.recordedAt')::timestamptz as recorded_at, (meta->>'$.occurredAt')::timestamptz as occurred_at, meta->>'$.actor' as actor,
  meta->>'$.causationId' as causation_id, meta->>'$.correlationId' as correlation_id, body, meta`;
/** Times are ISO 8601 in UTC: the day is their beginning. */
const DAY = `left(meta->>'$.recordedAt', 10)`;

/** A part, written and not yet under its name. */
export interface WrittenPart extends Part {
  readonly staged: string;
  readonly events: number;
}

/** Without network, extensions of others or settings of the user: only what is built in. One thread: files are the same each time. */
export const plainDuckDB = (settings: Readonly<Record<string, string>> = {}): Promise<DuckDBInstance> =>
  DuckDBInstance.create(':memory:', { threads: '1', autoinstall_known_extensions: 'false', autoload_known_extensions: 'false', ...settings });

export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Events in a table in memory, and from there into files: a few at a time, so that no export needs more memory than another. */
export class Batch {
  private appender?: DuckDBAppender;

  private constructor(private readonly instance: DuckDBInstance, private readonly connection: DuckDBConnection, private readonly folder: string) {}

  static async open(folder: string): Promise<Batch> {
    const spill = workshop(folder, 'spill');
    mkdirSync(spill, { recursive: true });
    const instance = await plainDuckDB({ memory_limit: MEMORY_LIMIT, temp_directory: spill });
    const connection = await instance.connect();
    // One file a partition, whatever their number: nothing is written before all is there.
    await connection.run('set partitioned_write_flush_threshold = 1000000000');
    return new Batch(instance, connection, folder);
  }

  async begin(): Promise<void> {
    await this.connection.run('create or replace table batch (seq bigint, id varchar, type varchar, stream varchar, version integer, body varchar, meta varchar)');
    this.appender = await this.connection.createAppender('batch');
  }

  append(events: readonly StoredEvent[]): void {
    for (let from = 0; from < events.length; from += CHUNK) {
      const some = events.slice(from, from + CHUNK);
      const chunk = DuckDBDataChunk.create(COLUMNS, some.length);
      chunk.setColumnValues(0, some.map(({ seq }) => BigInt(seq)));
      for (const [index, name] of (['id', 'type', 'stream', 'version', 'body', 'meta'] as const).entries()) chunk.setColumnValues(index + 1, some.map((event) => event[name]));
      this.appender?.appendDataChunk(chunk);
    }
  }

  /** Files of what was appended, one a type and day, where nobody looks for them yet. */
  async write(service: string, { from, to }: Selection): Promise<readonly WrittenPart[]> {
    this.appender?.closeSync();
    const stage = workshop(this.folder, 'parts');
    rmSync(stage, { recursive: true, force: true });
    mkdirSync(stage, { recursive: true });
    const within = [...(from === undefined ? [] : [`${DAY} >= ${sqlText(from)}`]), ...(to === undefined ? [] : [`${DAY} <= ${sqlText(to)}`])];
    const chosen = `from batch ${within.length === 0 ? '' : `where ${within.join(' and ')}`}`;
    const parts = await this.rows(`select type, ${DAY} as day, min(seq), max(seq), count(*) ${chosen} group by all order by 1, 2`);
    const select = `select ${FILE_COLUMNS}, type, ${DAY} as day ${chosen}`;
    if (parts.length > 0 && parts.length <= OPEN_PARTS) await this.copy(select, join(stage, '0'));
    else if (parts.length > 0) await this.copyInGroups(select, stage, parts.length);
    return parts.map(([type, day, firstSeq, lastSeq, events], index) => ({
      service, type: String(type), day: String(day), firstSeq: Number(firstSeq), lastSeq: Number(lastSeq), events: Number(events),
      staged: onlyFile(join(stage, String(Math.floor(index / OPEN_PARTS)), `type=${String(type)}`, `day=${String(day)}`)),
    }));
  }

  /** An open part takes memory, however small it is: no more than so many at once. */
  private async copyInGroups(select: string, stage: string, parts: number): Promise<void> {
    await this.connection.run(`create or replace table sorted as select *, dense_rank() over (order by type, day) - 1 as part from (${select}) order by part, seq`);
    await this.connection.run('drop table batch');
    for (let group = 0; group * OPEN_PARTS < parts; group += 1) {
      const some = `part >= ${group * OPEN_PARTS} and part < ${(group + 1) * OPEN_PARTS}`;
      await this.copy(`select * exclude (part) from sorted where ${some}`, join(stage, String(group)));
    }
    await this.connection.run('drop table sorted');
  }

  private async copy(select: string, to: string): Promise<void> {
    await this.connection.run(`copy (${select}) to ${sqlText(to)} (format parquet, compression zstd, row_group_size 122880, partition_by (type, day))`);
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
    for (const name of ['parts', 'spill']) rmSync(workshop(this.folder, name), { recursive: true, force: true });
  }

  private async rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    return (await this.connection.runAndReadAll(sql)).getRows();
  }
}

function onlyFile(folder: string): string {
  const [file, ...more] = readdirSync(folder);
  if (file === undefined || more.length > 0) throw new Error(`${folder} holds ${1 + more.length} files, not one`);
  return join(folder, file);
}
