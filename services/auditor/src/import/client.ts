/**
 * The client side of the bulk interface: one streaming request carries all commands as NDJSON, and the answers stream back in the
 * same order while it is still being sent. At most MAX_OUTSTANDING commands wait for an answer, so memory stays bounded and a slow
 * server slows the reading of the file.
 */
import { AnswerLines, type Answer, type ServerSummary } from './answers.js';
import { ConnectionFault } from './connection-fault.js';
import type { BulkCommand } from './mapping.js';
import { AnswerWatch, Outstanding } from './outstanding.js';

const CHUNK_CHARACTERS = 16 * 1024;
const ANSWER_TIMEOUT_MS = 120_000;

export interface BulkTarget {
  /** The address of the installation, such as https://quality.example. */
  readonly url: string;
  readonly service: string;
  readonly token?: string;
  readonly dryRun: boolean;
  readonly signal?: AbortSignal;
  /** How long no answer may come while some are awaited; two minutes unless given. */
  readonly answerTimeoutMs?: number;
}

export type BulkEvent<C> = { readonly sent: C; readonly answer: Answer } | { readonly summary: ServerSummary };

/** Sends every command and yields each with its answer, and at the end the server's own summary. Throws ConnectionFault. */
export async function* sendBulk<C extends { readonly command: BulkCommand }>(
  target: BulkTarget,
  commands: AsyncIterable<C>,
): AsyncGenerator<BulkEvent<C>> {
  const outstanding = new Outstanding<C>();
  const sending: Sending = { done: false };
  const nothingAwaited = (): boolean => !sending.done && outstanding.isEmpty;
  const watch = new AnswerWatch(target.answerTimeoutMs ?? ANSWER_TIMEOUT_MS, nothingAwaited, target.signal);
  try {
    const response = await opened(target, ReadableStream.from(requestBody(commands, outstanding, watch, sending)), watch.signal);
    let summarised = false;
    for await (const answer of new AnswerLines(response)) {
      if (summarised) throw new ConnectionFault('ANSWER_UNREADABLE', 'something follows the summary');
      watch.answered();
      if ('summary' in answer) {
        summarised = true;
        yield answer;
        continue;
      }
      yield { sent: matched(outstanding.take(), answer), answer };
    }
    if (!summarised) throw new ConnectionFault('CONNECTION_LOST', 'the server ended its answer without a summary');
  } catch (error) {
    if (sending.failure !== undefined) throw sending.failure;
    throw watch.reason ?? (error instanceof ConnectionFault ? error : lost(error));
  } finally {
    outstanding.close();
    watch.end();
  }
}

interface Sending {
  done: boolean;
  /** What stopped the source of the commands; fetch would report it as a network failure. */
  failure?: unknown;
}

async function* requestBody<C extends { readonly command: BulkCommand }>(
  commands: AsyncIterable<C>,
  outstanding: Outstanding<C>,
  watch: AnswerWatch,
  sending: Sending,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = '';
  try {
    for await (const sent of commands) {
      outstanding.add(sent);
      watch.awaiting();
      text += `${JSON.stringify(sent.command)}\n`;
      if (text.length >= CHUNK_CHARACTERS || outstanding.isFull) {
        yield encoder.encode(text);
        text = '';
        await outstanding.room();
      }
      if (outstanding.isClosed) return;
    }
  } catch (error) {
    sending.failure = error;
    throw error;
  }
  if (text !== '') yield encoder.encode(text);
  sending.done = true;
}

async function opened({ url, service, token, dryRun }: BulkTarget, body: ReadableStream, signal: AbortSignal): Promise<Response> {
  const address = new URL(`${url.replace(/\/+$/, '')}/${encodeURIComponent(service)}/bulk?dryRun=${dryRun}`);
  let response: Response;
  try {
    response = await fetch(address, {
      method: 'POST',
      duplex: 'half',
      redirect: 'error',
      headers: {
        'content-type': 'application/x-ndjson',
        accept: 'application/x-ndjson',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body,
      signal,
    });
  } catch (error) {
    throw unreachable(error, address);
  }
  if (response.ok) return response;
  const problem = (await response.text().catch(() => '')).slice(0, 2000);
  throw new ConnectionFault(
    'REQUEST_REJECTED',
    `the server answered ${response.status} ${describeProblem(problem) || response.statusText}`.trim(),
    response.status,
  );
}

/** The code and detail of a problem document (RFC 9457), or nothing. */
function describeProblem(text: string): string {
  try {
    const { code, title, detail } = JSON.parse(text) as { code?: unknown; title?: unknown; detail?: unknown };
    return [code, detail ?? title].filter((part) => typeof part === 'string').join(': ');
  } catch {
    return '';
  }
}

function matched<C extends { readonly command: BulkCommand }>(sent: C | undefined, answer: Answer): C {
  if (sent?.command.line === answer.line) return sent;
  const expected = sent ? `line ${sent.command.line}` : 'no more answers';
  throw new ConnectionFault('ANSWER_OUT_OF_ORDER', `the server answered line ${answer.line}, expected ${expected}`);
}

const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

function unreachable(error: unknown, address: URL): ConnectionFault {
  const code = causeCode(error);
  if (NEVER_CONNECTED.has(code)) return new ConnectionFault('SERVER_UNREACHABLE', `no connection to ${address.origin} (${code})`);
  return new ConnectionFault(
    'CONNECTION_LOST',
    `the connection broke before the server answered (${code || 'unknown cause'}); it may have rejected the request`,
  );
}

const lost = (error: unknown): ConnectionFault =>
  new ConnectionFault('CONNECTION_LOST', `the connection broke (${causeCode(error) || 'unknown cause'})`);

function causeCode(error: unknown): string {
  const { cause } = (error ?? {}) as { cause?: unknown };
  const { code, message } = (cause ?? error ?? {}) as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? code : typeof message === 'string' ? message : '';
}
