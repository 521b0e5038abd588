import 'reflect-metadata';
import type { Logger } from 'pino';
import type { Clock } from '@touchstone/kernel';
import { systemClock } from '@touchstone/kernel';
import type { LocalPostgres } from '@touchstone/event-store/local';
import { InProcessTransport } from '@touchstone/messaging';
import type { LocalIssuer, RunningService, ServiceDefinition, TimedService } from '@touchstone/platform';
import { createService } from '@touchstone/platform';
import type { Handler, Opened } from './front.js';
import { front, open } from './front.js';
import type { Home } from './home.js';
import { openHome } from './home.js';

export { SimulatedData } from '@touchstone/platform';

export interface PlatformOptions {
  /** Everything that is kept: databases, keys, the issuer's key. Made when missing. */
  readonly dataDir: string;
  readonly services: readonly ServiceDefinition[];
  readonly log: Logger;
  /** 0: any free port. Bound to loopback. */
  readonly port?: number;
  /** Named in every event id; a random name when left out. Given once: the folder keeps it. */
  readonly deployment?: string;
  readonly clock?: Clock;
  /** Of one actor, at each service. */
  readonly requestsPerMinute?: number;
}

/** All services behind one address on this machine: in this process, or in processes of their own. */
export interface RunningPlatform {
  readonly url: string;
  readonly issuer: LocalIssuer;
  readonly postgres: LocalPostgres;
  readonly clock: Clock;
  /** By service, the address of its own database, as its application role. */
  readonly databases: ReadonlyMap<string, string>;
  /** What moves the time of each service; none where the clock is the real one. */
  readonly timed: readonly TimedService[];
  /** Resolves when the PostgreSQL has ended and nobody stopped it. Nothing can be taken any more: the host ends too, and is started again. */
  readonly databaseLost: Promise<void>;
  stop(): Promise<void>;
}

/** In one process, over the in-process transport. */
export interface Platform extends RunningPlatform {
  readonly services: ReadonlyMap<string, RunningService>;
}

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { services: definitions, log, port = 0, clock = systemClock, requestsPerMinute } = options;
  const home = await openHome({ ...options, clock, services: definitions.map(({ name }) => name) });
  const { issuer } = home;
  const transport = new InProcessTransport();
  const running: RunningService[] = [];
  try {
    for (const definition of definitions) {
      const own = home.services.get(definition.name);
      if (own) running.push(await createService(definition, { ...own, clock, verify: issuer.verify, log, transport, requestsPerMinute }));
    }
    for (const { app } of running) {
      await app.startAllMicroservices(); // consumers first: a relay begins where the one furthest behind stands
      await app.init();
    }
    for (const service of running) await service.start();
    const services = new Map(running.map((service) => [service.name, service]));
    const behind = new Map(running.map(({ name, app }) => [name, { handle: app.getHttpAdapter().getInstance() as Handler }] as const));
    const opened = await open(front(behind, issuer), port);
    return {
      url: opened.url, services, issuer, postgres: home.postgres, clock, databaseLost: home.databaseLost, databases: databasesOf(home),
      timed: running.flatMap(({ time }) => time ?? []), stop: () => stop(opened, running, home),
    };
  } catch (error) {
    await stop(undefined, running, home);
    throw error;
  }
}

export const databasesOf = ({ services }: Home): ReadonlyMap<string, string> => new Map([...services].map(([name, { databaseUrl }]) => [name, databaseUrl]));

async function stop(opened: Opened | undefined, running: readonly RunningService[], home: Home): Promise<void> {
  await opened?.close();
  await Promise.allSettled(running.map((service) => service.stop()));
  await home.close();
}
