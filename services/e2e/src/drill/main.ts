// `npm run drill -- restore`: what happens when the database of one service is put back to a backup, practised and checked.
import 'reflect-metadata';
import { drillHelp, drillOptions } from './options.js';
import { asText } from './report.js';
import { drillRestore } from './restore.js';

async function main(): Promise<void> {
  const options = drillOptions(process.argv.slice(2));
  if (options === 'help') return void process.stdout.write(drillHelp);
  const report = await drillRestore(options, (what) => process.stderr.write(`${what}\n`));
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : asText(report));
  process.exitCode = report.passed ? 0 : 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (process.env['TOUCHSTONE_DEBUG'] === undefined ? error.message : error.stack) : String(error)}\n`);
  process.exitCode = (error as { code?: string }).code === 'BAD_OPTION' ? 2 : 1;
});
