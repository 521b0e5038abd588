// `npm test`: runs every project's tests through Nx and ends with one line that adds up what the runners reported.
// A project that should have tested and left no report counts as failed, so a crash cannot look like a short green run.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projects } from './projects.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Adds up reports. `undefined` stands for a project whose runner left none. */
export function addUp(reports) {
  const total = { passed: 0, failed: 0, skipped: [] };
  for (const [project, report] of Object.entries(reports)) {
    total.passed += report?.passed ?? 0;
    total.failed += report?.failed ?? 1;
    total.skipped.push(...(report?.skipped ?? []).map((test) => `${project}: ${test}`));
  }
  return total;
}

function run() {
  const tested = projects(root).filter((project) => project.targets.includes('test'));
  const reportOf = (project) => join(root, project.folder, 'reports', 'tests.json');
  for (const project of tested) rmSync(reportOf(project), { force: true });

  const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
  const arguments_ = ['run-many', '-t', 'test', '--parallel=2', '--output-style=stream', ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, [nx, ...arguments_], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' },
  });

  const reports = {};
  for (const project of tested) {
    reports[project.name] = existsSync(reportOf(project)) ? JSON.parse(readFileSync(reportOf(project), 'utf8')) : undefined;
    if (reports[project.name] === undefined) console.log(`no test report: ${project.name}`);
  }
  const { passed, failed, skipped } = addUp(reports);
  for (const test of skipped) console.log(`skipped: ${test}`);
  console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  process.exitCode = status === 0 && failed === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) run();
