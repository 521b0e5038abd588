import { plainToInstance } from 'class-transformer';
import type { ValidationError } from 'class-validator';
import { validateSync } from 'class-validator';
import type { Command } from '@touchstone/kernel';
import { instant } from '@touchstone/kernel';
import type { CommandClass } from '@touchstone/event-store';
import { CodedError } from '@touchstone/event-store';

export interface FieldProblem {
  /** RFC 6901 pointer into the body. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

export class InvalidCommand extends CodedError {
  readonly status = 400;
  override readonly details: Readonly<Record<string, unknown>>;
  constructor(readonly code: string, message: string, readonly errors: readonly FieldProblem[]) {
    super(message);
    this.details = { errors };
  }
}

/** What may stand beside a command's own fields in its body. */
export interface Envelope {
  /** When it became true; now, when left out. */
  readonly occurredAt?: string;
  readonly reason?: string;
}

const MAX_DEPTH = 16;

/** The one check of commands, for HTTP, bulk import and Kafka alike. Throws {@link InvalidCommand}, naming every field. */
export function validateCommand<C extends Command>(commandClass: CommandClass<C>, body: unknown): { command: C; envelope: Envelope } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid([{ pointer: '', code: 'NOT_AN_OBJECT', detail: 'the body must be a JSON object' }]);
  if (depthOf(body) > MAX_DEPTH) throw invalid([{ pointer: '', code: 'TOO_DEEP', detail: `the body is nested more than ${MAX_DEPTH} deep` }]);
  const { occurredAt, reason, type, ...fields } = body as Record<string, unknown>;
  const command = plainToInstance(commandClass, fields, { exposeDefaultValues: true });
  const problems = [
    ...(type !== undefined && type !== command.type ? [{ pointer: '/type', code: 'WRONG_TYPE', detail: `this is ${command.type}` }] : []),
    ...envelopeProblems(occurredAt, reason),
    ...validateSync(command, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true, stopAtFirstError: true }).flatMap((error) => problemsOf(error, '')),
  ];
  if (problems.length > 0) throw invalid(problems);
  // Nested fields become plain objects: a decider may put them into events as they are.
  for (const [name, value] of Object.entries(command)) if (typeof value === 'object') Object.assign(command, { [name]: structuredClone(value) as unknown });
  return { command, envelope: { ...(typeof occurredAt === 'string' && { occurredAt: instant(occurredAt) }), ...(typeof reason === 'string' && { reason }) } as Envelope };
}

const invalid = (problems: readonly FieldProblem[]) =>
  new InvalidCommand(problems[0]?.code ?? 'INVALID', problems.map(({ pointer, detail }) => `${pointer || '/'}: ${detail}`).join('; '), problems);

function envelopeProblems(occurredAt: unknown, reason: unknown): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (occurredAt !== undefined && (typeof occurredAt !== 'string' || instant(occurredAt) === undefined)) {
    problems.push({ pointer: '/occurredAt', code: 'NOT_AN_INSTANT', detail: 'must be a date and time with its zone, e.g. 2026-03-02T08:00:00+01:00' });
  }
  if (reason !== undefined && (typeof reason !== 'string' || reason.length > 500)) {
    problems.push({ pointer: '/reason', code: 'NOT_A_TEXT', detail: 'must be a text of at most 500 characters' });
  }
  return problems;
}

function problemsOf(error: ValidationError, at: string): FieldProblem[] {
  const pointer = `${at}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const own = Object.entries(error.constraints ?? {}).map(([name, detail]) => ({
    pointer, detail,
    code: name === 'whitelistValidation' ? 'UNKNOWN_FIELD' : ((error.contexts?.[name] as { code?: string } | undefined)?.code ?? 'INVALID'),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, pointer))];
}

function depthOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return depth;
  return Math.max(depth + 1, ...Object.values(value).map((inner) => depthOf(inner, depth + 1)));
}
