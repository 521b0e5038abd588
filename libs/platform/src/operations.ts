import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Parking } from '@touchstone/event-store';
import { positionOf, Runtime } from '@touchstone/event-store';
import { Open, Requires } from './http.js';

/** One part of a service that must be alive for it to be ready. */
export interface Part {
  readonly name: string;
  readonly ready: () => boolean | Promise<boolean>;
  readonly detail: () => string;
  /** What a person should look at while the part works and the service is ready. */
  readonly degraded?: () => Promise<string | undefined>;
}

/**
 * Parked streams show, and never make a service not ready: all others flow, and another process of the service would find the
 * same ones parked. Taken out of rotation, it could not even be asked to replay them.
 */
export const parkedPart = (parking: Parking): Part => ({
  name: 'parked events', ready: () => true, detail: () => '',
  degraded: async () => {
    const open = (await parking.counts()).filter(({ state }) => state === 'parked');
    return open.length === 0 ? undefined : open.map(({ consumer, count, streams, oldest }) => `${consumer}: ${count} parked on ${streams} streams since ${oldest}`).join('; ');
  },
});

export const PARTS = Symbol('parts whose health counts');

@Controller('health')
export class HealthController {
  constructor(@Inject(PARTS) private readonly parts: readonly Part[]) {}

  @Get('live') @Open()
  live(): { status: string } {
    return { status: 'live' };
  }

  /** 503 with the dead parts by name: a dead relay, ingest, poller or projection makes the service not ready. What is degraded is told, too. */
  @Get('ready') @Open()
  async ready(@Res({ passthrough: true }) response: Response): Promise<{ status: string; parts: object[] }> {
    const parts = await Promise.all(this.parts.map(async ({ name, ready, detail, degraded }) => {
      const ok = await Promise.resolve(ready()).catch(() => false);
      const warning = await degraded?.().catch(() => undefined); // without the database another part says why
      return { name, ready: ok, ...(!ok && { detail: detail() }), ...(warning !== undefined && { degraded: warning }) };
    }));
    const dead = parts.filter((part) => !part.ready);
    if (dead.length > 0) response.status(503);
    return { status: dead.length === 0 ? 'ready' : `not ready: ${dead.map(({ name, detail }) => `${detail ?? name}`).join(', ')}`, parts };
  }
}

@Controller()
export class OperationsController {
  constructor(private readonly runtime: Runtime) {}

  @Get('position') @Requires('position.read')
  async position(): Promise<{ position: string }> {
    const { store } = this.runtime.options;
    return { position: positionOf(store.logId, await store.head()) };
  }
}
