import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const reporter = new URL('./report-tests.mjs', import.meta.url).href;

describe('the report of a test run', () => {
  let rootDir: string;
  beforeEach(() => { rootDir = mkdtempSync(join(tmpdir(), 'touchstone-report-')); });
  afterEach(() => rmSync(rootDir, { recursive: true, force: true }));

  /** A runner that passed two tests, failed one, and has this left to do. */
  function runnerWith(left: string) {
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', `
      import ReportTests from ${JSON.stringify(reporter)};
      ${left};
      new ReportTests({ rootDir: ${JSON.stringify(rootDir)} }, { mayLingerMs: 300 })
        .onRunComplete({}, { numPassedTests: 2, numFailedTests: 1, numRuntimeErrorTestSuites: 0, testResults: [{ testResults: [{ status: 'pending', fullName: 'needs Java' }] }] });
    `], { encoding: 'utf8', env: {}, timeout: 30_000 });
    return { status, stderr, report: JSON.parse(readFileSync(join(rootDir, 'reports/tests.json'), 'utf8')) as unknown };
  }

  it('counts what the runner counted', () => {
    expect(runnerWith('')).toEqual({ status: 0, stderr: '', report: { passed: 2, failed: 1, skipped: ['needs Java'] } });
  });

  it('ends a run that something left behind keeps alive, and counts that as a failure', () => {
    const { status, stderr, report } = runnerWith('setInterval(() => {}, 1_000)');
    expect(status).toBe(1);
    expect(stderr).toContain('left behind keeps this process running: Timeout');
    expect(report).toEqual({ passed: 2, failed: 2, skipped: ['needs Java'] });
  });
});
