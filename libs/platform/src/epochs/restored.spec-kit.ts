// Two services on a PostgreSQL of their own, whose databases a spec puts back: control, whose releases are public, and a depot
// that packs a parcel for each.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { PassThrough } from 'node:stream';
import { systemClock } from '@touchstone/kernel';
import { migrate } from '@touchstone/event-store';
import { backUp, putBack, startLocalPostgres } from '@touchstone/event-store/local';
import { InProcessTransport } from '@touchstone/messaging';
import type { RunningService, ServiceDefinition } from '../index.js';
import { createService, localIssuer } from '../index.js';
import { packingDepot } from '../releases.spec-kit.js';

export const depot = packingDepot({ from: 'beginning' });

export interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface Started extends RunningService {
  readonly logged: string[];
  get(path: string, headers?: Record<string, string>): Promise<Answered>;
  post(path: string, body: object, options?: { role?: string; key?: string }): Promise<Answered>;
}

export interface Site {
  start(definition: ServiceDefinition): Promise<Started>;
  backUp(service: string): Promise<void>;
  putBack(service: string): Promise<void>;
  /** As the owner of a service's database. */
  query(service: string, text: string): Promise<Record<string, unknown>[]>;
  /** SIGKILL of PostgreSQL; services have to be started again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

export async function openSite(): Promise<Site> {
  const dataDir = mkdtempSync(join(tmpdir(), 'touchstone-restored-'));
  let postgres = await startLocalPostgres({ dataDir });
  const issuer = await localIssuer(join(dataDir, 'issuer.pem'));
  const [transport, masterKey] = [new InProcessTransport(), randomBytes(32)];
  const running = new Set<RunningService>();
  const start = async (definition: ServiceDefinition): Promise<Started> => {
    const { name } = definition;
    const databaseUrl = await postgres.createDatabase(name, 'secret');
    await migrate({ ownerUrl: postgres.ownerUrl(name), applicationRole: `${name}_app`, logId: `${name}.site.1` });
    const logged: string[] = [];
    const log = pino({ level: 'warn' }, new PassThrough().on('data', (line: Buffer) => logged.push(line.toString('utf8'))));
    const service = await createService(definition, { databaseUrl, masterKey, clock: systemClock, verify: issuer.verify, log, transport });
    running.add(service);
    await service.app.startAllMicroservices();
    await service.app.listen(0, '127.0.0.1');
    await service.start();
    const address = await service.app.getUrl();
    const ask = async (method: string, path: string, role: string, headers: Record<string, string> = {}, body?: object): Promise<Answered> => {
      const authorization = `Bearer ${await issuer.issue({ id: `${role}-1`, roles: [role] })}`;
      const response = await fetch(address + path, { method, headers: { authorization, 'content-type': 'application/json', ...headers }, ...(body && { body: JSON.stringify(body) }) });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    return {
      ...service, logged,
      get: (path, headers) => ask('GET', path, 'auditor', headers),
      post: (path, body, { role = 'quality-engineer', key } = {}) => ask('POST', path, role, key === undefined ? {} : { 'idempotency-key': key }, body),
      stop: () => {
        running.delete(service);
        return service.stop();
      },
    };
  };
  let copies = 0;
  return {
    start,
    backUp: (service) => backUp(postgres.ownerUrl(service), service, `${service}_backup_${(copies += 1)}`),
    putBack: (service) => putBack(postgres.ownerUrl(service), service, `${service}_backup_${copies}`, `${service}_lost_${copies}`),
    query: async (service, text) => {
      const { default: pg } = await import('pg');
      const client = new pg.Client({ connectionString: postgres.ownerUrl(service) });
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(text)).rows;
      } finally {
        await client.end();
      }
    },
    crash: async () => {
      await postgres.kill();
      for (const service of running) await service.stop().catch(() => undefined); // its database is gone
      running.clear();
      postgres = await startLocalPostgres({ dataDir });
    },
    stop: async () => {
      for (const service of running) await service.stop().catch(() => undefined); // a spec may have taken its database away
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export async function eventually<T>(ask: () => Promise<T> | T, good: (answer: T) => boolean = Boolean): Promise<T> {
  let answer = await ask();
  for (let waited = 0; waited < 500 && !good(answer); waited += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    answer = await ask();
  }
  if (!good(answer)) throw new Error(`it did not come to this within ten seconds: ${JSON.stringify(answer)}`);
  return answer;
}
