import { plainToInstance } from 'class-transformer';
import type { ValidationError } from 'class-validator';
import { validateSync } from 'class-validator';
import type { Command } from '@touchstone/kernel';
import { instant } from '@touchstone/kernel';
import type { CommandClass } from '@touchstone/event-store';
import { CodedError } from '@touchstone/event-store';
import { canonicalize, LedgerError } from '@touchstone/ledger';

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
  /** A command's own field `reason`, kept with the metadata of its events. */
  readonly reason?: string;
}

const MAX_DEPTH = 16;

/** The one check of commands, for HTTP, bulk import and Kafka alike. Throws {@link InvalidCommand}, naming every field. */
export function validateCommand<C extends Command>(commandClass: CommandClass<C>, body: unknown): { command: C; envelope: Envelope } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid([{ pointer: '', code: 'NOT_AN_OBJECT', detail: 'the body must be a JSON object' }]);
  const suspicious = unsafe(body);
  if (suspicious) throw invalid([suspicious]);
  const { occurredAt, type, ...fields } = body as Record<string, unknown>;
  const command = plainToInstance(commandClass, fields, { exposeDefaultValues: true });
  const problems = [
    ...(type !== undefined && type !== command.type ? [{ pointer: '/type', code: 'WRONG_TYPE', detail: `this is ${command.type}` }] : []),
    ...envelopeProblems(occurredAt),
    // `type` is the class's own: what the body said about it was taken out above.
    ...validateSync(command, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true, stopAtFirstError: true })
      .filter(({ property }) => property !== 'type').flatMap((error) => problemsOf(error, '')),
  ];
  if (problems.length === 0) problems.push(...unkeepable(fields));
  if (problems.length > 0) throw invalid(problems);
  // Nested fields become plain objects: a decider may put them into events as they are.
  for (const [name, value] of Object.entries(command)) if (typeof value === 'object') Object.assign(command, { [name]: structuredClone(value) as unknown });
  return { command, envelope: { ...(typeof occurredAt === 'string' && { occurredAt: instant(occurredAt) ?? occurredAt }), ...(typeof fields['reason'] === 'string' && { reason: fields['reason'] }) } };
}

const invalid = (problems: readonly FieldProblem[]) =>
  new InvalidCommand(problems[0]?.code ?? 'INVALID', problems.map(({ pointer, detail }) => `${pointer || '/'}: ${detail}`).join('; '), problems);

function envelopeProblems(occurredAt: unknown): FieldProblem[] {
  if (occurredAt === undefined || (typeof occurredAt === 'string' && instant(occurredAt) !== undefined)) return [];
  return [{ pointer: '/occurredAt', code: 'NOT_AN_INSTANT', detail: 'must be a date and time with its zone, e.g. 2026-03-02T08:00:00+01:00' }];
}

/** What no log can keep: a number beyond exact integers, half a surrogate pair, and U+0000, which PostgreSQL has no text for. */
function unkeepable(fields: object): FieldProblem[] {
  try {
    const text = canonicalize(fields);
    return /(?<!\\)(?:\\\\)*\\u0000/.test(text) ? [{ pointer: '', code: 'NOT_A_TEXT', detail: 'a text may not hold the character U+0000' }] : [];
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return [{ pointer: error.path.map((step) => `/${escaped(String(step))}`).join(''), code: error.code === 'LONE_SURROGATE' ? 'NOT_A_TEXT' : error.code, detail: error.message }];
  }
}

const escaped = (step: string): string => step.replaceAll('~', '~0').replaceAll('/', '~1');

function problemsOf(error: ValidationError, at: string): FieldProblem[] {
  const pointer = `${at}/${escaped(error.property)}`;
  const own = Object.entries(error.constraints ?? {}).map(([name, detail]) => ({
    pointer, detail,
    code: name === 'whitelistValidation' ? 'UNKNOWN_FIELD' : ((error.contexts?.[name] as { code?: string } | undefined)?.code ?? 'INVALID'),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, pointer))];
}

/** What no reader of objects may be trusted with: depth without end, and names that every object has a meaning for. */
function unsafe(value: unknown, at = '', depth = 1): FieldProblem | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_DEPTH) return { pointer: '', code: 'TOO_DEEP', detail: `the body is nested more than ${MAX_DEPTH} deep` };
  for (const name of Object.keys(value)) {
    const pointer = `${at}/${escaped(name)}`;
    if (name in Object.prototype) return { pointer, code: 'UNKNOWN_FIELD', detail: `no field may be named ${name}` };
    const inner = unsafe((value as Record<string, unknown>)[name], pointer, depth + 1);
    if (inner) return inner;
  }
  return undefined;
}
