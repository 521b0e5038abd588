import { ConnectionFault } from './connection-fault.js';

export const STATUSES = ['accepted', 'unchanged', 'refused', 'invalid', 'failed'] as const;

/**
 * What the server says of one command. `unchanged`: the same command was taken before. `refused`: a business rule forbids it.
 * `invalid`: it breaks its schema. `failed`: the server could not decide; the same command may be sent again.
 */
export type Status = (typeof STATUSES)[number];

export interface Answer {
  readonly line: number;
  readonly status: Status;
  readonly code?: string;
  readonly detail?: string;
  /** JSON Pointer into the command's body. */
  readonly pointer?: string;
  readonly position?: string;
}

export type ServerCounts = Readonly<Record<Status, number>>;
export type ServerSummary = ServerCounts & { readonly position?: string };

const MAX_ANSWER_CHARACTERS = 256 * 1024;

/** The NDJSON lines of a streamed response, checked for their form. */
export class AnswerLines {
  constructor(private readonly response: Response) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Answer | { readonly summary: ServerSummary }> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of (this.response.body ?? []) as AsyncIterable<Uint8Array>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > MAX_ANSWER_CHARACTERS) throw unreadable('a line of the answer is too long');
      for (const line of lines) if (line.trim() !== '') yield parsed(line);
    }
    if (rest.trim() !== '') yield parsed(rest);
  }
}

function parsed(line: string): Answer | { readonly summary: ServerSummary } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw unreadable('a line of the answer is no JSON');
  }
  const members = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  if (typeof members['summary'] === 'object' && members['summary'] !== null) {
    return { summary: summaryOf(members['summary'] as Readonly<Record<string, unknown>>) };
  }
  const status = STATUSES.find((known) => known === members['status']);
  if (typeof members['line'] !== 'number' || status === undefined)
    throw unreadable('a line of the answer has no line number or an unknown status');
  return { line: members['line'], status, ...texts(members, ['code', 'detail', 'pointer', 'position']) };
}

function summaryOf(members: Readonly<Record<string, unknown>>): ServerSummary {
  const count = (status: Status): number => (typeof members[status] === 'number' ? members[status] : 0);
  const counts = {
    accepted: count('accepted'),
    unchanged: count('unchanged'),
    refused: count('refused'),
    invalid: count('invalid'),
    failed: count('failed'),
  };
  return { ...counts, ...texts(members, ['position']) };
}

function texts<N extends string>(members: Readonly<Record<string, unknown>>, names: readonly N[]): { readonly [name in N]?: string } {
  const present = names.filter((name) => typeof members[name] === 'string');
  return Object.fromEntries(present.map((name) => [name, members[name]])) as { [name in N]?: string };
}

const unreadable = (detail: string): ConnectionFault => new ConnectionFault('ANSWER_UNREADABLE', detail);
