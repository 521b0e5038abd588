import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { control } from '@touchstone/control/app';
import { systemClock } from '@touchstone/kernel';
import { InProcessTransport } from '@touchstone/messaging';
import type { RunningService } from '@touchstone/platform';
import { createService, localIssuer, openLog } from '@touchstone/platform';
import { plainApp } from '../plain-app.js';
import { answering } from './answering.js';

export interface Serving {
  readonly kind: 'control' | 'plain';
  readonly url: string;
  readonly keyFile: string;
  /** Of the plain application's pool. */
  readonly connections: number;
}

const PATIENCE_MS = 60_000;

let service: RunningService | undefined;
let app: INestApplication | undefined;

/** One HTTP server in a process of its own. */
answering({
  serve: async ({ kind, url, keyFile, connections }: Serving) => {
    const { verify } = await localIssuer(keyFile);
    if (kind === 'plain') return listen((app = await plainApp(url, connections, verify)));
    service = await createService(control, {
      databaseUrl: url, masterKey: randomBytes(32), clock: systemClock, verify, log: openLog('error'), requestsPerMinute: 1_000_000_000, transport: new InProcessTransport(),
    });
    await service.app.startAllMicroservices();
    const address = await listen(service.app);
    await service.start();
    return address;
  },
  settle: () => (service ? settled(service) : Promise.resolve()),
}, async () => {
  await service?.stop();
  await app?.close();
});

async function listen(application: INestApplication): Promise<string> {
  await application.listen(0, '127.0.0.1');
  const address = (application.getHttpServer() as Server).address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

/** Read models, reactions and relay have followed: they no longer take time from whoever runs next. */
async function settled({ runtime, relay }: RunningService): Promise<void> {
  const head = await runtime.options.store.head();
  const followers = [...runtime.followers, ...(relay ? [relay] : [])];
  for (const follower of followers) {
    if (!(await follower.reached(head, PATIENCE_MS))) throw new Error(`${follower.name} stands still: ${follower.failure?.message ?? 'no error'}`);
  }
}
