import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tableHelp, tableOptions } from './options.js';
import { asMarkdown, asText } from './report.js';
import { runTable } from './run.js';

const PAGE = fileURLToPath(new URL('../../../../../docs/reference/benchmarks-append.md', import.meta.url));

/** `npm run bench -- append-table`. Exit code 0 whatever the ratios. Throws `BadOption`. */
export async function tableMain(args: readonly string[]): Promise<void> {
  const options = tableOptions(args);
  if (options === 'help') return void process.stdout.write(tableHelp);
  const report = await runTable(options, (what) => process.stderr.write(`${what}\n`));
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : asText(report));
  if (options.write) writeFileSync(PAGE, asMarkdown(report));
}
