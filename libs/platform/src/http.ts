import type { CallHandler, CanActivate, ExecutionContext, NestInterceptor, PipeTransform, Type } from '@nestjs/common';
import { applyDecorators, createParamDecorator, Injectable, Post, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBearerAuth, ApiBody, ApiHeader } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Observable } from 'rxjs';
import { concatMap } from 'rxjs';
import { randomUUID } from 'node:crypto';
import type { Actor, Command, Uuid } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import type { Answer, CommandClass, CommandContext } from '@touchstone/event-store';
import { Runtime } from '@touchstone/event-store';
import type { VerifyToken } from './identity.js';
import { Unauthenticated } from './identity.js';
import { mayDo } from './permissions.js';
import { BadRequest, Forbidden, NotReachedYet, problem } from './problem.js';
import type { Rate } from './rate.js';
import { validateCommand } from './validate-command.js';

const PERMISSION = 'touchstone:permission';
const OPEN = 'touchstone:open';

/** The permission a route asks for. A route without it, and not open, is refused to everybody. */
export const Requires = (permission: string) => applyDecorators(SetMetadata(PERMISSION, permission), ApiBearerAuth());
/** A route without an actor: health, metrics, API description. */
export const Open = () => SetMetadata(OPEN, true);

export type ActingRequest = Request & { actor?: Actor };

const MAX_TOKEN_LENGTH = 16_384;

/** Who asks, by the token of an `Authorization` header, and not too often; `from` is where too many bad tokens are counted. The same for HTTP and Kafka. */
export async function actorOf(authorization: string | undefined, from: string, verify: VerifyToken, rate: Rate): Promise<Actor> {
  const [scheme, token] = authorization?.split(' ') ?? [];
  if (scheme?.toLowerCase() !== 'bearer' || !token || token.length > MAX_TOKEN_LENGTH) throw new Unauthenticated('send a token: Authorization: Bearer <token>');
  const actor = await verify(token).catch(async (error: unknown) => {
    if (error instanceof Unauthenticated) await rate.ofBadToken(from);
    throw error;
  });
  await rate.ofActor(actor.id);
  return actor;
}

/** @throws Forbidden also where nobody may: deny by default. */
export function mustMay({ id, roles }: Actor, permission: string | undefined): void {
  if (permission !== undefined && mayDo(roles, permission)) return;
  throw new Forbidden(`${id} needs ${permission ?? 'a permission that no role gives'}, which none of his roles (${roles.join(', ') || 'none'}) gives`);
}

/** Every call has an actor, from a verified token, who has not asked too often; deny by default. */
@Injectable()
export class ActorGuard implements CanActivate {
  constructor(private readonly verify: VerifyToken, private readonly reflector: Reflector, private readonly rate: Rate) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true; // events of the transport come from ingest, not from people
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(OPEN, targets)) return true;
    const request = context.switchToHttp().getRequest<ActingRequest>();
    const actor = await actorOf(request.headers.authorization, request.ip ?? '', this.verify, this.rate);
    mustMay(actor, this.reflector.getAllAndOverride<string | undefined>(PERMISSION, targets));
    request.actor = actor;
    return true;
  }
}

/** A command as it came over HTTP: validated, with who asks and when. */
export interface Asked<C extends Command> {
  readonly command: C;
  readonly context: CommandContext;
}

interface Raw {
  readonly commandClass: CommandClass;
  readonly request: ActingRequest;
}

@Injectable()
export class AskedPipe implements PipeTransform<Raw, Asked<Command>> {
  transform({ commandClass, request }: Raw): Asked<Command> {
    const { command, envelope } = validateCommand(commandClass, withPath(request));
    const { actor } = request;
    if (!actor) throw new Unauthenticated('no actor');
    const key = request.header('idempotency-key');
    const ifMatch = request.header('if-match');
    if (ifMatch !== undefined && !/^"\d{1,9}"$/.test(ifMatch)) throw new BadRequest('BAD_IF_MATCH', 'If-Match must be the ETag of an answer, e.g. "3"');
    return {
      command,
      context: {
        ...envelope, actor,
        commandId: key === undefined ? randomUUID() : commandIdOf(serviceOf(request), actor, key, 'Idempotency-Key'),
        ...(ifMatch !== undefined && { ifMatch: Number(ifMatch.slice(1, -1)) }),
      },
    };
  }
}

/** The same key of the same actor is the same command, whichever way it comes. `named` is what the sender calls the key. */
export function commandIdOf(service: string, actor: Actor, key: string, named: string): Uuid {
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) throw new BadRequest('BAD_IDEMPOTENCY_KEY', `${named} must be 1 to 200 visible ASCII characters`);
  return derivedId('http', service, actor.id, key);
}

const serviceOf = (request: Request): string => String((request.app.locals as Record<string, unknown>)['service']);

/** Ids in the path belong to the command; a body that says otherwise is refused. */
function withPath({ body, params }: Request): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return Object.keys(params).length > 0 && body === undefined ? params : body;
  for (const [name, value] of Object.entries(params)) {
    const said = (body as Record<string, unknown>)[name];
    if (said !== undefined && said !== value) throw new BadRequest('PATH_AND_BODY_DIFFER', `${name} is ${String(value)} in the path and another in the body`);
  }
  return { ...body, ...params };
}

const COMMAND = 'touchstone:command';

/** A route that takes a command: `POST path`, with the permission it needs. */
export const Takes = (commandClass: CommandClass, path: string, permission: string) =>
  applyDecorators(
    Post(path), Requires(permission), SetMetadata(COMMAND, commandClass), ApiBody({ type: commandClass }),
    ApiHeader({ name: 'Idempotency-Key', required: false, description: 'repeat it to repeat the command: it is carried out once' }),
    ApiHeader({ name: 'If-Match', required: false, description: 'version that was seen, as the ETag of an answer' }),
  );

/** What the routes of a controller take, with the permission that each asks for. */
export const takenBy = (controller: Type): { readonly commandClass: CommandClass; readonly permission: string | undefined }[] =>
  Object.values(Object.getOwnPropertyDescriptors(controller.prototype as object)).flatMap(({ value }: PropertyDescriptor) => {
    const commandClass = typeof value === 'function' ? (Reflect.getMetadata(COMMAND, value) as CommandClass | undefined) : undefined;
    return commandClass ? [{ commandClass, permission: Reflect.getMetadata(PERMISSION, value as object) as string | undefined }] : [];
  });

/** The command of a route marked with {@link Takes}, with its context. */
export const AskedFor = (commandClass: CommandClass) =>
  createParamDecorator((_: unknown, context: ExecutionContext): Raw => ({ commandClass, request: context.switchToHttp().getRequest<ActingRequest>() }))(new AskedPipe());

/** Answers of commands become HTTP: version as ETag, the position to read one's own write, a refusal as problem 422. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(private readonly runtime: Runtime) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle();
    const http = context.switchToHttp();
    const minimum = http.getRequest<Request>().header('min-position');
    if (minimum !== undefined && !(await this.runtime.reached(minimum))) {
      throw new NotReachedYet(`the read models have not reached ${minimum} within 2 s: try again`);
    }
    const response = http.getResponse<Response>();
    return next.handle().pipe(concatMap((answer: unknown) => Promise.resolve(isAnswer(answer) ? this.tell(answer, response) : answer)));
  }

  private tell(answer: Answer, response: Response): unknown {
    const { status, body } = told(answer);
    response.header('ETag', `"${answer.version}"`).header('Position', answer.position).status(status);
    if (answer.outcome === 'refused') response.type('application/problem+json');
    return body;
  }
}

/** What the sender of a command is told: the answer, or why a rule refused it. */
export function told(answer: Answer): { readonly status: number; readonly body: object } {
  if (answer.outcome === 'accepted') return { status: answer.events.length > 0 && !answer.repeated ? 201 : 200, body: answer };
  const { code, details, stream, version, events, position } = answer;
  return { status: 422, body: problem(422, code, `refused by rule ${code}: ask why at /why/${events[0]?.id ?? ''}`, { details, stream, version, refusalId: events[0]?.id, position }) };
}

const isAnswer = (value: unknown): value is Answer =>
  typeof value === 'object' && value !== null && 'outcome' in value && 'position' in value && 'events' in value;
