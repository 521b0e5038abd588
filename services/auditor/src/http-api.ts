import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { ApiFault, Unusable } from './api.js';
import type { Api } from './api.js';

export interface HttpApiOptions {
  /** Address of the installation, such as http://127.0.0.1:7400. */
  readonly url: string;
  readonly token?: string;
  readonly signal?: AbortSignal;
  /** How long an answer to a question may take; 60 s unless given. Rebuilding (a POST) may take as long as it takes. */
  readonly answerTimeoutMs?: number;
}

const MAX_ANSWER_BYTES = 256 * 1024 * 1024;
const ANSWER_TIMEOUT_MS = 60_000;

/** Over node's own client: fetch gives up after five minutes without an answer, and rebuilding a long history may take longer. */
export class HttpApi implements Api {
  private readonly base: URL;

  constructor(private readonly options: HttpApiOptions) {
    const base = URL.parse(options.url);
    if (base?.protocol !== 'http:' && base?.protocol !== 'https:') throw new Unusable(`${options.url} is no address: give --url http://host:port`);
    this.base = base;
  }

  async services(): Promise<readonly string[]> {
    const { services } = (await this.get('/')) as { services?: readonly { name?: unknown }[] };
    if (!Array.isArray(services)) throw new ApiFault('NOT_TOUCHSTONE', `${this.base.origin} does not answer as Touchstone does: check --url`);
    return services.map(({ name }) => name).filter((name) => typeof name === 'string');
  }

  get(path: string): Promise<unknown> {
    return this.ask('GET', path);
  }

  post(path: string, body?: object): Promise<unknown> {
    return this.ask('POST', path, JSON.stringify(body ?? {}));
  }

  private async ask(method: string, path: string, body?: string): Promise<unknown> {
    const { status, text } = await this.exchange(method, path, body);
    const answer = parsed(text);
    if (status >= 200 && status < 300) {
      if (answer === undefined) throw new ApiFault('ANSWER_UNREADABLE', `${path} was not answered with JSON: check --url`, status);
      return answer;
    }
    throw faultOf(status, answer, path);
  }

  private exchange(method: string, path: string, body?: string): Promise<{ status: number; text: string }> {
    const { token, signal, answerTimeoutMs = ANSWER_TIMEOUT_MS } = this.options;
    const address = new URL(`${this.base.pathname.replace(/\/$/, '')}${path}`, this.base);
    return new Promise((resolve, reject) => {
      const failed = (error: Error & { code?: string }): void => reject(this.unreachable(error));
      const outgoing = (address.protocol === 'https:' ? httpsRequest : httpRequest)(address, {
        method,
        headers: {
          accept: 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        },
        ...(signal && { signal }),
      });
      if (method === 'GET') outgoing.setTimeout(answerTimeoutMs, () => outgoing.destroy(new Error(`no answer within ${answerTimeoutMs / 1_000} s`)));
      outgoing.once('error', failed);
      outgoing.once('response', (response) => void textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), failed));
      outgoing.end(body);
    });
  }

  private unreachable(error: Error & { code?: string }): ApiFault {
    if (this.options.signal?.aborted) return new ApiFault('STOPPED', 'stopped before the answer came');
    return new ApiFault('SERVER_UNREACHABLE', `${this.base.origin} does not answer (${error.code ?? error.message}): is the platform running, and is --url right?`);
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error('the answer is longer than 256 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The problem document (RFC 9457) as a fault; what to do about a missing token or role is said here, the server cannot know our options. */
function faultOf(status: number, answer: unknown, path: string): ApiFault {
  const { code, detail, title } = (typeof answer === 'object' && answer !== null ? answer : {}) as Record<string, unknown>;
  const said = [detail, title].find((text) => typeof text === 'string') ?? `${path} was answered with status ${status}`;
  const advice = status === 401 ? ' (give --token, --token-file or --data <dir>)' : status === 403 ? ' (give a token with a role that allows it)' : '';
  return new ApiFault(typeof code === 'string' ? code : `HTTP_${status}`, `${said}${advice}`, status, answer);
}
