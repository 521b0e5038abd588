import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Actor } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import type { AnySlice, CommandClass, Runtime } from '@touchstone/event-store';
import { CodedError, isPassing } from '@touchstone/event-store';
import type { InboundAnswer, InboundDesk, InboundLine, InboundRecord, Transport } from '@touchstone/messaging';
import { inboundPlaces } from '@touchstone/messaging';
import { actorOf, commandIdOf, mustMay, takenBy, told } from '../http.js';
import type { VerifyToken } from '../identity.js';
import type { Part } from '../operations.js';
import { BadRequest, problemOf } from '../problem.js';
import type { Rate } from '../rate.js';
import { RateLimited } from '../rate.js';
import type { ServiceDefinition } from '../service.js';
import { validateCommand } from '../validate-command.js';

const MAX_BODY_BYTES = 256 * 1024;
const MAX_SOURCE_LENGTH = 300;
/** What nobody foresaw is tried so often; then it is answered 500, since it might fail for ever. */
const ATTEMPTS = 5;

export interface InboundDeskOptions {
  readonly definition: ServiceDefinition;
  readonly runtime: Runtime;
  readonly verify: VerifyToken;
  readonly rate: Rate;
  readonly log: Logger;
  readonly places: Pick<InboundDesk, 'place' | 'note'>;
  /** Told of each answer, to count it. */
  readonly answered: (status: number) => void;
}

interface Route {
  readonly slice: AnySlice;
  readonly commandClass: CommandClass;
  readonly permission: string | undefined;
}

/**
 * Takes a CloudEvent for the HTTP request that it stands for: the same token, permission, rate, limits, validation and command id,
 * so the same answer. What has a route takes commands here; nothing else does. Who sends is known by the token alone.
 */
export class CommandDesk implements InboundDesk {
  private readonly routes: ReadonlyMap<string, Route>;

  constructor(private readonly options: InboundDeskOptions) {
    const { name, slices } = options.definition;
    this.routes = new Map(slices.flatMap(({ slice, controllers }) => controllers.flatMap(takenBy)
      .map(({ commandClass, permission }) => [`${name}.${new commandClass().type}`, { slice, commandClass, permission }] as const)));
  }

  place(lane: string): Promise<number> {
    return this.options.places.place(lane);
  }

  note(lane: string, next: number): Promise<void> {
    return this.options.places.note(lane, next);
  }

  async answer(record: InboundRecord): Promise<InboundAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return this.reply(record, await this.handle(record));
      } catch (error) {
        const problem = problemOf(error);
        if (problem.status === 503 || isPassing(error)) throw error;
        if (problem.status < 500) return this.reply(record, { status: problem.status, body: error instanceof RateLimited ? { ...problem, retryAfterSeconds: error.retryAfterSeconds } : problem });
        const requestId = randomUUID();
        this.options.log.error({ err: error, requestId, lane: record.lane, offset: record.offset }, 'inbound command failed');
        if (attempt >= ATTEMPTS) return this.reply(record, { status: problem.status, body: { ...problem, requestId } });
        await pause(50 * 2 ** attempt);
      }
    }
  }

  private async handle({ lane, value, headers }: InboundRecord): Promise<{ status: number; body: object }> {
    const { definition, runtime, verify, rate } = this.options;
    const actor = await actorOf(headers['authorization'], lane, verify, rate);
    const { slice, commandClass, permission } = this.routeOf(headers);
    mustMay(actor, permission);
    const { command, envelope } = validateCommand(commandClass, bodyOf(value, headers));
    return told(await runtime.commands.handle(slice, command, { ...envelope, actor, commandId: this.idOf(definition.name, actor, headers) }));
  }

  private routeOf(headers: InboundRecord['headers']): Route {
    if (headers['content-type']?.startsWith('application/cloudevents')) throw new BadRequest('NOT_BINARY_MODE', 'send the command alone as the value, and the attributes of the CloudEvent as headers (binary mode)');
    const source = headers['ce_source'] ?? '';
    if (source === '' || source.length > MAX_SOURCE_LENGTH) throw new BadRequest('BAD_CE_SOURCE', `ce_source must name the sending system, in 1 to ${MAX_SOURCE_LENGTH} characters`);
    const route = this.routes.get(headers['ce_type'] ?? '');
    if (!route) throw new BadRequest('UNKNOWN_COMMAND', `ce_type must be a command of this service, such as ${this.routes.keys().next().value ?? this.options.definition.name}`);
    return route;
  }

  private idOf(service: string, actor: Actor, headers: InboundRecord['headers']): string {
    return commandIdOf(service, actor, headers['ce_id'] ?? '', 'ce_id');
  }

  private reply({ lane, offset, headers }: InboundRecord, { status, body }: { status: number; body: object }): InboundAnswer {
    const { runtime, answered } = this.options;
    const accepted = status < 300;
    answered(status);
    return {
      key: (headers['ce_id'] ?? '').slice(0, 200), value: JSON.stringify(accepted ? { status, ...body } : body),
      headers: {
        ce_specversion: '1.0', ce_id: derivedId('inbound reply', runtime.options.store.logId, lane, offset), ce_source: runtime.options.store.logId,
        ce_type: accepted ? 'inbound.CommandAccepted.v1' : 'inbound.CommandRefused.v1', 'content-type': accepted ? 'application/json' : 'application/problem+json',
        touchstone_status: String(status), touchstone_command: (headers['ce_type'] ?? '').slice(0, MAX_SOURCE_LENGTH), touchstone_reply_to: (headers['ce_source'] ?? '').slice(0, MAX_SOURCE_LENGTH),
      },
    };
  }
}

/** What was no UTF-8 has come with U+FFFD in its place: nobody means that character. */
function bodyOf(value: string, headers: InboundRecord['headers']): unknown {
  if (Buffer.byteLength(value) > MAX_BODY_BYTES) throw new BodyTooLarge('a body may have at most 256 KiB: send many records through the bulk interface');
  if (value.includes('\ufffd')) throw new BadRequest('INVALID_UTF8', 'the body is not UTF-8');
  const body = parsed(value);
  const occurredAt = headers['touchstone_occurred_at'];
  if (occurredAt === undefined || typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const said = (body as Record<string, unknown>)['occurredAt'];
  if (said !== undefined && said !== occurredAt) throw new BadRequest('HEADER_AND_BODY_DIFFER', 'touchstone_occurred_at says another time than occurredAt in the body');
  return { ...body, occurredAt };
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new BadRequest('INVALID_JSON', 'the body is not JSON');
  }
}

class BodyTooLarge extends CodedError {
  readonly code = 'BODY_TOO_LARGE';
  readonly status = 413;
}

/** Opens the service's inbound topic, where the host wants it and the transport has one. */
export function openInbound(options: Omit<InboundDeskOptions, 'places'>, transport: Transport | undefined): { readonly line: InboundLine; readonly part: Part } | undefined {
  const { definition: { name }, runtime } = options;
  const line = transport?.inbound?.(name, new CommandDesk({ ...options, places: inboundPlaces(runtime.options.store.pool) }));
  return line && { line, part: { name: 'inbound commands', ready: () => !line.failure, detail: () => `inbound commands: ${line.failure?.message ?? ''}` } };
}
