import { execFile } from 'node:child_process';
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Unusable } from '../api.js';

const RECORD = 'libs/contracts/releases.ndjson';
const REFERENCE = 'docs/reference/events';
const git = promisify(execFile);

/** The files of a checkout that the check compares with what the contracts say. */
export class Repository {
  constructor(private readonly root: string) {}

  record(): Promise<string> {
    return readFile(join(this.root, RECORD), 'utf8').catch(() => '');
  }

  addToRecord(lines: readonly string[]): Promise<void> {
    return appendFile(join(this.root, RECORD), lines.map((line) => `${line}\n`).join(''));
  }

  /** The record as it was at a git ref, or as it lies in another checkout. Throws {@link Unusable} when there is neither. */
  async recordAt(place: string): Promise<string> {
    const isFolder = await stat(place).then((found) => found.isDirectory(), () => false);
    if (isFolder) return readFile(join(place, RECORD), 'utf8').catch(() => unusable(`${place} has no ${RECORD}`));
    if (place.startsWith('-')) return unusable(`${place} is no git ref`);
    const commit = await this.git('rev-parse', '--verify', '--quiet', `${place}^{commit}`).catch(() => unusable(`${place} is neither a folder nor a git ref`));
    const listed = await this.git('ls-tree', '--name-only', commit.trim(), RECORD);
    return listed.trim() === '' ? '' : this.git('show', `${commit.trim()}:${RECORD}`); // older than the first release
  }

  consumers(): Promise<string> {
    return readFile(join(this.root, REFERENCE, 'consumers.json'), 'utf8').catch(() => unusable(`${join(this.root, REFERENCE)} has no consumers.json: run this in a checkout of Touchstone, or give --in`));
  }

  /** The reference as it lies there, by path. */
  async reference(): Promise<ReadonlyMap<string, string>> {
    const folder = join(this.root, REFERENCE);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1).replaceAll('\\', '/'));
    return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const)));
  }

  async write(path: string, text: string): Promise<void> {
    const file = join(this.root, REFERENCE, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  remove(path: string): Promise<void> {
    return rm(join(this.root, REFERENCE, path));
  }

  private async git(...args: string[]): Promise<string> {
    return (await git('git', args, { cwd: this.root, maxBuffer: 64 * 1024 * 1024 })).stdout;
  }
}

function unusable(message: string): never {
  throw new Unusable(message);
}
