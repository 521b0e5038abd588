import { SimulatedClock, systemClock } from '@touchstone/kernel';
import { openLog } from '@touchstone/platform';
import { startHelp, startOptions } from './options.js';
import { startPlatform } from './platform.js';
import { allServices } from './services.js';

/** `npm start`: the platform in one process, empty at first, its data kept in a folder. */
async function main(): Promise<void> {
  const options = startOptions(process.argv.slice(2));
  if (options === 'help') return void process.stdout.write(startHelp);
  const { data, port, simulatedClock, logLevel } = options;
  const clock = simulatedClock === undefined ? systemClock : new SimulatedClock(simulatedClock);
  const log = openLog(logLevel);
  const platform = await startPlatform({ dataDir: data, port, clock, services: allServices, log });
  void platform.databaseLost.then(() => {
    log.fatal({ data }, 'PostgreSQL ended without having been stopped; what was answered is kept: start again');
    process.exit(1);
  });
  process.stdout.write(`Touchstone is ready at ${platform.url} (loopback only, tokens by its own issuer)\n` +
    `  data      ${data}${platform.postgres.tookOver ? ' (taken over from a process that was killed)' : ''}\n` +
    `  services  ${[...platform.services.keys()].map((name) => `${platform.url}/${name}/api`).join('\n            ')}\n` +
    `  a token   npx touchstone token --data ${data} --sub you --roles quality-manager\n  stop      Ctrl-C\n`);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      platform.stop().then(() => process.exit(0), () => process.exit(1));
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = (error as { code?: string }).code === 'BAD_OPTION' ? 2 : 1;
});
