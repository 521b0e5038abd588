import { Agent, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { problem } from '@touchstone/platform';
import type { Handler } from '../front.js';
import { answer } from '../front.js';
import type { ServiceProcess } from './service-process.js';

/** Of the connection and not of the message (RFC 9110, 7.6.1). */
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'proxy-connection', 'te', 'upgrade'];
const TRY_AGAIN = { 'Retry-After': '1' };
const MOST_CONNECTIONS = 512;

/** Hands requests on to the process of a service. While that is away it answers 503 at once, and says when to try again. */
export function proxyTo(service: Pick<ServiceProcess, 'name' | 'port' | 'state'>): Handler {
  const agent = new Agent({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
  return (request, response) => {
    const { port } = service;
    if (port === undefined) return away(response, service);
    const onward = httpRequest({ host: '127.0.0.1', port, agent, method: request.method, path: request.url, headers: passedOn(request.headers) });
    onward.once('response', (told) => {
      response.writeHead(told.statusCode ?? 502, passedOn(told.headers));
      pipeline(told, response, () => undefined); // who went away is told by the end of his connection
    });
    onward.on('error', (error: NodeJS.ErrnoException) => {
      if (response.headersSent) response.destroy(error);
      else if (error.code === 'ECONNREFUSED') away(response, service);
      else lost(response, service.name);
    });
    hand(request, onward, response);
  };
}

function hand(request: IncomingMessage, onward: NodeJS.WritableStream & { destroy(): void }, response: ServerResponse): void {
  response.once('close', () => {
    if (!response.writableFinished) onward.destroy(); // nobody waits for the answer any more
  });
  request.pipe(onward);
}

function away(response: ServerResponse, { name, state }: Pick<ServiceProcess, 'name' | 'state'>): void {
  answer(response, 503, problem(503, 'SERVICE_AWAY', `${name} is away (${state}): nothing was handed on to it; try again`), TRY_AGAIN);
}

function lost(response: ServerResponse, name: string): void {
  answer(response, 503, problem(503, 'ANSWER_LOST', `${name} ended before it answered: repeat with the same Idempotency-Key, and it is carried out once`), TRY_AGAIN);
}

const passedOn = (headers: IncomingHttpHeaders): IncomingHttpHeaders => Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name)));
