import { setTimeout as pause } from 'node:timers/promises';
import type { Instant } from '@touchstone/kernel';
import type { Standing, TimedService } from '@touchstone/platform';
import type { ServiceProcess } from './service-process.js';

/** A service in another process has so long to come to rest, a restart included. */
const PATIENCE_MS = 60_000;
const AGAIN_MS = 50;

/** The time of a service in another process, over HTTP. */
export class RemoteTime implements TimedService {
  constructor(private readonly service: Pick<ServiceProcess, 'name' | 'port' | 'state'>, readonly hears: readonly string[], private readonly token: string) {}

  get name(): string {
    return this.service.name;
  }

  standing(): Promise<Standing> {
    return this.ask<Standing>('GET', '/clock');
  }

  async nextDeadline(): Promise<Instant | undefined> {
    return (await this.ask<{ at?: Instant }>('GET', '/clock/next-deadline')).at;
  }

  async moveTo(now: Instant): Promise<void> {
    await this.ask('POST', '/clock', { now });
  }

  async fire(): Promise<number> {
    return (await this.ask<{ sent: number }>('POST', '/clock/deadlines', {})).sent;
  }

  /** Asked again while the service is away or behind: none of these questions does any harm twice. */
  private async ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    for (const until = Date.now() + PATIENCE_MS; ; await pause(AGAIN_MS)) {
      const { port, name, state } = this.service;
      const response = port === undefined ? undefined : await fetch(`http://127.0.0.1:${port}${path}`, {
        method, headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }),
      }).catch(() => undefined);
      if (response?.ok) return (await response.json()) as T;
      const said = response ? `${response.status} ${await response.text()}` : state;
      if ((response && response.status !== 503) || Date.now() > until) throw new Error(`${name}: ${method} ${path}: ${said}`);
    }
  }
}
