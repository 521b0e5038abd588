import { openLog } from '@touchstone/platform';
import { startCluster } from './cluster/cluster.js';
import type { Cluster } from './cluster/cluster.js';
import { runDemo } from './demo/run-demo.js';
import type { ClusterOptions } from './options.js';
import { clusterHelp, clusterOptions } from './options.js';
import { allServices } from './services.js';

/** `npm run cluster`: five services as processes of their own over Kafka; with `--demo` the demonstration over them. */
async function main(): Promise<void> {
  const options = clusterOptions(process.argv.slice(2));
  if (options === 'help') return void process.stdout.write(clusterHelp);
  const log = openLog(options.logLevel);
  const { demo } = options;
  if (!demo) return serve(options, await startCluster({ dataDir: options.data, port: options.port, services: allServices, log }));
  process.exitCode = await runDemo(demo, 'starting PostgreSQL, Kafka and five services', (settings) => startCluster({ ...settings, log, services: allServices }));
}

function serve({ data }: ClusterOptions, cluster: Cluster): void {
  void cluster.databaseLost.then(() => {
    process.stderr.write(`PostgreSQL in ${data} ended without having been stopped; what was answered is kept: start again\n`);
    process.exit(1); // the services notice by their channel, and end
  });
  process.stdout.write(`Touchstone is ready at ${cluster.url} (loopback only, tokens by its own issuer)\n` +
    `  data      ${data}\n  Kafka     ${cluster.kafka}\n` +
    `  services  ${[...cluster.processes.values()].map(({ name, pid }) => `${cluster.url}/${name}/api (process ${pid})`).join('\n            ')}\n` +
    `  a token   npx touchstone token --data ${data} --sub you --roles quality-manager\n  stop      Ctrl-C\n`);
  process.on('SIGUSR2', () => void cluster.restartInTurn().catch((error: unknown) => process.stderr.write(`${String(error)}\n`)));
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      cluster.stop().then(() => process.exit(0), () => process.exit(1));
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (process.env['TOUCHSTONE_DEBUG'] === undefined ? error.message : error.stack) : String(error)}\n`);
  process.exitCode = (error as { code?: string }).code === 'BAD_OPTION' ? 2 : 1;
});
