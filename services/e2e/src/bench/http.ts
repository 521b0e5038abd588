import { randomBytes } from 'node:crypto';
import { once as occurred } from 'node:events';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { INestApplication } from '@nestjs/common';
import { systemClock } from '@touchstone/kernel';
import { control } from '@touchstone/control/app';
import { InProcessTransport } from '@touchstone/messaging';
import type { RunningService } from '@touchstone/platform';
import { createService, localIssuer, openLog } from '@touchstone/platform';
import type { BenchServer } from './database.js';
import { asOwner } from './database.js';
import type { Contender, Contest, Sample } from './measure.js';
import { plainApp, plainLotTable } from './plain-app.js';

const CONCURRENCY = [1, 16];
const PATIENCE_MS = 60_000;

/** `POST /lots`: the control service as it runs, against a controller that saves a row. */
export async function httpContests(server: BenchServer, durationMs: number): Promise<{ contests: Contest[]; close: () => Promise<void> }> {
  const { url: databaseUrl, ownerUrl, folder } = await server.database('control');
  await asOwner(ownerUrl, plainLotTable('control_app'));
  const issuer = await localIssuer(join(folder, 'issuer-key.pem'));
  const service = await createService(control, {
    databaseUrl, masterKey: randomBytes(32), clock: systemClock, verify: issuer.verify, log: openLog('error'), requestsPerMinute: 1_000_000_000,
    transport: new InProcessTransport(),
  });
  await service.app.startAllMicroservices();
  const address = await listen(service.app);
  await service.start();
  const plain = await plainApp(databaseUrl, Math.max(...CONCURRENCY));
  const plainAddress = await listen(plain);
  const token = await issuer.issue({ id: 'inspector-7', roles: ['inspector'] });
  const client = new Worker(new URL('./load-client.mjs', import.meta.url), { execArgv: [] });
  const contender = (name: string, url: string, concurrency: number, headers = {}): Contender =>
    ({ name, run: () => load(client, { url, headers, concurrency, durationMs }) });
  const contests = CONCURRENCY.map((concurrency): Contest => ({
    area: 'http', what: `POST a new lot, ${concurrency} at once`, unit: 'requests/s', settle: () => settled(service),
    contenders: [
      contender('this control service', `${address}/lots`, concurrency, { Authorization: `Bearer ${token}` }),
      contender('plain Nest and TypeORM, repository.save', `${plainAddress}/saved-lots`, concurrency),
      contender('plain Nest and TypeORM, repository.insert', `${plainAddress}/inserted-lots`, concurrency),
    ],
  }));
  return {
    contests,
    close: async () => {
      await client.terminate();
      await plain.close();
      await service.stop();
    },
  };
}

async function listen(app: INestApplication): Promise<string> {
  await app.listen(0, '127.0.0.1');
  const address = (app.getHttpServer() as Server).address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

async function load(client: Worker, job: { url: string; headers: object; concurrency: number; durationMs: number }): Promise<Sample> {
  client.postMessage(job);
  const [{ sample, error }] = (await occurred(client, 'message')) as [{ sample?: Sample; error?: string }];
  if (!sample) throw new Error(error ?? 'the client gave no result');
  return sample;
}

/** Read models, reactions and relay have followed: they no longer take time from whoever runs next. */
async function settled({ runtime, relay }: RunningService): Promise<void> {
  const head = await runtime.options.store.head();
  const followers = [...runtime.followers, ...(relay ? [relay] : [])];
  for (const follower of followers) {
    if (!(await follower.reached(head, PATIENCE_MS))) throw new Error(`${follower.name} stands still: ${follower.failure?.message ?? 'no error'}`);
  }
}
