import { Body, Controller, Get, Post, Query, Req } from '@nestjs/common';
import { IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import type { DecidedParked, ParkedCount, ParkedEvent, ParkedPlace, ParkedState } from '@touchstone/event-store';
import { PARKED_STATES, ParkedDecisions, Runtime } from '@touchstone/event-store';
import { isUuid } from '@touchstone/kernel';
import { CodeField, TextField, Uuid } from './fields.js';
import type { ActingRequest } from './http.js';
import { Requires } from './http.js';
import { Unauthenticated } from './identity.js';
import type { Paged } from './paging.js';
import { Page } from './paging.js';
import { BadRequest } from './problem.js';
import { validateCommand } from './validate-command.js';

class DecideParked {
  readonly type = 'DecideParked';
  @CodeField() consumer!: string;
  /** The first one that is parked of its stream; or name the stream. */
  @Uuid({ optional: true }) eventId?: string;
  @TextField({ optional: true }) stream?: string;
  @IsIn(['replayed', 'discarded']) decision!: 'replayed' | 'discarded';
  @TextField() why!: string;
  /** Tells what would come of it, and changes nothing. */
  @IsOptional() @IsBoolean() dryRun?: boolean;
}

class ParkedList extends Page {
  @IsOptional() @IsString() @MaxLength(300) consumer?: string;
  @IsOptional() @IsString() @MaxLength(500) stream?: string;
  @IsOptional() @Uuid({ optional: true }) eventId?: string;
  /** `parked`, when left out. */
  @IsOptional() @IsIn([...PARKED_STATES, 'any']) state: ParkedState | 'any' = 'parked';
}

/** What no consumer could take, and what a person decides about it. */
@Controller('parked')
export class ParkedController {
  constructor(private readonly runtime: Runtime, private readonly decisions: ParkedDecisions) {}

  @Get() @Requires('parked.read')
  async list(@Query() { consumer, stream, eventId, state, limit, after }: ParkedList): Promise<Paged<ParkedEvent>> {
    const found = await this.runtime.parking.list({ consumer, stream, eventId, ...(state !== 'any' && { state }), ...(after !== undefined && { after: placeIn(after) }), limit: limit + 1 });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last && { next: cursorOf(last) }) };
  }

  /** How many, on how many streams, since when: by consumer and state. */
  @Get('counts') @Requires('parked.read')
  async counts(): Promise<{ items: readonly ParkedCount[] }> {
    return { items: await this.runtime.parking.counts() };
  }

  /** `replayed`: its consumer takes the stream from its first parked event on, up to one that fails. `discarded`: nobody ever does. */
  @Post('decisions') @Requires('parked.decide')
  decide(@Body() body: unknown, @Req() { actor }: ActingRequest): Promise<DecidedParked> {
    if (!actor) throw new Unauthenticated('no actor');
    const { command: { consumer, eventId, stream, decision, why, dryRun } } = validateCommand(DecideParked, body);
    if ((eventId === undefined) === (stream === undefined)) throw new BadRequest('EVENT_OR_STREAM', 'name the event by eventId, or its whole stream by stream');
    const target = { consumer, eventId, stream };
    if (dryRun) return this.decisions.dryRun(decision, target);
    return decision === 'replayed' ? this.decisions.replay(target, actor.id, why) : this.decisions.discard(target, actor.id, why);
  }
}

const cursorOf = ({ consumer, position, eventId }: ParkedPlace): string => Buffer.from(JSON.stringify([consumer, position, eventId]), 'utf8').toString('base64url');

function placeIn(after: string): ParkedPlace {
  try {
    const [consumer, position, eventId] = JSON.parse(Buffer.from(after, 'base64url').toString('utf8')) as unknown[];
    if (typeof consumer === 'string' && !consumer.includes('\0') && Number.isSafeInteger(position) && isUuid(eventId)) return { consumer, position: position as number, eventId };
  } catch {
    // not a cursor of ours
  }
  throw new BadRequest('BAD_CURSOR', '`after` must be the `next` of the page before');
}
