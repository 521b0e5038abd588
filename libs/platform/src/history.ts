import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import type { RecordedEvent } from '@touchstone/kernel';
import { isUuid } from '@touchstone/kernel';
import { decode, decodeAll, decryptFields, NotKnownYet, positionOf, Runtime } from '@touchstone/event-store';
import type { StoredEvent } from '@touchstone/event-store';
import type { ActingRequest } from './http.js';
import { Requires } from './http.js';
import { mayDo } from './permissions.js';
import { BadRequest, NotFound, NotReachedYet } from './problem.js';
import { SERVICE } from './bulk.js';
import type { ServiceDefinition } from './service.js';

/** Why an event is in the log: the command and everything that was known, and what it led to here. */
export interface Explanation {
  readonly service: string;
  readonly event: RecordedEvent;
  /** The command as recorded; left out for an event of another service, which knows. */
  readonly command?: unknown;
  /** All events of that command. */
  readonly together: readonly RecordedEvent[];
  readonly caused: readonly RecordedEvent[];
}

const WAIT_MS = 2_000;

function asUuid(text: string): string {
  if (!isUuid(text)) throw new BadRequest('NOT_A_UUID', 'the id of an event is a UUID');
  return text;
}

function asStream(text: string | undefined): string {
  if (text === undefined || !/^[\x20-\x7e]{1,300}$/.test(text)) throw new BadRequest('NOT_A_STREAM', 'name a stream, e.g. lot-<lotId>');
  return text;
}

/** Any question about the past is answered from the log itself. */
@Controller()
export class HistoryController {
  constructor(private readonly runtime: Runtime, @Inject(SERVICE) private readonly service: ServiceDefinition) {}

  @Get('history/:stream') @Requires('history.read')
  async history(@Param('stream') stream: string, @Req() request: ActingRequest): Promise<{ stream: string; events: readonly RecordedEvent[] }> {
    const events = await this.runtime.options.store.readStream(asStream(stream));
    if (events.length === 0) throw new NotFound(`${this.service.name} has no stream ${stream}`);
    return { stream, events: await decodeAll(events, this.keysFor(request), this.runtime.upcasting) };
  }

  @Get('why/:eventId') @Requires('history.read')
  async why(@Param('eventId') eventId: string, @Req() request: ActingRequest): Promise<Explanation> {
    return this.explain(await this.event(eventId), request);
  }

  @Get('why') @Requires('history.read')
  async whyAt(@Query('stream') stream: string | undefined, @Query('version') version: string | undefined, @Req() request: ActingRequest): Promise<Explanation> {
    if (!/^[1-9]\d{0,8}$/.test(version ?? '')) throw new BadRequest('BAD_VERSION', 'version must be a whole number from 1');
    const [event] = await this.runtime.options.store.readStream(asStream(stream), Number(version) - 1);
    if (!event) throw new NotFound(`${this.service.name} has no ${stream}@${version}`);
    return this.explain(event, request);
  }

  /** What the event led to in this log: the events that name it as their cause. */
  @Get('caused/:eventId') @Requires('history.read')
  async caused(@Param('eventId') eventId: string, @Req() request: ActingRequest): Promise<readonly RecordedEvent[]> {
    return decodeAll(await this.runtime.options.store.causedBy(asUuid(eventId)), this.keysFor(request), this.runtime.upcasting);
  }

  /** Waits until a foreign event is in this log; answers with its position here, for `Min-Position`. */
  @Get('ingested/:eventId') @Requires('position.read')
  async ingested(@Param('eventId') eventId: string): Promise<{ position: string }> {
    const { store } = this.runtime.options;
    const id = asUuid(eventId);
    for (const until = Date.now() + WAIT_MS; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 10))) {
      const event = await store.event(id);
      if (event) return { position: positionOf(store.logId, event.seq) };
    }
    throw new NotReachedYet(`${eventId} has not reached ${this.service.name} within 2 s`);
  }

  private async event(eventId: string): Promise<StoredEvent> {
    const event = await this.runtime.options.store.event(asUuid(eventId));
    if (!event) throw new NotFound(`${this.service.name} knows no event ${eventId}`);
    return event;
  }

  private async explain(stored: StoredEvent, request: ActingRequest): Promise<Explanation> {
    const { upcasting, options: { store } } = this.runtime;
    const keys = this.keysFor(request);
    const event = await decode(stored, keys, upcasting);
    const own = !event.stream.includes('/');
    const command = own ? await store.command(event.meta.commandId) : undefined;
    if (own && !command) throw new NotKnownYet(`the command of ${event.id} is not recorded`);
    const neighbours = await decodeAll(await store.readStream(event.stream), keys, upcasting);
    return {
      service: this.service.name, event,
      ...(command && { command: await decryptFields(JSON.parse(command.record), keys) }),
      together: neighbours.filter(({ meta }) => meta.commandId === event.meta.commandId),
      caused: await decodeAll(await store.causedBy(event.id), keys, upcasting),
    };
  }

  /** Personal fields are shown to those who may see them; to others they read as a marker. */
  private keysFor({ actor }: ActingRequest) {
    return mayDo(actor?.roles ?? [], 'personal.reveal') ? this.runtime.options.keys : { find: () => Promise.resolve(undefined) };
  }
}
