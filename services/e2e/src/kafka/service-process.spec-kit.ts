import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LocalIssuer } from '@touchstone/platform';
import { LOCAL_ISSUER, localIssuer } from '@touchstone/platform';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const START_MS = 90_000;

/** Signs tokens, and shows its keys where service processes look for them. */
export interface IssuerOverHttp {
  readonly issuer: LocalIssuer;
  readonly environment: Readonly<Record<string, string>>;
  close(): void;
}

export async function issuerOverHttp(folder: string): Promise<IssuerOverHttp> {
  const issuer = await localIssuer(join(folder, 'issuer.pem'));
  const server = createServer((_, response) => void issuer.jwks().then((keys) => response.setHeader('content-type', 'application/json').end(JSON.stringify(keys))));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    issuer,
    environment: { TOUCHSTONE_ISSUER: LOCAL_ISSUER.issuer, TOUCHSTONE_AUDIENCE: LOCAL_ISSUER.audience, TOUCHSTONE_JWKS_URL: `http://127.0.0.1:${portOf(server)}/jwks` },
    close: () => { server.closeAllConnections(); server.close(); },
  };
}

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  await new Promise((closed) => server.close(closed));
  return port;
}

/** A service's own `main.ts` in a process of its own, from source. It can be killed and started again on the same database. */
export class ServiceProcess {
  private child?: ChildProcess;
  private said = '';
  /** What it last said about its parts. */
  lastStatus = '';
  exited: Promise<number | null> = Promise.resolve(null);

  private constructor(readonly name: string, readonly port: number, private readonly environment: Readonly<Record<string, string>>) {}

  static async start(name: string, environment: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    const port = await freePort();
    const service = new ServiceProcess(name, port, {
      TOUCHSTONE_MASTER_KEY: randomBytes(32).toString('hex'), TOUCHSTONE_ADDRESS: '127.0.0.1', TOUCHSTONE_LOG_LEVEL: 'warn', TOUCHSTONE_PORT: String(port), ...environment,
    });
    await service.start();
    return service;
  }

  /** Starts it anew; what was left of it by a spec that failed is killed, for it holds the port. */
  async start(): Promise<void> {
    await this.end('SIGKILL');
    const child = spawn(process.execPath, ['--conditions=@touchstone/source', '--import', '@swc-node/register/esm-register', join(repository, 'services', this.name, 'src', 'main.ts')], {
      cwd: repository, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] ?? '', ...this.environment },
    });
    this.child = child;
    this.exited = once(child, 'exit').then(([code]) => code as number | null);
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { this.said = (this.said + text).slice(-10_000); });
    for (const until = Date.now() + START_MS; (await this.ready()) === undefined; await pause(100)) {
      if (child.exitCode === null && Date.now() < until) continue;
      await this.end('SIGKILL');
      throw new Error(`${this.name} did not start: ${this.said}`);
    }
  }

  /** 200 when all parts work; undefined when nobody answers. */
  async ready(): Promise<number | undefined> {
    return fetch(`http://127.0.0.1:${this.port}/health/ready`).then(async (response) => {
      this.lastStatus = await response.text();
      return response.status;
    }, () => undefined);
  }

  async call(path: string, token: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** Resolves with the exit code; null after a signal that ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child?.kill(signal);
    return this.exited;
  }

  get log(): string {
    return this.said;
  }
}
