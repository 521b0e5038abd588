import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as architecture from './architecture.js';
import { depConstraints } from './boundaries.mjs';
import { everyImportIsDeclared } from './dependencies.js';
import { readRepository, type Project, type Repository } from './repository.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

describe('this repository', () => {
  const repository = readRepository(root, depConstraints);

  it.each(Object.entries(architecture.checks))('obeys %s', (_name, check) => {
    expect(check(repository)).toEqual([]);
  });

  it('is linted with the constraints that are checked here', () => {
    const print = `import config from './eslint.config.mjs';
      const rules = config.map((part) => part.rules?.['@nx/enforce-module-boundaries']).filter(Boolean);
      console.log(JSON.stringify(rules.map((rule) => [rule[0], rule[1].depConstraints, rule[1].allow])));`;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', print], { cwd: root, encoding: 'utf8', env: noDaemon() });
    expect(JSON.parse(printed.trim().split('\n').at(-1) ?? '')).toEqual([['error', depConstraints, []]]);
  }, 60_000);
});

describe('the checks catch', () => {
  const lots: Project = {
    name: 'control',
    folder: 'services/control',
    tags: ['type:service', 'scope:control'],
    targets: ['build', 'typecheck', 'lint', 'test'],
  };
  const sound: Repository = {
    projects: [lots],
    constraints: [{ sourceTag: 'type:service', onlyDependOnLibsWithTags: ['type:pure'] }],
    files: new Map([
      ['.ci/run', 'npm ci\nnpm test\n'],
      ['package.json', '{ "scripts": { "test": "node libs/workspace/src/run-tests.mjs" } }'],
      ['tsconfig.json', '{ "references": [{ "path": "services/control" }] }'],
      ['services/control/jest.config.mjs', 'export default { ...preset };\n'],
      ['services/control/src/lots/decider.ts', 'export {};\n'],
      ['services/control/src/lots/decider.spec.ts', "it('holds', () => {});\n"],
    ]),
  };
  const withFile = (path: string, text: string): Repository => ({ ...sound, files: new Map(sound.files).set(path, text) });
  const withProject = (change: Partial<Project>): Repository => ({ ...sound, projects: [{ ...lots, ...change }] });
  const withConstraint = (...onlyDependOnLibsWithTags: string[]): Repository => ({
    ...sound,
    constraints: [{ sourceTag: 'type:service', onlyDependOnLibsWithTags }],
  });

  it.each(Object.entries(architecture.checks))('nothing in a sound repository: %s', (_name, check) => {
    expect(check(sound)).toEqual([]);
  });

  const planted: [violation: string, check: architecture.Check, repository: Repository, found: string][] = [
    ['a missing type tag', architecture.everyProjectIsTagged, withProject({ tags: ['scope:control'] }), 'control has 0 type tags, not one'],
    [
      'a missing scope tag',
      architecture.everyProjectIsTagged,
      withProject({ tags: ['type:service'] }),
      'control has 0 scope tags, not one',
    ],
    [
      'a tag without a constraint',
      architecture.everyProjectIsTagged,
      withProject({ tags: ['type:new', 'scope:control'] }),
      'no constraint speaks of type:new, the tag of control',
    ],
    [
      'a constraint that allows everything',
      architecture.noConstraintAllowsEverything,
      withConstraint('*'),
      'the constraint of type:service has a *',
    ],
    [
      'a service that may import another',
      architecture.noServiceKnowsAnother,
      withConstraint('type:service'),
      'type:service may import a service',
    ],
    ['a project without tests', architecture.everyProjectHasTests, withProject({ folder: 'services/planning' }), 'control has no test'],
    [
      'a project without a test target',
      architecture.ciRunsEveryTest,
      withProject({ targets: ['build', 'typecheck', 'lint'] }),
      'control has no target test',
    ],
    [
      'a CI that does not test',
      architecture.ciRunsEveryTest,
      withFile('.ci/run', 'npm ci\n# npm test\n'),
      '.ci/run does not run `npm test`',
    ],
    [
      'a test outside every project',
      architecture.ciRunsEveryTest,
      withFile('deploy/chart.spec.ts', ''),
      'no project runs deploy/chart.spec.ts',
    ],
    [
      'a test under a name no runner looks for',
      architecture.ciRunsEveryTest,
      withFile('services/control/src/lots/lots.test.ts', ''),
      'services/control/src/lots/lots.test.ts is not named *.spec.ts, so no runner finds it',
    ],
    [
      'a test that silences its neighbours',
      architecture.ciRunsEveryTest,
      withFile('services/control/src/a.spec.ts', `it.${'only'}('x', () => {});`),
      'services/control/src/a.spec.ts runs only some of its tests',
    ],
    [
      'a project that chooses its tests',
      architecture.ciRunsEveryTest,
      withFile('services/control/jest.config.mjs', 'export default { ...preset, testMatch: [] };'),
      'services/control/jest.config.mjs chooses its tests itself',
    ],
    [
      'a file of 301 lines',
      architecture.noFileIsTooLong,
      withFile('libs/ledger/src/tree.ts', 'x\n'.repeat(301)),
      'libs/ledger/src/tree.ts has 301 lines; 300 are allowed',
    ],
    [
      'a folder for everything',
      architecture.everyNameSaysSomething,
      withFile('libs/ledger/src/shared/tree.ts', ''),
      'libs/ledger/src/shared has a name that says nothing',
    ],
    [
      'a file for everything',
      architecture.everyNameSaysSomething,
      withFile('libs/ledger/src/utils.ts', ''),
      'libs/ledger/src/utils.ts has a name that says nothing',
    ],
    [
      'a synchronised schema',
      architecture.noSchemaIsSynchronised,
      withFile('libs/platform/src/database.ts', `export const options = { ${'synchronize'}: true };`),
      'libs/platform/src/database.ts lets TypeORM alter tables',
    ],
    [
      'a project the compiler does not see',
      architecture.everyProjectIsTypechecked,
      withFile('tsconfig.json', '{ "references": [] }'),
      'tsconfig.json does not reference control',
    ],
    [
      'an import that is not declared',
      everyImportIsDeclared,
      withFile('services/control/src/lots/decider.ts', "import type {\n  Lot,\n} from '@touchstone/contracts/control';\n"),
      'control imports @touchstone/contracts, which its package.json does not declare',
    ],
    [
      'an import for the tests only, outside a test',
      everyImportIsDeclared,
      {
        ...sound,
        files: new Map(sound.files)
          .set('services/control/package.json', '{ "devDependencies": { "@touchstone/testing": "*" } }')
          .set('services/control/src/lots/decider.spec.ts', "import { deciderSpec } from '@touchstone/testing';\n")
          .set('services/control/src/main.ts', "import '@touchstone/testing';\n"),
      },
      'control imports @touchstone/testing, which its package.json does not declare',
    ],
  ];
  it.each(planted)('%s', (_violation, check, repository, found) => {
    expect(check(repository)).toEqual([found]);
  });

  it('no TypeORM that is told to leave the tables alone', () => {
    expect(architecture.noSchemaIsSynchronised(withFile('a.ts', 'const options = { synchronize: false };'))).toEqual([]);
  });

  it('no file of 300 lines', () => {
    expect(architecture.noFileIsTooLong(withFile('libs/ledger/src/tree.ts', 'x\n'.repeat(300)))).toEqual([]);
  });
});

/** The environment of a child process that must not start Nx's background process. */
function noDaemon(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...environment } = process.env;
  return { ...environment, NX_DAEMON: 'false' };
}
