import 'reflect-metadata';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '@touchstone/kernel';
import { systemClock } from '@touchstone/kernel';
import { migrate } from '@touchstone/event-store';
import type { LocalPostgres } from '@touchstone/event-store/local';
import { secret, startLocalPostgres } from '@touchstone/event-store/local';
import { InProcessTransport } from '@touchstone/messaging';
import type { LocalIssuer, RunningService, ServiceDefinition } from '@touchstone/platform';
import { createService, localIssuer, problem } from '@touchstone/platform';

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

/** The whole platform in one process, over the in-process transport and a PostgreSQL of its own. */
export interface Platform {
  readonly url: string;
  readonly services: ReadonlyMap<string, RunningService>;
  readonly issuer: LocalIssuer;
  readonly postgres: LocalPostgres;
  readonly clock: Clock;
  /** Resolves when the PostgreSQL has ended and nobody stopped it. Nothing can be taken any more: the host ends too, and is started again. */
  readonly databaseLost: Promise<void>;
  stop(): Promise<void>;
}

export class SimulatedData extends Error {
  readonly code = 'SIMULATED_DATA';
}

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { services: definitions, log, port = 0, clock = systemClock, requestsPerMinute } = options;
  const home = resolve(options.dataDir);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const deployment = identity(home, options.deployment, clock);
  const postgres = await startLocalPostgres({ dataDir: join(home, 'postgres') });
  const issuer = await localIssuer(join(home, 'issuer-key.pem'));
  const transport = new InProcessTransport();
  const running: RunningService[] = [];
  try {
    for (const definition of definitions) {
      const { name } = definition;
      const databaseUrl = await postgres.createDatabase(name, secret(join(home, `${name}-password`)));
      await migrate({ ownerUrl: postgres.ownerUrl(name), applicationRole: `${name}_app`, logId: `${name}.${deployment}.1` });
      const masterKey = Buffer.from(secret(join(home, `${name}-master-key`), 32), 'hex');
      running.push(await createService(definition, { databaseUrl, masterKey, clock, verify: issuer.verify, log, transport, requestsPerMinute }));
    }
    for (const { app } of running) {
      await app.startAllMicroservices(); // consumers first: a relay begins where the one furthest behind stands
      await app.init();
    }
    for (const service of running) await service.start();
    const services = new Map(running.map((service) => [service.name, service]));
    const server = await listen(front(services, issuer), port);
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
    const watch = watchDatabase(postgres);
    const stopAll = () => {
      watch.end();
      return stop(server, running, postgres);
    };
    return { url, services, issuer, postgres, clock, databaseLost: watch.lost, stop: stopAll };
  } catch (error) {
    await stop(undefined, running, postgres);
    throw error;
  }
}

async function stop(server: Server | undefined, running: readonly RunningService[], postgres: LocalPostgres): Promise<void> {
  if (server) {
    const closed = new Promise((done) => server.close(done));
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 5_000).unref(); // who is still reading has had his time
    await closed;
  }
  await Promise.allSettled(running.map((service) => service.stop()));
  await postgres.stop();
}

const WATCH_MS = 250;

function watchDatabase({ pid }: LocalPostgres): { readonly lost: Promise<void>; end(): void } {
  const { promise: lost, resolve: tell } = Promise.withResolvers<void>();
  const timer = setInterval(() => {
    try {
      process.kill(pid, 0); // only asks
    } catch {
      clearInterval(timer);
      tell();
    }
  }, WATCH_MS).unref();
  return { lost, end: () => clearInterval(timer) };
}

/** The folder's name and its kind of time: data made under a simulated clock are never continued under the real one. */
function identity(home: string, wanted: string | undefined, clock: Clock): string {
  const file = join(home, 'deployment.json');
  if (!existsSync(file)) {
    const deployment = wanted ?? secret(join(home, 'deployment-name'), 8);
    writeFileSync(file, JSON.stringify({ deployment, simulated: clock.simulated }), { mode: 0o600 });
  }
  const { deployment, simulated } = JSON.parse(readFileSync(file, 'utf8')) as { deployment: string; simulated: boolean };
  if (simulated !== clock.simulated) {
    throw new SimulatedData(`${home} holds ${simulated ? 'simulated' : 'real'} data: give another --data folder${simulated ? ', or --simulated-clock' : ''}`);
  }
  return deployment;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** One address for all: /<service>/… goes to that service. */
function front(services: ReadonlyMap<string, RunningService>, issuer: LocalIssuer): Handler {
  const handlers = new Map([...services].map(([name, { app }]) => [name, app.getHttpAdapter().getInstance() as Handler] as const));
  return (request, response) => {
    const [, name = '', rest = ''] = /^\/([^/?]*)(.*)$/.exec(request.url ?? '/') ?? [];
    const handler = handlers.get(name);
    if (handler) {
      request.url = rest.startsWith('/') ? rest : `/${rest}`;
      handler(request, response);
    } else if (name === '') {
      answer(response, 200, { product: 'Touchstone', services: [...services.keys()].map((each) => ({ name: each, api: `/${each}/api`, ready: `/${each}/health/ready` })) });
    } else if (name === '.well-known') {
      void issuer.jwks().then((keys) => answer(response, 200, keys));
    } else {
      answer(response, 404, problem(404, 'NOT_FOUND', `no service ${name}: there are ${[...services.keys()].join(', ')}`));
    }
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' }).end(JSON.stringify(body));
}

function listen(handler: Handler, port: number): Promise<Server> {
  return new Promise((done, failed) => {
    const server = createServer(handler).once('error', failed).listen(port, '127.0.0.1', () => done(server));
  });
}
