import { systemClock } from '@touchstone/kernel';
import { readConfig } from './config.js';
import { createService } from './create-service.js';
import { remoteVerifier } from './identity.js';
import { openLog } from './logging.js';
import type { ServiceDefinition } from './service.js';

/** Runs a service as a process of its own. Until a transport between processes exists it is live, but not ready. */
export async function runService(definition: ServiceDefinition): Promise<void> {
  const config = readConfig(process.env);
  const log = openLog(config.logLevel);
  const service = await createService(definition, {
    databaseUrl: config.databaseUrl, masterKey: config.masterKey, clock: systemClock, verify: remoteVerifier(config), log, requestsPerMinute: config.requestsPerMinute,
  });
  await service.app.listen(config.port, config.address);
  await service.start();
  log.warn({ service: definition.name, port: config.port }, 'listening; not ready: no transport');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void service.stop().then(() => process.exit(0), () => process.exit(1)));
  }
}
