/**
 * Golden events: of every version of every event one as it was stored, with what it is read as, for ever. They guard that what
 * lies in logs since long stays readable, and reads as it always did. Files are added and never changed; `manifest.sha256` has
 * the hash of each, in the order in which they came (`sha256sum -c manifest.sha256` checks them too).
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalize } from '@touchstone/ledger';
import type { StoredEvent, SubjectKey, Upcasting } from '@touchstone/event-store';
import { decode, kidOf, noUpcasting } from '@touchstone/event-store';

export const folder = fileURLToPath(new URL('events/', import.meta.url));

/** An event as it was stored, and its body as its own version reads it. */
export interface Golden {
  readonly stored: StoredEvent;
  /** The keys of the persons in it, in hexadecimal: nobody real. */
  readonly keys: Readonly<Record<string, string>>;
  readonly data: unknown;
  /** SHA-256 over the canonical JSON of the other fields. */
  readonly sha256: string;
}

/** The body of a golden event as a later version reads it; in a file of its own, `<n>.as-v2.json`. */
export interface ReadAs {
  readonly type: string;
  readonly data: unknown;
  readonly sha256: string;
}

/** `control.LotMoved.v1/1.json`. */
export const pathOf = (type: string, number: number): string => `${type}/${number}.json`;
/** `control.LotMoved.v1/1.as-v2.json`. */
export const readAsPathOf = (golden: string, type: string): string => golden.replace(/\.json$/, `.as-${type.slice(type.lastIndexOf('.') + 1)}.json`);

export const withHash = <T extends object>(content: T): T & { readonly sha256: string } => ({ ...content, sha256: sha256(canonicalize(content)) });
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

export const read = (path: string, root = folder): string => readFileSync(join(root, path), 'utf8');
export const readGolden = (path: string, root = folder): Golden => JSON.parse(read(path, root)) as Golden;
export const readReadAs = (path: string, root = folder): ReadAs => JSON.parse(read(path, root)) as ReadAs;

/** Every golden file, without the manifest. */
export const filesIn = (root = folder): string[] =>
  (existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : []).map((path) => path.replaceAll('\\', '/')).filter((path) => path.endsWith('.json')).toSorted();
export const goldensIn = (root = folder): string[] => filesIn(root).filter((path) => /\/\d+\.json$/.test(path));

/** Adds a file, and its line in the manifest. Throws when the file is there. */
export function add(path: string, content: object, root = folder): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  const text = `${JSON.stringify(content, null, 2)}\n`;
  writeFileSync(join(root, path), text, { flag: 'wx' });
  appendFileSync(join(root, 'manifest.sha256'), `${sha256(text)}  ${path}\n`);
}

/** What is wrong with the files and the manifest: changed, gone, or not listed. */
export function findingsIn(root = folder): string[] {
  const listed = new Map(read('manifest.sha256', root).trimEnd().split('\n').map((line) => [line.slice(66), line.slice(0, 64)] as const));
  const files = new Set(filesIn(root));
  return [
    ...[...listed].filter(([path, hash]) => files.has(path) && sha256(read(path, root)) !== hash).map(([path]) => `${path} was changed`),
    ...[...listed.keys()].filter((path) => !files.has(path)).map((path) => `${path} is gone`),
    ...[...files].filter((path) => !listed.has(path)).map((path) => `${path} is not in the manifest`),
  ];
}

/** The event as its own version reads it, then as each later one does. */
export async function versionsOf({ stored, keys }: Pick<Golden, 'stored' | 'keys'>, upcasting: Upcasting): Promise<{ type: string; data: unknown }[]> {
  const stepFrom = (from: string) => upcasting.upcasters.find((each) => each.from === from);
  let { type, data }: { type: string; data: unknown } = await decode(stored, keysOf(keys), noUpcasting);
  const versions = [{ type, data }];
  for (let step = stepFrom(type); step; step = stepFrom(type)) {
    [type, data] = [step.to, step.upcast(data)];
    versions.push({ type, data });
  }
  return versions;
}

export const keysOf = (keys: Readonly<Record<string, string>>) => ({
  find: (subject: string): Promise<SubjectKey | undefined> => {
    const key = keys[subject] === undefined ? undefined : Buffer.from(keys[subject], 'hex');
    return Promise.resolve(key && { kid: kidOf(key), key });
  },
});
