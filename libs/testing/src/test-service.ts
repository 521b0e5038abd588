/// <reference types="jest" />
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@touchstone/kernel';
import { systemClock } from '@touchstone/kernel';
import type { Transport } from '@touchstone/messaging';
import type { LocalIssuer, RunningService, ServiceDefinition } from '@touchstone/platform';
import { createService, localIssuer, openLog } from '@touchstone/platform';
import { testDatabase } from './database.js';

/** Who asks: an id and his role. */
export type As = readonly [id: string, role: string];

export interface Told {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A service as it runs, on a log of its own; there from the first `it` of the file. */
export interface TestService {
  readonly running: RunningService;
  readonly address: string;
  call(method: string, path: string, as: As, body?: object): Promise<Told>;
  /** Everything that follows from what is in the log has followed, and was published. */
  settled(): Promise<void>;
}

export interface TestServiceOptions {
  readonly clock?: Clock;
  readonly transport?: Transport;
  /** Before the service begins to follow its log. */
  readonly beforeStart?: () => void;
}

const SETTLED_WITHIN_MS = 10_000;

/** Starts a service over HTTP in `beforeAll` and stops it in `afterAll`. */
export function testService(definition: ServiceDefinition, { clock = systemClock, transport, beforeStart }: TestServiceOptions = {}): TestService {
  const database = testDatabase();
  const folder = mkdtempSync(join(tmpdir(), `touchstone-${definition.name}-`));
  const there: { issuer?: LocalIssuer; running?: RunningService; address?: string } = {};
  const get = <K extends keyof typeof there>(name: K): NonNullable<(typeof there)[K]> => {
    const value = there[name];
    if (value === undefined) throw new Error('the service runs from the first test on');
    return value;
  };
  beforeAll(async () => {
    const { url } = await database.fresh({ service: definition.name });
    there.issuer = await localIssuer(join(folder, 'issuer.pem'));
    there.running = await createService(definition, { databaseUrl: url, masterKey: randomBytes(32), clock, verify: there.issuer.verify, log: openLog('silent'), transport });
    beforeStart?.();
    await there.running.app.startAllMicroservices();
    await there.running.app.listen(0, '127.0.0.1');
    await there.running.start();
    there.address = await there.running.app.getUrl();
  }, 60_000);
  afterAll(async () => {
    await there.running?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  return {
    get running() {
      return get('running');
    },
    get address() {
      return get('address');
    },
    call: async (method, path, [id, role], body) => {
      const authorization = `Bearer ${await get('issuer').issue({ id, roles: [role] })}`;
      const response = await fetch(get('address') + path, { method, headers: { 'content-type': 'application/json', authorization }, ...(body && { body: JSON.stringify(body) }) });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    settled: async () => {
      const { runtime, relay } = get('running');
      const followers = relay ? [...runtime.followers, relay] : runtime.followers;
      for (let waitedMs = 0; waitedMs < SETTLED_WITHIN_MS; waitedMs += 10) {
        const head = await runtime.options.store.head();
        if (followers.every(({ position }) => position === head)) return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`the service has not settled within ${SETTLED_WITHIN_MS} ms`);
    },
  };
}
