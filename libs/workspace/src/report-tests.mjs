// Jest reporter: writes what a project's run counted to <project>/reports/tests.json, for `npm test` to add up.
// The numbers are the runner's own; nothing here decides what passed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers';

export default class ReportTests {
  constructor(globalConfig, { mayLingerMs = 60_000 } = {}) {
    this.mayLingerMs = mayLingerMs;
    this.folder = join(globalConfig.rootDir, 'reports');
  }

  onRunComplete(_contexts, results) {
    const skipped = results.testResults.flatMap((file) =>
      file.testResults.filter((test) => test.status === 'pending' || test.status === 'todo').map((test) => test.fullName),
    );
    // A file that does not even load has no tests to count, yet must not go unnoticed.
    this.write({ passed: results.numPassedTests, failed: results.numFailedTests + results.numRuntimeErrorTestSuites, skipped });
    this.endIfItLingers(results, skipped);
  }

  write(counts) {
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, 'tests.json'), JSON.stringify(counts));
  }

  /** A process or a socket that a test left behind would keep the run from ever ending: that is a failure, told within a minute. */
  endIfItLingers(results, skipped) {
    setTimeout(() => {
      console.error(`the tests are over, but something they left behind keeps this process running: ${process.getActiveResourcesInfo().join(', ')}`);
      this.write({ passed: results.numPassedTests, failed: results.numFailedTests + results.numRuntimeErrorTestSuites + 1, skipped });
      process.exit(1);
    }, this.mayLingerMs).unref();
  }
}
