import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportMain } from './export/main.js';
import { kafkaMain } from './kafka/main.js';
import { mathsMain } from './maths.js';
import { benchHelp, benchOptions } from './options.js';
import { asMarkdown, asText } from './report.js';
import { runBenchmarks } from './run.js';
import { tableMain } from './table/main.js';

const PAGE = fileURLToPath(new URL('../../../../docs/reference/benchmarks.md', import.meta.url));

/** `npm run bench`. Exit code 0 whatever the ratios, 1 when it could not run, 2 for a wrong option. */
async function main(): Promise<void> {
  const [first, ...rest] = process.argv.slice(2);
  if (first === 'maths') return mathsMain(rest);
  if (first === 'kafka') return kafkaMain(rest);
  if (first === 'export') return exportMain(rest);
  if (first === 'append-table') return tableMain(rest);
  const options = benchOptions(process.argv.slice(2));
  if (options === 'help') return void process.stdout.write(benchHelp);
  const report = await runBenchmarks(options, (what) => process.stderr.write(`${what}\n`));
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : asText(report));
  if (!options.write) return;
  mkdirSync(dirname(PAGE), { recursive: true });
  writeFileSync(PAGE, asMarkdown(report));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = (error as { code?: string }).code === 'BAD_OPTION' ? 2 : 1;
});
