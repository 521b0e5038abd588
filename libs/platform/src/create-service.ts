import 'reflect-metadata';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory, Reflector } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import express from 'express';
import { isUtf8 } from 'node:buffer';
import type { Logger } from 'pino';
import type { Clock } from '@touchstone/kernel';
import { SimulatedClock } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import type { Follower, StoredEvent } from '@touchstone/event-store';
import { openPostgresStore, ParkedDecisions, PostgresSubjectKeys, Runtime } from '@touchstone/event-store';
import type { Transport } from '@touchstone/messaging';
import { consumerOf, GatedIngest, Ingest, ingestController, relay } from '@touchstone/messaging';
import { BulkController, SERVICE } from './bulk.js';
import { ClockController } from './clock.controller.js';
import type { EpochSurroundings } from './epochs/epochs.controller.js';
import { EPOCH_SURROUNDINGS, EpochsController } from './epochs/epochs.controller.js';
import { keepLog } from './epochs/keep-log.js';
import { LogEpochs } from './epochs/log-epochs.js';
import { HistoryController } from './history.js';
import { openInbound } from './inbound/inbound-desk.js';
import { ActorGuard, AnswerInterceptor } from './http.js';
import type { VerifyToken } from './identity.js';
import { nestLogger } from './logging.js';
import { Metrics, METRICS_TEXT, MetricsController } from './metrics.js';
import type { Part } from './operations.js';
import { HealthController, OperationsController, parkedPart, PARTS } from './operations.js';
import { ParkedController } from './parked.controller.js';
import { ProblemFilter } from './problem.js';
import { requestPipe } from './query-pipe.js';
import { Rate } from './rate.js';
import { RebuildsController } from './rebuilds.js';
import type { ServiceDefinition } from './service.js';
import { ServiceTime } from './simulated-time.js';

/** What a host lends to a service. */
export interface Host {
  /** Address of the service's own database, as its application role. */
  readonly databaseUrl: string;
  /** 32 bytes that wrap the keys of subjects. */
  readonly masterKey: Buffer;
  readonly clock: Clock;
  readonly verify: VerifyToken;
  readonly log: Logger;
  /** Of one actor. Default {@link REQUESTS_PER_MINUTE}. */
  readonly requestsPerMinute?: number;
  /** Left out: the service runs, but is not ready, since nobody can hear it. */
  readonly transport?: Transport;
  /** A simulated clock is moved over HTTP, by operators; else only by this process. */
  readonly clockOverHttp?: boolean;
  /** Takes commands from the transport's inbound topic of the service, too. */
  readonly inbound?: boolean;
}

export interface RunningService {
  readonly name: string;
  readonly app: INestApplication;
  readonly runtime: Runtime;
  readonly relay?: Follower<StoredEvent>;
  /** Where the clock is a simulated one. */
  readonly time?: ServiceTime;
  /** Begins to follow the log and to publish; once the transport's consumers of all services of the process are attached. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Longest wait for followers of a service whose time is simulated: of a caller over HTTP, and of the host in this process. */
const [ANSWER_WITHIN_MS, SETTLED_WITHIN_MS] = [2_000, 60_000];

/** A Nest application around one service's log. It neither listens nor follows until it is started. */
export async function createService(definition: ServiceDefinition, host: Host): Promise<RunningService> {
  const { name } = definition;
  const log = host.log.child({ service: name });
  const store = await openPostgresStore({ url: host.databaseUrl });
  const keys = new PostgresSubjectKeys(store.pool, host.masterKey);
  const kept = keepLog(name, store, definition.listensTo, host.transport, log);
  const { gate, guard } = kept;
  store.onConnectionLost(() => keys.forgetAll());
  const runtime = new Runtime({
    gate, onLaterCheckpoints: (names) => log.warn({ names }, 'checkpoints lay beyond the log, which was put back without them'),
    service: name, url: host.databaseUrl, store, keys, clock: host.clock, contracts,
    onSnapshotIncident: (incident) => log.error(incident, 'a snapshot was not what the log says; the log was believed'),
    slices: definition.slices.map(({ slice }) => slice),
    projections: definition.slices.flatMap(({ projections = [] }) => projections),
    reactions: definition.slices.flatMap(({ reactions = [] }) => reactions),
    deadlines: definition.slices.flatMap(({ deadlines = [] }) => deadlines),
  });
  const ingest = new GatedIngest({ store, parking: runtime.parking, interests: kept.interests, check: (event) => contracts.check(event) }, gate);
  const relaying = kept.publisher && relay({ store, feed: runtime.feed, publisher: kept.publisher, isPublic: (type) => contracts.isPublic(type), asOlderVersions: (type, data) => contracts.asOlderVersions(type, data), guard });
  const logEpochs = new LogEpochs(name, runtime, guard, async () => {
    for (const follower of [...(relaying ? [relaying] : []), ...runtime.followers]) {
      if (follower.stopped) continue;
      await follower.stop(); // it may be waiting after a failure
      follower.start();
    }
  });
  const { clock, clockOverHttp = false } = host;
  const time = clock instanceof SimulatedClock
    ? new ServiceTime({ name, hears: kept.producers, runtime, relay: relaying, transport: host.transport, clock }, clockOverHttp ? ANSWER_WITHIN_MS : SETTLED_WITHIN_MS) : undefined;
  const metrics = new Metrics();
  const text = () => metrics.text(runtime, relaying);
  const rate = new Rate(host.requestsPerMinute);
  const inbound = host.inbound ? openInbound({ definition, runtime, verify: host.verify, rate, log, answered: (status) => metrics.inboundAnswered(status) }, host.transport) : undefined;
  const app = await NestFactory.create(moduleOf(definition, runtime, ingest, [kept.part, ...(inbound ? [inbound.part] : []), ...partsOf(runtime, relaying, host.transport)], logEpochs, { service: name, text, time: clockOverHttp ? time : undefined, ...kept }), httpAdapter(name, metrics), {
    logger: nestLogger(log), bodyParser: false, abortOnError: false,
  });
  app.useGlobalGuards(new ActorGuard(host.verify, app.get(Reflector), rate));
  app.useGlobalInterceptors(new AnswerInterceptor(runtime));
  app.useGlobalFilters(new ProblemFilter(log));
  app.useGlobalPipes(requestPipe());
  if (host.transport) app.connectMicroservice({ strategy: host.transport.strategy(ingest) }, { inheritAppConfig: false });
  describeApi(app, name);
  return {
    name, app, runtime, relay: relaying, time,
    start: async () => {
      await gate.proven().catch((error: unknown) => log.warn({ err: error }, 'whether the log is whole is not known yet'));
      await runtime.start();
      metrics.watch(runtime, relaying);
      relaying?.start();
      inbound?.line.start();
    },
    stop: async () => {
      await inbound?.line.stop();
      await relaying?.stop();
      await app.close();
      await runtime.stop();
    },
  };
}

function moduleOf(
  definition: ServiceDefinition, runtime: Runtime, ingest: Ingest, parts: readonly Part[], logEpochs: LogEpochs, around: EpochSurroundings & { interests: readonly string[]; text: () => Promise<string>; time?: ServiceTime },
): DynamicModule {
  @Module({})
  class ServiceModule {}
  return {
    module: ServiceModule,
    controllers: [
      ...definition.slices.flatMap(({ controllers }) => controllers), HealthController, BulkController, HistoryController, OperationsController,
      ParkedController, RebuildsController, MetricsController, EpochsController, ...(around.time ? [ClockController] : []),
      ...(around.interests.length > 0 ? [ingestController(around.interests)] : []),
    ],
    providers: [
      { provide: Runtime, useValue: runtime }, { provide: Ingest, useValue: ingest }, { provide: ParkedDecisions, useValue: parkedDecisions(runtime, ingest) },
      { provide: SERVICE, useValue: definition }, { provide: PARTS, useValue: parts },
      { provide: METRICS_TEXT, useValue: around.text },
      { provide: LogEpochs, useValue: logEpochs }, { provide: EPOCH_SURROUNDINGS, useValue: around },
      ...(around.time ? [{ provide: ServiceTime, useValue: around.time }] : []),
    ],
  };
}

const parkedDecisions = (runtime: Runtime, ingest: Ingest) => new ParkedDecisions(runtime.parking, (consumer) =>
  (consumer.startsWith(consumerOf('')) ? ingest : runtime.reactions.find(({ follower }) => follower.name === consumer)));

function partsOf(runtime: Runtime, relaying: Follower<StoredEvent> | undefined, transport: Transport | undefined): Part[] {
  const part = (name: string, follower: { stopped: boolean; failure?: Error }): Part => ({
    // A relay that stands by for another process of its service does what it should.
    name, ready: () => !follower.stopped && (!follower.failure || (follower.failure as { code?: string }).code === 'LEASE_HELD'), detail: () => `${name}: ${follower.failure?.message ?? 'stopped'}`,
  });
  return [
    { name: 'transport', ready: () => transport !== undefined && !transport.failure, detail: () => (transport ? `transport: ${transport.failure?.message ?? ''}` : 'no transport') },
    ...(relaying ? [part('relay', relaying)] : []),
    { name: 'database', ready: async () => (await runtime.options.store.head()) >= 0, detail: () => 'database: no answer' },
    ...[...runtime.models.values()].map((model): Part => ({
      name: `read model ${model.projection.name}`, ready: () => model.trouble === undefined, detail: () => `read model ${model.trouble ?? ''}`,
    })),
    { name: 'register of read models', ready: () => !runtime.readModels.failure, detail: () => `register of read models: ${runtime.readModels.failure?.message ?? ''}` },
    {
      name: 'reactions', ready: () => runtime.reactions.every(({ follower }) => !follower.stopped && !follower.failure),
      detail: () => runtime.reactions.flatMap(({ follower: { name, stopped, failure } }) => (stopped || failure ? [`${name}: ${failure?.message ?? 'stopped'}`] : [])).join(', '),
    },
    parkedPart(runtime.parking),
    { name: 'deadlines', ready: () => !runtime.poller.failure, detail: () => `deadlines: ${runtime.poller.failure?.message ?? ''}` },
  ];
}

/** JSON bodies of at most 256 KiB, in UTF-8; the bulk interface reads its stream itself. */
function httpAdapter(service: string, metrics: Metrics): ExpressAdapter {
  const server = express();
  server.disable('x-powered-by');
  server.set('etag', false);
  server.locals['service'] = service;
  const json = express.json({
    limit: '256kb', type: () => true,
    verify: (_request, _response, body) => {
      if (!isUtf8(body)) throw new Error('not UTF-8');
    },
  });
  server.use((_request, response, next) => {
    response.once('finish', () => metrics.answered(response.statusCode));
    next();
  });
  server.use((request, response, next) => (/^\/bulk\/?$/i.test(request.path) ? next() : json(request, response, next)));
  return new ExpressAdapter(server);
}

function describeApi(app: INestApplication, name: string): void {
  const description = new DocumentBuilder().setTitle(`Touchstone ${name}`).setVersion('1').setOpenAPIVersion('3.1.0').addBearerAuth().build();
  SwaggerModule.setup('api', app, () => SwaggerModule.createDocument(app, description), { jsonDocumentUrl: 'openapi.json', useGlobalPrefix: true });
}
