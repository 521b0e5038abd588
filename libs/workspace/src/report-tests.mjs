// Jest reporter: writes what a project's run counted to <project>/reports/tests.json, for `npm test` to add up.
// The numbers are the runner's own; nothing here decides what passed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export default class ReportTests {
  constructor(globalConfig) {
    this.folder = join(globalConfig.rootDir, 'reports');
  }

  onRunComplete(_contexts, results) {
    const skipped = results.testResults.flatMap((file) =>
      file.testResults.filter((test) => test.status === 'pending' || test.status === 'todo').map((test) => test.fullName),
    );
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(
      join(this.folder, 'tests.json'),
      JSON.stringify({
        passed: results.numPassedTests,
        // A file that does not even load has no tests to count, yet must not go unnoticed.
        failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
        skipped,
      }),
    );
  }
}
