// The rules of docs/architecture.md that a machine can check and eslint cannot. Each check returns what it found, as
// sentences; no sentence, no violation.
import { forbiddenNames, longestFileLines } from './boundaries.mjs';
import { everyImportIsDeclared } from './dependencies.js';
import type { Repository } from './repository.js';

export type Check = (repository: Repository) => string[];

const requiredTargets = ['build', 'typecheck', 'lint', 'test'];

export const everyProjectIsTagged: Check = ({ projects, constraints }) => {
  const known = new Set(constraints.map((constraint) => constraint.sourceTag));
  return projects.flatMap(({ name, tags }) => {
    const types = tags.filter((tag) => tag.startsWith('type:'));
    const scopes = tags.filter((tag) => tag.startsWith('scope:'));
    return [
      ...(types.length === 1 ? [] : [`${name} has ${types.length} type tags, not one`]),
      ...(scopes.length === 1 ? [] : [`${name} has ${scopes.length} scope tags, not one`]),
      ...types.filter((tag) => !known.has(tag)).map((tag) => `no constraint speaks of ${tag}, the tag of ${name}`),
    ];
  });
};

export const noConstraintAllowsEverything: Check = ({ constraints }) =>
  constraints
    .filter(({ sourceTag, onlyDependOnLibsWithTags }) => [sourceTag, ...onlyDependOnLibsWithTags].some((tag) => tag.includes('*')))
    .map(({ sourceTag }) => `the constraint of ${sourceTag} has a *`);

export const noServiceKnowsAnother: Check = ({ constraints }) =>
  constraints
    .filter(({ sourceTag, onlyDependOnLibsWithTags }) => sourceTag !== 'type:host' && onlyDependOnLibsWithTags.includes('type:service'))
    .map(({ sourceTag }) => `${sourceTag} may import a service`);

export const everyProjectHasTests: Check = ({ projects, files }) =>
  projects
    .filter(({ folder }) => ![...files.keys()].some((path) => path.startsWith(`${folder}/`) && path.endsWith('.spec.ts')))
    .map(({ name }) => `${name} has no test`);

export const ciRunsEveryTest: Check = ({ projects, files }) => {
  const specs = [...files.keys()].filter((path) => /\.(spec|test)\.(ts|tsx|mjs)$/.test(path));
  const script = (JSON.parse(files.get('package.json') ?? '{}') as { scripts?: Record<string, string> }).scripts?.['test'] ?? '';
  return [
    ...(/^npm test\b/m.test(files.get('.ci/run') ?? '') ? [] : ['.ci/run does not run `npm test`']),
    ...(script.includes('run-tests.mjs') ? [] : ['`npm test` does not run the tests of all projects']),
    ...projects.flatMap(({ name, targets }) =>
      requiredTargets.filter((target) => !targets.includes(target)).map((target) => `${name} has no target ${target}`),
    ),
    ...specs.filter((path) => !projects.some(({ folder }) => path.startsWith(`${folder}/src/`))).map((path) => `no project runs ${path}`),
    ...specs.filter((path) => !path.endsWith('.spec.ts')).map((path) => `${path} is not named *.spec.ts, so no runner finds it`),
    ...specs
      .filter((path) => /\b(describe|it|test)\.only\(/.test(files.get(path) ?? ''))
      .map((path) => `${path} runs only some of its tests`),
    ...[...files]
      .filter(([path, text]) => path.endsWith('jest.config.mjs') && /passWithNoTests|testMatch|testPathIgnorePatterns|testRegex/.test(text))
      .map(([path]) => `${path} chooses its tests itself`),
  ];
};

export const noFileIsTooLong: Check = ({ files }) =>
  [...files]
    .filter(([path]) => !path.endsWith('.json'))
    .map(([path, text]) => ({ path, lines: text.replace(/\n$/, '').split('\n').length }))
    .filter(({ lines }) => lines > longestFileLines)
    .map(({ path, lines }) => `${path} has ${lines} lines; ${longestFileLines} are allowed`);

export const everyNameSaysSomething: Check = ({ files }) => {
  const found = new Set<string>();
  for (const path of files.keys()) {
    path.split('/').forEach((part, depth, parts) => {
      const stems = depth === parts.length - 1 ? part.split('.').slice(0, -1) : [part];
      if (stems.some((stem) => forbiddenNames.includes(stem.toLowerCase()))) found.add(parts.slice(0, depth + 1).join('/'));
    });
  }
  return [...found].map((path) => `${path} has a name that says nothing`);
};

/** TypeORM would alter tables to fit the classes; here a read model's schema changes only by a new version beside the old. */
export const noSchemaIsSynchronised: Check = ({ files }) =>
  [...files].filter(([, text]) => /\bsynchronize\s*:(?!\s*false\b)/.test(text)).map(([path]) => `${path} lets TypeORM alter tables`);

export const everyProjectIsTypechecked: Check = ({ projects, files }) => {
  const root = files.get('tsconfig.json') ?? '';
  return projects.filter(({ folder }) => !root.includes(`"${folder}"`)).map(({ name }) => `tsconfig.json does not reference ${name}`);
};

export const checks: Readonly<Record<string, Check>> = {
  everyProjectIsTagged,
  noConstraintAllowsEverything,
  noServiceKnowsAnother,
  everyProjectHasTests,
  ciRunsEveryTest,
  noFileIsTooLong,
  everyNameSaysSomething,
  noSchemaIsSynchronised,
  everyProjectIsTypechecked,
  everyImportIsDeclared,
};
