import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { systemClock } from '@touchstone/kernel';
import { analytics } from '@touchstone/analytics/app';
import { assurance } from '@touchstone/assurance/app';
import { control } from '@touchstone/control/app';
import { feedback } from '@touchstone/feedback/app';
import { planning } from '@touchstone/planning/app';
import { migrate } from '@touchstone/event-store';
import { backUp, putBack, startLocalPostgres } from '@touchstone/event-store/local';
import { InProcessTransport } from '@touchstone/messaging';
import type { RunningService, ServiceDefinition } from '@touchstone/platform';
import { createService, localIssuer, openLog } from '@touchstone/platform';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Five services, each on a database of its own, heard over HTTP as by anybody. */
export interface DrillSite {
  readonly services: ReadonlyMap<string, RunningService>;
  call(service: string, method: 'GET' | 'POST', path: string, role: string, options?: { body?: object; key?: string; headers?: Record<string, string> }): Promise<Answer>;
  start(service: string): Promise<void>;
  stopService(service: string): Promise<void>;
  backUp(service: string, name: string): Promise<void>;
  putBack(service: string, name: string): Promise<void>;
  /** A statement past all guards, as the owner of the database: to try the checks. */
  asOwner(service: string, text: string): Promise<void>;
  /** Resolves when every read model, reaction and relay of all services stands at the head of its log, and nothing new came of it. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const definitions: readonly ServiceDefinition[] = [planning, control, assurance, feedback, analytics];
const PATIENCE_MS = 120_000;
const UNLIMITED = 1_000_000_000;

export async function openDrillSite(): Promise<DrillSite> {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-drill-'));
  const postgres = await startLocalPostgres({ dataDir: folder });
  const issuer = await localIssuer(join(folder, 'issuer-key.pem'));
  const [transport, masterKey, log] = [new InProcessTransport(), randomBytes(32), openLog('fatal')];
  const services = new Map<string, RunningService>();
  const tokens = new Map<string, string>();
  const make = async (definition: ServiceDefinition): Promise<RunningService> => {
    const { name } = definition;
    const databaseUrl = await postgres.createDatabase(name, 'drill');
    await migrate({ ownerUrl: postgres.ownerUrl(name), applicationRole: `${name}_app`, logId: `${name}.drill.1` });
    const service = await createService(definition, { databaseUrl, masterKey, clock: systemClock, verify: issuer.verify, log, transport, requestsPerMinute: UNLIMITED });
    services.set(name, service);
    await service.app.startAllMicroservices();
    await service.app.listen(0, '127.0.0.1');
    return service;
  };
  const tokenOf = async (role: string): Promise<string> => {
    const known = tokens.get(role) ?? (await issuer.issue({ id: `${role}-1`, roles: [role] }));
    tokens.set(role, known);
    return known;
  };
  const stop = async () => {
    for (const service of services.values()) await service.stop().catch(() => undefined); // its database may be gone
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    for (const definition of definitions) await make(definition);
    for (const service of services.values()) await service.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    services, stop,
    call: async (service, method, path, role, { body, key, headers } = {}) => {
      const response = await fetch(`${addressOf(services.get(service))}${path}`, {
        method, headers: { authorization: `Bearer ${await tokenOf(role)}`, 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }), ...headers },
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    start: async (name) => {
      const definition = definitions.find((each) => each.name === name);
      if (definition) await (await make(definition)).start();
    },
    stopService: async (name) => services.get(name)?.stop(),
    backUp: (service, name) => backUp(postgres.ownerUrl(service), service, name),
    putBack: (service, name) => putBack(postgres.ownerUrl(service), service, name, `${name}_replaced`),
    asOwner: async (service, text) => {
      const client = new pg.Client({ connectionString: postgres.ownerUrl(service) });
      await client.connect();
      await client.query(text).finally(() => client.end());
    },
    settled: () => settled([...services.values()]),
  };
}

function addressOf(service: RunningService | undefined): string {
  const address = (service?.app.getHttpServer() as Server).address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

async function settled(all: readonly RunningService[]): Promise<void> {
  const heads = () => Promise.all(all.map(({ runtime }) => runtime.options.store.head()));
  for (let before = await heads(); ; ) {
    await Promise.all(all.flatMap(({ runtime, relay }, index) => [...runtime.followers, ...(relay ? [relay] : [])].map(async (follower) => {
      if (!(await follower.reached(before[index] ?? 0, PATIENCE_MS))) throw new Error(`${follower.name} stands still: ${follower.failure?.message ?? 'no error'}`);
    })));
    const after = await heads();
    if (after.every((head, index) => head === before[index])) return;
    before = after;
  }
}
