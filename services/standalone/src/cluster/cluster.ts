import type { Logger } from 'pino';
import type { Clock } from '@touchstone/kernel';
import { systemClock } from '@touchstone/kernel';
import type { ServiceDefinition } from '@touchstone/platform';
import { LOCAL_ISSUER } from '@touchstone/platform';
import { front, open } from '../front.js';
import type { Opened } from '../front.js';
import type { Home } from '../home.js';
import { openHome } from '../home.js';
import type { RunningPlatform } from '../platform.js';
import { databasesOf } from '../platform.js';
import type { ClusterKafka } from './kafka.js';
import { openKafka } from './kafka.js';
import { proxyTo } from './proxy.js';
import { RemoteTime } from './remote-time.js';
import { ServiceProcess } from './service-process.js';

export interface ClusterOptions {
  /** Everything that is kept: databases, keys, the issuer's key, the broker's log. Made when missing. */
  readonly dataDir: string;
  readonly services: readonly Pick<ServiceDefinition, 'name' | 'listensTo'>[];
  readonly log: Logger;
  /** 0: any free port. Bound to loopback. */
  readonly port?: number;
  /** Named in every event id; a random name when left out. Given once: the folder keeps it. */
  readonly deployment?: string;
  /** A simulated one is moved in all processes. */
  readonly clock?: Clock;
  /** Of one actor, at each service. */
  readonly requestsPerMinute?: number;
  /** Where Kafka is looked for; that of this process, when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What Node is told before each service's program; that of this process, when left out. */
  readonly nodeOptions?: readonly string[];
  /** File descriptor for the logs of the services; standard error, when left out. */
  readonly output?: number;
}

/** The services as processes of their own, over Kafka. */
export interface Cluster extends RunningPlatform {
  readonly processes: ReadonlyMap<string, ServiceProcess>;
  /** Where Kafka is, for people. */
  readonly kafka: string;
  /** One service after the other is asked to end, started again, and waited for until it is ready. */
  restartInTurn(): Promise<void>;
}

const READY_WITHIN_MS = 180_000;
/** A token of the host for its services' clocks; longer than any demonstration. */
const TOKEN_SECONDS = 7 * 86_400;

/** Starts all of it, and returns when every service is ready. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { services: definitions, log, port = 0, clock = systemClock } = options;
  const home = await openHome({ ...options, clock, services: definitions.map(({ name }) => name) });
  const processes = new Map<string, ServiceProcess>();
  let [kafka, opened]: [ClusterKafka?, Opened?] = [];
  try {
    kafka = await openKafka(home.folder, options.env ?? process.env, log);
    const behind = new Map(definitions.map(({ name }) => {
      const service = new ServiceProcess({
        name, log, nodeOptions: options.nodeOptions, output: options.output ?? 2, environment: () => environmentOf(name, home, options, kafka?.environment ?? {}, opened?.url ?? ''),
      });
      processes.set(name, service);
      return [name, { handle: proxyTo(service), state: () => service.state }] as const;
    }));
    opened = await open(front(behind, home.issuer), port); // the services fetch the issuer's keys here
    for (const service of processes.values()) service.start();
    await Promise.all([...processes.values()].map((service) => service.ready(READY_WITHIN_MS)));
    const watch = watchHealth(processes, log);
    const token = await home.issuer.issue({ id: 'cluster-host', roles: ['operator'] }, TOKEN_SECONDS);
    const timed = clock.simulated ? definitions.map(({ name, listensTo }) => new RemoteTime(known(processes, name), producersOf(listensTo), token)) : [];
    const { issuer, postgres, databaseLost } = home;
    return {
      url: opened.url, issuer, postgres, clock, databaseLost, databases: databasesOf(home), timed, processes, kafka: kafka.where,
      restartInTurn: () => restartInTurn(processes),
      stop: () => {
        clearInterval(watch);
        return stop(opened, processes, kafka, home);
      },
    };
  } catch (error) {
    await stop(opened, processes, kafka, home);
    throw error;
  }
}

async function restartInTurn(processes: ReadonlyMap<string, ServiceProcess>): Promise<void> {
  for (const service of processes.values()) {
    await service.restart();
    await service.ready(READY_WITHIN_MS);
  }
}

const known = (processes: ReadonlyMap<string, ServiceProcess>, name: string): ServiceProcess => {
  const service = processes.get(name);
  if (!service) throw new Error(`there is no service ${name}`);
  return service;
};

const producersOf = (listensTo: readonly string[]): string[] => [...new Set(listensTo.map((interest) => interest.slice(0, interest.indexOf('/'))))];

const LOOK_EVERY_MS = 2_000;

/** Says when a service is no longer ready, and why; and when it is again. */
function watchHealth(processes: ReadonlyMap<string, ServiceProcess>, log: Logger): NodeJS.Timeout {
  const said = new Map<string, string>();
  return setInterval(() => {
    for (const service of processes.values()) {
      void service.health().then((health) => {
        if (health === (said.get(service.name) ?? 'ready')) return;
        said.set(service.name, health);
        log[health === 'ready' ? 'info' : 'warn']({ service: service.name }, health);
      });
    }
  }, LOOK_EVERY_MS).unref();
}

/** First nothing more comes in and what was asked is answered; then the services end, side by side; then what they stood on. */
async function stop(opened: Opened | undefined, processes: ReadonlyMap<string, ServiceProcess>, kafka: ClusterKafka | undefined, home: Home): Promise<void> {
  await opened?.close();
  await Promise.allSettled([...processes.values()].map((service) => service.stop()));
  await kafka?.stop();
  await home.close();
}

function environmentOf(
  name: string, home: Home, { log, clock = systemClock, requestsPerMinute }: ClusterOptions, kafka: Readonly<Record<string, string>>, url: string,
): Record<string, string> {
  const own = home.services.get(name);
  if (!own) throw new Error(`${home.folder} holds no ${name}`);
  return {
    ...kafka, TOUCHSTONE_DATABASE_URL: own.databaseUrl, TOUCHSTONE_MASTER_KEY: own.masterKey.toString('hex'), TOUCHSTONE_ADDRESS: '127.0.0.1', TOUCHSTONE_PORT: '0',
    TOUCHSTONE_ISSUER: LOCAL_ISSUER.issuer, TOUCHSTONE_AUDIENCE: LOCAL_ISSUER.audience, TOUCHSTONE_JWKS_URL: `${url}/.well-known/jwks.json`, TOUCHSTONE_LOG_LEVEL: log.level,
    ...(clock.simulated && { TOUCHSTONE_SIMULATED_CLOCK: clock.now() }), ...(requestsPerMinute !== undefined && { TOUCHSTONE_REQUESTS_PER_MINUTE: String(requestsPerMinute) }),
  };
}
