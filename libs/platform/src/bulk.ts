import { Controller, Inject, Logger, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { once } from 'node:events';
import { isUtf8 } from 'node:buffer';
import type { Actor, Command } from '@touchstone/kernel';
import { derivedId, entityOf, isUuid } from '@touchstone/kernel';
import type { AnySlice, CommandContext, Commands } from '@touchstone/event-store';
import { Runtime } from '@touchstone/event-store';
import type { ActingRequest } from './http.js';
import { Requires } from './http.js';
import { mayDo } from './permissions.js';
import { BadRequest, Forbidden, problemOf } from './problem.js';
import type { ServiceDefinition } from './service.js';
import { validateCommand } from './validate-command.js';

/** What became of one line. `unchanged`: the same command had been taken before. `failed`: a fault of ours; send it again. */
export interface BulkResult {
  readonly line: number;
  readonly status: 'accepted' | 'unchanged' | 'refused' | 'invalid' | 'failed';
  readonly code?: string;
  readonly detail?: string;
  readonly pointer?: string;
  readonly position?: string;
}

export const SERVICE = Symbol('service definition');
const MAX_LINE_BYTES = 256 * 1024;
const SIDE_BY_SIDE = 128;
const logger = new Logger('bulk');

/**
 * Many commands in one request: NDJSON in, NDJSON out, a line for a line, in order. Lines run side by side; one waits for the
 * earlier lines that work on an entity which it names by its id. `migrated` marks the records so: they start no reaction and arm
 * no deadline. With `dryRun`, each line is decided on what the lines before it leave, and nothing is written.
 */
@Controller('bulk')
export class BulkController {
  private readonly slices: ReadonlyMap<string, AnySlice>;

  constructor(private readonly runtime: Runtime, @Inject(SERVICE) private readonly service: ServiceDefinition) {
    this.slices = new Map(service.slices.flatMap(({ slice }) => Object.keys(slice.commands).map((type) => [type, slice] as const)));
  }

  @Post()
  @Requires('position.read')
  @ApiOperation({ summary: 'Many commands as NDJSON: {"line", "id"?, "type", "occurredAt"?, "body"}' })
  async take(@Req() request: ActingRequest, @Res() response: Response, @Query('dryRun') dryRun?: string, @Query('provenance') provenance = 'migrated'): Promise<void> {
    const actor = this.mayDo(request, provenance);
    if (dryRun !== undefined && dryRun !== 'true' && dryRun !== 'false') throw new BadRequest('BAD_DRY_RUN', 'dryRun must be true or false');
    const dry = dryRun === 'true';
    const run = new BulkRun(dry ? this.runtime.tryOut() : this.runtime.commands, this.service.name, this.slices, actor, provenance === 'migrated');
    response.status(200).type('application/x-ndjson');
    response.flushHeaders(); // a client that streams learns at once that it was let in
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    let ready = '';
    const send = async () => {
      const lines = ready;
      ready = '';
      if (lines !== '' && !response.write(lines)) await once(response, 'drain', { signal: gone.signal });
    };
    const write = async (value: object) => {
      if (ready === '') setImmediate(() => void send().catch(() => undefined)); // answers of one breath leave together
      ready += `${JSON.stringify(value)}\n`;
      if (ready.length > MAX_LINE_BYTES) await send();
    };
    const none = dry ? { position: undefined } : {}; // what was only tried has no place in the log
    await run.all(request, async (result) => write({ ...result, ...none }));
    await write({ summary: { ...run.summary, ...none } });
    await send();
    response.end();
  }

  private mayDo({ actor }: ActingRequest, provenance: string): Actor {
    if (provenance !== 'migrated' && provenance !== 'live') throw new BadRequest('BAD_PROVENANCE', 'provenance must be migrated or live');
    const permission = provenance === 'migrated' ? 'bulk.migrate' : 'bulk.live';
    if (!actor || !mayDo(actor.roles, permission)) throw new Forbidden(`${actor?.id ?? 'nobody'} needs ${permission}`);
    return actor;
  }
}

interface Line {
  readonly line: number;
  readonly type: string;
  readonly id: unknown;
  readonly occurredAt: unknown;
  readonly body: unknown;
}

class BulkRun {
  readonly summary = { accepted: 0, unchanged: 0, refused: 0, invalid: 0, failed: 0, position: undefined as string | undefined };
  /** What is at work on an entity, by the entity's id. */
  private readonly atWork = new Map<string, Promise<unknown>>();
  private line = 0;

  constructor(
    private readonly commands: Commands, private readonly service: string, private readonly slices: ReadonlyMap<string, AnySlice>,
    private readonly actor: Actor, private readonly migrated: boolean,
  ) {}

  async all(request: Request, tell: (result: BulkResult) => Promise<void>): Promise<void> {
    let told: Promise<void> = Promise.resolve();
    const open: Promise<void>[] = [];
    for await (const text of lines(request)) {
      this.line += 1;
      if (text === '') continue;
      const parsed = this.parse(text);
      const result = 'status' in parsed ? Promise.resolve(parsed) : this.inTurn(parsed);
      told = told.then(async () => {
        const answer = await result;
        this.summary[answer.status] += 1;
        this.summary.position = answer.position ?? this.summary.position;
        await tell(answer);
      });
      told.catch(() => undefined); // who awaits it hears of it: the client went away
      open.push(told);
      if (open.length >= SIDE_BY_SIDE) await open.shift();
    }
    await told;
  }

  /** Lines run side by side, but a line waits for the earlier ones that work on an entity which it names. */
  private inTurn(parsed: Line): Promise<BulkResult> {
    const named = idsIn(parsed.body);
    const before = named.map((id) => this.atWork.get(id)).filter((each) => each !== undefined);
    const result = before.length === 0 ? this.handle(parsed) : Promise.all(before).then(() => this.handle(parsed));
    const entity = this.entityOf(parsed) ?? named[0];
    if (entity !== undefined) {
      this.atWork.set(entity, result);
      void result.then(() => this.atWork.get(entity) === result && this.atWork.delete(entity));
    }
    return result;
  }

  private entityOf({ type, body }: Line): string | undefined {
    try {
      const stream = this.slices.get(type)?.stream({ ...(body as object), type });
      return stream === undefined ? undefined : entityOf(stream);
    } catch {
      return undefined; // not a body of that command: the validation says so
    }
  }

  private parse(text: string | BadRequest): BulkResult | Line {
    const invalid = (code: string, detail: string): BulkResult => ({ line: this.line, status: 'invalid', code, detail });
    if (text instanceof BadRequest) return invalid(text.code, text.message);
    try {
      const { line, type, id, occurredAt, body } = JSON.parse(text) as Record<string, unknown>; // throws for null too
      if (typeof line === 'number' && Number.isSafeInteger(line)) this.line = line;
      if (typeof type !== 'string') return invalid('TYPE_MISSING', 'a line needs the "type" of its command');
      return { line: this.line, type, id, occurredAt, body };
    } catch {
      return invalid('INVALID_JSON', 'the line is not a JSON object');
    }
  }

  private async handle({ line, type, id, occurredAt, body }: Line): Promise<BulkResult> {
    try {
      const slice = this.slices.get(type);
      const commandClass = slice?.commands[type];
      if (!slice || !commandClass) throw new BadRequest('UNKNOWN_COMMAND', `${this.service} takes no command ${type}`);
      if (slice.notInBulk?.includes(type)) throw new BadRequest('NOT_IN_BULK', `${type} is given by itself: send it to its own route`);
      if (id !== undefined && !isUuid(id)) throw new BadRequest('NOT_A_UUID', 'id must be a UUID');
      const { command, envelope } = validateCommand(commandClass, isObject(body) && occurredAt !== undefined ? { ...body, occurredAt } : body);
      const answer = await this.commands.handle(slice, command, this.contextOf(type, id, envelope, command));
      const done = { line, position: answer.position };
      if (answer.outcome === 'refused') return { ...done, status: 'refused', code: answer.code, detail: JSON.stringify(answer.details) };
      return { ...done, status: answer.repeated || answer.events.length === 0 ? 'unchanged' : 'accepted' };
    } catch (error) {
      const { status, code, detail, errors } = problemOf(error);
      if (status === 500) logger.error(error);
      const [first] = (errors ?? []) as { pointer: string }[];
      return { line, status: status < 500 ? 'invalid' : 'failed', code, detail, ...(first && { pointer: first.pointer }) };
    }
  }

  /** Without an id of its own, a line is known by its content: the same line sent again is the same command. */
  private contextOf(type: string, id: string | undefined, envelope: { occurredAt?: string; reason?: string }, command: Command): CommandContext {
    const key = id ?? JSON.stringify([type, envelope.occurredAt, command]);
    return {
      ...envelope, actor: this.actor, commandId: derivedId('bulk', this.service, this.actor.id, key),
      ...(this.migrated && { provenance: ['migrated'] as const }),
    };
  }
}

/** The UUIDs in a body, at any depth: the entities that it names. */
function idsIn(value: unknown): string[] {
  if (typeof value === 'string') return isUuid(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(idsIn) : [];
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lines of the body; one that is too long or not UTF-8 is an error in its place. */
async function* lines(request: Request): AsyncGenerator<string | BadRequest> {
  let rest: Buffer = Buffer.alloc(0);
  let tooLong = false;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const line = asText(rest.subarray(0, end), tooLong);
      tooLong = false;
      rest = rest.subarray(end + 1);
      yield line;
    }
    if (rest.length > MAX_LINE_BYTES) {
      tooLong = true; // read on to its end without keeping it
      rest = Buffer.alloc(0);
    }
  }
  const last = asText(rest, tooLong);
  if (last !== '') yield last;
}

function asText(bytes: Buffer, tooLong: boolean): string | BadRequest {
  if (tooLong || bytes.length > MAX_LINE_BYTES) return new BadRequest('BODY_TOO_LARGE', 'a line may have at most 256 KiB');
  return isUtf8(bytes) ? bytes.toString('utf8').trim() : new BadRequest('INVALID_UTF8', 'the line is not UTF-8');
}
