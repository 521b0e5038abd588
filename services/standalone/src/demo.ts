import { openLog } from '@touchstone/platform';
import { runDemo } from './demo/run-demo.js';
import { demoHelp, demoOptions } from './options.js';
import { startPlatform } from './platform.js';
import { allServices } from './services.js';

/** `npm run demo`: real data and three months of a company, through the loop, in a minute. */
async function main(): Promise<void> {
  const options = demoOptions(process.argv.slice(2));
  if (options === 'help') return void process.stdout.write(demoHelp);
  process.exitCode = await runDemo(options, 'starting PostgreSQL and five services', (settings) => startPlatform({ ...settings, services: allServices, log: openLog('warn') }));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (process.env['TOUCHSTONE_DEBUG'] === undefined ? error.message : error.stack) : String(error)}\n`);
  process.exitCode = (error as { code?: string }).code === 'BAD_OPTION' ? 2 : 1;
});
