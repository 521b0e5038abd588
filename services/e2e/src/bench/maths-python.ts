import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fit by a Python package: the data as CSV with a header, and code that defines `fit`, a function of the data frame. */
export interface PythonJob {
  readonly module: string;
  readonly csv: string | (() => string);
  readonly fit: string;
}

export function pythonHas(module: string): boolean {
  return spawnSync('python3', ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0;
}

/** Milliseconds of each of `rounds` fits, after one to warm up; reading the data is not counted. Throws with what Python said. */
export function pythonFitsMs({ csv, fit }: PythonJob, rounds: number): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'bench-maths-'));
  try {
    const path = join(folder, 'data.csv');
    writeFileSync(path, typeof csv === 'string' ? csv : csv());
    const code = [
      'import json, sys, time, warnings', 'warnings.simplefilter("ignore")', 'import pandas', fit, 'data = pandas.read_csv(sys.argv[1])', 'times = []',
      'for _ in range(int(sys.argv[2]) + 1):', '    began = time.perf_counter(); fit(data); times.append(1000 * (time.perf_counter() - began))', 'print(json.dumps(times[1:]))',
    ].join('\n');
    const { status, stdout, stderr } = spawnSync('python3', ['-c', code, path, String(rounds)], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`python3 failed: ${stderr.trim().split('\n').at(-1)}`);
    return JSON.parse(stdout) as number[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
