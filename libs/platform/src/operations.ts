import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { IsIn } from 'class-validator';
import { positionOf, Runtime } from '@touchstone/event-store';
import { CodeField, TextField, Uuid } from './fields.js';
import type { ActingRequest } from './http.js';
import { Open, Requires } from './http.js';
import { NotFound } from './problem.js';
import { validateCommand } from './validate-command.js';

/** One part of a service that must be alive for it to be ready. */
export interface Part {
  readonly name: string;
  readonly ready: () => boolean | Promise<boolean>;
  readonly detail: () => string;
}

export const PARTS = Symbol('parts whose health counts');

@Controller('health')
export class HealthController {
  constructor(@Inject(PARTS) private readonly parts: readonly Part[]) {}

  @Get('live') @Open()
  live(): { status: string } {
    return { status: 'live' };
  }

  /** 503 with the dead parts by name: a dead relay, ingest, poller or projection makes the service not ready. */
  @Get('ready') @Open()
  async ready(@Res({ passthrough: true }) response: Response): Promise<{ status: string; parts: object[] }> {
    const parts = await Promise.all(this.parts.map(async ({ name, ready, detail }) => {
      const ok = await Promise.resolve(ready()).catch(() => false);
      return { name, ready: ok, ...(!ok && { detail: detail() }) };
    }));
    const dead = parts.filter((part) => !part.ready);
    if (dead.length > 0) response.status(503);
    return { status: dead.length === 0 ? 'ready' : `not ready: ${dead.map(({ name, detail }) => `${detail ?? name}`).join(', ')}`, parts };
  }
}

class DecideParked {
  readonly type = 'DecideParked';
  @CodeField() consumer!: string;
  @Uuid() eventId!: string;
  @IsIn(['replayed', 'discarded']) decision!: 'replayed' | 'discarded';
  @TextField() why!: string;
}

@Controller()
export class OperationsController {
  constructor(private readonly runtime: Runtime) {}

  @Get('position') @Requires('position.read')
  async position(): Promise<{ position: string }> {
    const { store } = this.runtime.options;
    return { position: positionOf(store.logId, await store.head()) };
  }

  @Get('parked') @Requires('parked.read')
  async parked(): Promise<object> {
    return { items: await this.runtime.parking.list() };
  }

  /** A person decides about a parked event of a reaction; replaying sends its command again, under a new id. */
  @Post('parked/decisions') @Requires('parked.decide')
  async decide(@Body() body: unknown, @Req() { actor }: ActingRequest): Promise<object> {
    const { command: { consumer, eventId, decision, why } } = validateCommand(DecideParked, body);
    const parked = (await this.runtime.parking.list('parked', 10_000)).find((each) => each.consumer === consumer && each.eventId === eventId);
    if (!parked) throw new NotFound(`nothing of ${eventId} is parked for ${consumer}`);
    if (decision === 'replayed') await this.runtime.replayParked(parked);
    await this.runtime.parking.decide(consumer, eventId, decision, actor?.id ?? 'nobody', why);
    await this.runtime.parkedWasDecided(consumer);
    return { consumer, eventId, decision };
  }
}
