// What the documentation is compared with: the repository's own files, read as text. Guards nothing by itself; docs.spec.ts does.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../../', import.meta.url));

const NOT_OURS = new Set(['node_modules', 'dist', 'out-tsc', 'reports', 'coverage', '.git', '.nx']);

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');
export const exists = (path: string): boolean => existsSync(join(root, path));

/** Paths from the root, in order, of all files under a folder that `wanted` takes. */
export function filesUnder(folder: string, wanted: (path: string) => boolean): string[] {
  const found = readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) || entry.name.startsWith('touchstone-') ? [] : filesUnder(path, wanted);
    return wanted(path) ? [path] : [];
  });
  return found.toSorted();
}

export const markdownFiles = (): string[] => filesUnder('', (path) => path.endsWith('.md'));

/** Sources without specs, as [path, text]. */
export const sourcesUnder = (folder: string): [path: string, text: string][] =>
  filesUnder(folder, (path) => path.endsWith('.ts') && !/\.(spec|spec-kit)\.ts$/.test(path)).map((path) => [path, read(path)]);

export const serviceNames = (): string[] =>
  readdirSync(join(root, 'services')).filter((name) => exists(`services/${name}/src/app.module.ts`)).toSorted();
