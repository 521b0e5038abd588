// A project declares what it imports. npm would also find what another project happens to have installed, and the first
// image built from one project alone would not start.
import type { Check } from './architecture.js';

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const imported = /^\s*(?:import|export)\s[^'"`;]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

/** `@nestjs/common` of `@nestjs/common/decorators`; undefined for siblings and for what Node brings along. */
function packageOf(source: string): string | undefined {
  if (source.startsWith('.') || source.startsWith('node:')) return undefined;
  return source.split('/', source.startsWith('@') ? 2 : 1).join('/');
}

const importsOf = (text: string): Set<string> =>
  new Set([...text.matchAll(imported)].flatMap((match) => packageOf(match[1] ?? match[2] ?? match[3] ?? '.') ?? []));

export const everyImportIsDeclared: Check = ({ projects, files }) => {
  const manifest = (path: string): Manifest => JSON.parse(files.get(path) ?? '{}') as Manifest;
  const tools = Object.keys(manifest('package.json').devDependencies ?? {});
  return projects.flatMap(({ name, folder, tags }) => {
    const own = manifest(`${folder}/package.json`);
    const forUse = new Set([...Object.keys(own.dependencies ?? {}), own.name]);
    const forTests = new Set([...forUse, ...Object.keys(own.devDependencies ?? {}), ...tools]);
    const missing = new Set<string>();
    for (const [path, text] of files) {
      if (!path.startsWith(`${folder}/src/`) || !path.endsWith('.ts')) continue;
      const declared = /\.spec(-kit)?\.ts$/.test(path) || tags.includes('type:tool') ? forTests : forUse;
      for (const source of importsOf(text)) if (!declared.has(source)) missing.add(source);
    }
    return [...missing].map((source) => `${name} imports ${source}, which its package.json does not declare`);
  });
};
