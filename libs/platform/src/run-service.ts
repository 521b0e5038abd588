import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { SimulatedClock, systemClock } from '@touchstone/kernel';
import { kafkajsPort, KafkaTransport, PostgresLease } from '@touchstone/messaging/kafka';
import type { ServiceConfig } from './config.js';
import { readConfig } from './config.js';
import type { RunningService } from './create-service.js';
import { createService } from './create-service.js';
import { remoteVerifier } from './identity.js';
import { openLog } from './logging.js';
import type { ServiceDefinition } from './service.js';
import { refuseOtherTime } from './simulated-time.js';

/** A stop that takes longer is cut short: what was answered is on disk, and all else is done again. */
/** Longer than proxies keep an idle line (a minute, most of them): who ends it first must not be the one that a request may be on its way to. */
export const KEEP_ALIVE_MS = 75_000;
const STOP_WITHIN_MS = 25_000;

/** What a service tells the process that started it over a channel (`child_process`, `stdio: 'ipc'`). */
export interface Listening {
  readonly listening: number;
}

/**
 * Runs a service as a process of its own, with the others behind Kafka (`TOUCHSTONE_KAFKA_BROKERS`); without it, it is live but
 * not ready. SIGTERM: what is in hand is finished and noted, the group and the lease are given up, then it ends with 0; likewise
 * when the process that started it over a channel is gone. When the transport cannot recover it ends with 1, to be started again.
 */
export async function runService(definition: ServiceDefinition): Promise<void> {
  const config = readConfig(process.env);
  const log = openLog(config.logLevel);
  const transport = openTransport(definition.name, config);
  const { simulatedClock } = config;
  const service = await createService(definition, {
    databaseUrl: config.databaseUrl, masterKey: config.masterKey, verify: remoteVerifier(config), log, requestsPerMinute: config.requestsPerMinute, transport, inbound: config.inbound,
    clock: simulatedClock === undefined ? systemClock : new SimulatedClock(simulatedClock), clockOverHttp: simulatedClock !== undefined,
  });
  await refuseOtherTime(service.runtime.options.store, simulatedClock !== undefined);
  let stopping = false;
  let starting: Promise<void> = Promise.resolve();
  const stop = (exitCode: number) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    starting.catch(() => undefined).then(() => service.stop()).then(() => transport?.close()).then(() => process.exit(exitCode), () => process.exit(1));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(0)); // before anybody can see that it is there
  if (process.connected) process.on('disconnect', () => stop(0));
  void transport?.lost.then((why) => {
    log.fatal({ service: definition.name, error: why.message }, 'the transport cannot recover: ending, to be started again');
    stop(1);
  });
  starting = started(service, config);
  await starting;
  const said = { service: definition.name, port: portOf(service.app.getHttpServer() as Server) };
  if (transport) log.info(said, 'listening');
  else log.warn(said, 'listening; not ready: no transport');
  process.send?.({ listening: said.port } satisfies Listening);
}

async function started({ app, start }: RunningService, { port, address }: ServiceConfig): Promise<void> {
  await app.startAllMicroservices();
  (app.getHttpServer() as Server).keepAliveTimeout = KEEP_ALIVE_MS;
  await app.listen(port, address);
  await start();
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

function openTransport(service: string, { kafka, databaseUrl }: ServiceConfig): KafkaTransport | undefined {
  if (!kafka) return undefined;
  const { brokers, login, caFile, prefix, partitions } = kafka;
  const tls = kafka.tls ? { tls: caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') } } : {};
  const port = kafkajsPort({ brokers, clientId: `touchstone.${service}`, ...tls, ...(login && { login }) });
  return new KafkaTransport({ port, group: `${prefix}${service}.ingest`, lease: (topic) => new PostgresLease(databaseUrl, topic), prefix, partitions });
}
