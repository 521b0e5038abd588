// A folder of exported files: names, locks and writing that a crash leaves whole or undone.
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync, fsyncSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ExportFault } from './export-fault.js';

/** Beside the data, and hidden from whoever reads them: what is being written, and the lock. */
const WORKSHOP = '.export';
const DIGITS = 15;

export const manifestFile = (folder: string): string => join(folder, 'manifest.json');
export const workshop = (folder: string, name: string): string => join(folder, WORKSHOP, name);

export interface Part {
  readonly service: string;
  readonly type: string;
  /** `2026-03-02`. */
  readonly day: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

const seqText = (seq: number): string => String(seq).padStart(DIGITS, '0');

/** Partitions as Hive, Spark, Trino and DuckDB know them; names follow from what is inside, in the order of the log. */
export const partFile = (folder: string, { service, type, day, firstSeq, lastSeq }: Part): string =>
  join(folder, `service=${service}`, `type=${type}`, `day=${day}`, `part-${seqText(firstSeq)}-${seqText(lastSeq)}.parquet`);

/** To the disk: without it, a crash may leave a name with nothing behind it. */
export function flush(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Writes it whole or not at all. */
export function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  writeFileSync(temporary, text);
  flush(temporary);
  renameSync(temporary, path);
  flush(dirname(path));
}

/** A finished file under its name; whatever was there holds the same. The folders it is new in are given back, to be flushed once. */
export function moveInto(from: string, to: string): readonly string[] {
  const made = dirname(to);
  const first = mkdirSync(made, { recursive: true });
  flush(from);
  renameSync(from, to);
  const touched = [made];
  for (let each = made; first !== undefined && each.length >= first.length; each = dirname(each)) touched.push(dirname(each));
  return touched;
}

export interface Lock {
  release(): void;
}

/** One export a folder. The lock of a process that is gone is taken over. Throws {@link ExportFault}. */
export function lock(folder: string): Lock {
  if (existsSync(folder) && !existsSync(manifestFile(folder)) && readdirSync(folder).some((name) => name !== WORKSHOP && name !== 'views.sql')) {
    throw new ExportFault('EXPORT_NOT_OURS', `${folder} holds something else than an export: give an empty or a new folder`);
  }
  const file = workshop(folder, 'lock');
  mkdirSync(dirname(file), { recursive: true });
  for (const attempt of [1, 2]) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      const holder = readHolder(file);
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (attempt === 2 || isAlive(holder)) throw new ExportFault('EXPORT_FOLDER_IN_USE', `process ${holder} is exporting to ${folder}: wait for it, or give another folder`);
      rmSync(file, { force: true });
    }
  }
  return { release: () => rmSync(file, { force: true }) };
}

function readHolder(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0; // released meanwhile
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0); // only asks
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
