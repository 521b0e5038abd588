// What the architecture checks look at: the repository's own files and projects. A plain value, so that a test can plant
// a violation in it without touching the disk.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projects } from './projects.mjs';

export interface Project {
  readonly name: string;
  /** Relative to the root, with `/`. */
  readonly folder: string;
  readonly tags: readonly string[];
  readonly targets: readonly string[];
}

export interface Constraint {
  readonly sourceTag: string;
  readonly onlyDependOnLibsWithTags: readonly string[];
}

export interface Repository {
  readonly projects: readonly Project[];
  readonly constraints: readonly Constraint[];
  /** Text of each source file by its path relative to the root, with `/`. */
  readonly files: ReadonlyMap<string, string>;
}

const notOurs = new Set(['node_modules', 'dist', 'out-tsc', 'reports', 'coverage', '.git', '.nx', '.data', 'datasets']);
const source = /\.(ts|tsx|mts|mjs|js|sh|sql|css)$|^\.ci\/run$|(^|\/)(package|tsconfig)\.json$/;

export function readRepository(root: string, constraints: readonly Constraint[]): Repository {
  const files = new Map<string, string>();
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !notOurs.has(entry.name)) walk(path);
      else if (entry.isFile() && source.test(path)) files.set(path, readFileSync(join(root, path), 'utf8'));
    }
  };
  walk('');
  return { projects: projects(root), constraints, files };
}
