import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import devkitTesting from '@nx/devkit/testing';
import type { Tree } from '@nx/devkit';
import generate from './generator.mjs';
import { sliceNames } from './names.mjs';
import { addToList } from './wiring.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..');

function service(): Tree {
  const tree = devkitTesting.createTreeWithEmptyWorkspace();
  tree.write(
    'services/control/src/app.module.ts',
    `import { service } from '@touchstone/platform';

export const control = service({ name: 'control', slices: [], listensTo: [] });
`,
  );
  tree.write('services/control/src/deciders.ts', "export { lot } from './lots/decider.js';\n");
  return tree;
}

describe('the names of a slice', () => {
  it.each([
    ['audits', 'audit', 'Audit', 'an'],
    ['nonconformities', 'nonconformity', 'Nonconformity', 'a'],
    ['control-plans', 'control-plan', 'ControlPlan', 'a'],
    ['gauge-boxes', 'gauge-box', 'GaugeBox', 'a'],
  ])('follow from its plural: %s', (plural, singular, Singular, article) => {
    expect(sliceNames(plural)).toMatchObject({ singular, Singular, article });
  });

  it('may have their singular said', () => {
    expect(sliceNames('analyses', 'analysis').Singular).toBe('Analysis');
  });

  it.each(['Audits', 'audits_2', '../audits', '', 'helpers', 'shared'])('are not "%s"', (name) => {
    expect(() => sliceNames(name)).toThrow();
  });

  it('must tell one from many', () => {
    expect(() => sliceNames('equipment')).toThrow('--singular');
  });
});

describe('wiring', () => {
  it('adds to a list and its import, and leaves the rest as it was', () => {
    const source = "import { a } from './a.js';\n\n// kept\nexport const x = service({ slices: [a], listensTo: [] });\n";
    expect(addToList(source, 'slices', 'b', "import { b } from './b.js';")).toBe(
      "import { a } from './a.js';\nimport { b } from './b.js';\n\n// kept\nexport const x = service({ slices: [a, b], listensTo: [] });\n",
    );
  });

  it('adds to an empty list in a file without imports', () => {
    expect(addToList('export const deciders: X[] = [];\n', 'deciders', 'b', "import { b } from './b.js';")).toBe(
      "import { b } from './b.js';\nexport const deciders: X[] = [b];\n",
    );
  });

  it('keeps one entry a line where that is how the list stands', () => {
    expect(addToList('const deciders = [\n  a,\n];\n', 'deciders', 'b', '')).toContain('[\n  a,\n  b,\n]');
  });

  it('refuses a file without the list', () => {
    expect(() => addToList('export {};', 'slices', 'b', '')).toThrow('no list "slices"');
  });
});

describe('nx g slice', () => {
  it('writes the files of a slice, each in its place', async () => {
    const tree = service();
    await generate(tree, { service: 'control', name: 'audits' });
    expect(tree.children('services/control/src/audits').sort()).toEqual([
      'audit-list.projection.int.spec.ts',
      'audit-list.projection.ts',
      'audits.controller.ts',
      'audits.module.ts',
      'commands.ts',
      'decider.spec.ts',
      'decider.ts',
      'events.ts',
      'slice.ts',
    ]);
  });

  it('wires the slice into its service', async () => {
    const tree = service();
    await generate(tree, { service: 'control', name: 'audits' });
    expect(tree.read('services/control/src/app.module.ts', 'utf-8')).toContain('slices: [auditsModule]');
    expect(tree.read('services/control/src/deciders.ts', 'utf-8')).toBe(
      "export { lot } from './lots/decider.js';\nexport { audit } from './audits/decider.js';\n",
    );
  });

  it('wires nothing where the service has no list of slices', async () => {
    const tree = service();
    tree.delete('services/control/src/app.module.ts');
    await expect(generate(tree, { service: 'control', name: 'audits' })).rejects.toThrow('app.module.ts is missing');
  });

  it('does not write over a slice', async () => {
    const tree = service();
    tree.write('services/control/src/audits/decider.ts', '');
    await expect(generate(tree, { service: 'control', name: 'audits' })).rejects.toThrow('exists already');
  });

  it('does not invent a service', async () => {
    await expect(generate(service(), { service: 'sales', name: 'audits' })).rejects.toThrow('there is no service sales');
  });

  it('finds the list of slices in every service that is there', () => {
    for (const name of readdirSync(join(root, 'services'))) {
      const path = join(root, 'services', name, 'src/app.module.ts');
      if (existsSync(path)) expect(addToList(readFileSync(path, 'utf8'), 'slices', 'auditsModule', '')).toContain('auditsModule');
    }
  });
});

describe('a slice as it was generated', () => {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'generated-slice-'));
    const tree = service();
    await generate(tree, { service: 'control', name: 'gauge-audits' });
    for (const name of ['node_modules', 'libs', 'jest.preset.mjs', 'tsconfig.base.json']) symlinkSync(join(root, name), join(folder, name));
    const project = join(folder, 'services/control');
    mkdirSync(project, { recursive: true });
    cpSync(join(root, 'services/control/package.json'), join(project, 'package.json'));
    cpSync(join(root, 'services/control/jest.config.mjs'), join(project, 'jest.config.mjs'));
    const options = { composite: false, declaration: false, declarationMap: false, noEmit: true, types: ['node', 'jest'] };
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions: options, include: ['src'] }),
    );
    tree.write('services/control/src/deciders.ts', "export { gaugeAudit } from './gauge-audits/decider.js';\n");
    for (const { path, content } of tree.listChanges().filter(({ path }) => path.startsWith('services/'))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content ?? '');
    }
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (tool: string, ...given: string[]) =>
    execFileSync(process.execPath, [join(root, 'node_modules', tool), ...given], {
      cwd: join(folder, 'services/control'),
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' },
    });

  it('compiles', () => {
    expect(run('typescript/bin/tsc', '-p', 'tsconfig.json', '--preserveSymlinks', 'false')).toBe('');
  }, 120_000);

  it('passes its own tests', () => {
    const { numPassedTests, numFailedTests } = JSON.parse(run('jest/bin/jest.js', '--json', '--reporters=default')) as Record<
      string,
      number
    >;
    expect({ numPassedTests, numFailedTests }).toEqual({ numPassedTests: 6, numFailedTests: 0 });
  }, 120_000);
});
