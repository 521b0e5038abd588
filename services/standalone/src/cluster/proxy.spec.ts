import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Opened } from '../front.js';
import { open } from '../front.js';
import { proxyTo } from './proxy.js';

describe('the front of a cluster', () => {
  const service: { name: string; port?: number; state: string } = { name: 'control', state: 'running' };
  let answering: (request: IncomingMessage, response: ServerResponse) => void;
  let behind: Server;
  let front: Opened;

  beforeAll(async () => {
    behind = createServer((request, response) => answering(request, response)).listen(0, '127.0.0.1');
    front = await open(proxyTo(service), 0);
  });
  beforeEach(() => {
    const address = behind.address();
    service.port = typeof address === 'object' && address ? address.port : 0;
  });
  afterAll(async () => {
    behind.closeAllConnections();
    behind.close();
    await front.close();
  });

  const told = async (response: Response) => ({ status: response.status, retryAfter: response.headers.get('retry-after'), body: (await response.json()) as Record<string, unknown> });

  it('hands on method, path, headers and body, and the answer with its status and headers', async () => {
    answering = (request, response) => void text(request).then((body) => {
      response.writeHead(201, { etag: '"3"', position: 'control.x.1@7' }).end(JSON.stringify([request.method, request.url, request.headers['idempotency-key'], body]));
    });
    const response = await fetch(`${front.url}/lots?limit=5`, { method: 'POST', headers: { 'idempotency-key': 'k-1' }, body: '{"a":1}' });
    expect([response.status, response.headers.get('etag'), response.headers.get('position')]).toEqual([201, '"3"', 'control.x.1@7']);
    expect(await response.json()).toEqual(['POST', '/lots?limit=5', 'k-1', '{"a":1}']);
  });

  it('passes a long body on as it comes, and a long answer back', async () => {
    answering = (request, response) => void request.pipe(response);
    const long = 'x'.repeat(5_000_000);
    expect((await (await fetch(front.url, { method: 'POST', body: long })).text()).length).toBe(long.length);
  });

  it('answers 503 while the service is away, and says why and when to try again', async () => {
    Object.assign(service, { port: undefined, state: 'ended by SIGKILL, to be started again' });
    expect(await told(await fetch(front.url))).toEqual({
      status: 503, retryAfter: '1', body: expect.objectContaining({ code: 'SERVICE_AWAY', detail: expect.stringContaining('ended by SIGKILL') }),
    });
  });

  it('answers the same where nobody listens any more', async () => {
    service.port = 1;
    expect(await told(await fetch(front.url))).toMatchObject({ status: 503, retryAfter: '1', body: { code: 'SERVICE_AWAY' } });
  });

  it('says that it does not know where the service ended with the request in hand', async () => {
    answering = (request) => request.socket.destroy();
    expect(await told(await fetch(front.url, { method: 'POST', body: '{}' }))).toMatchObject({ status: 503, retryAfter: '1', body: { code: 'ANSWER_LOST' } });
  });

  it('ends the connection where the answer broke off, so that half of it is not taken for all', async () => {
    answering = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.destroy(), 20);
    };
    await expect(fetch(front.url).then((response) => response.text())).rejects.toThrow();
  });

  it('tells the service that whoever asked has gone', async () => {
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    answering = (request) => request.socket.once('close', resolve);
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(), 50);
    await expect(fetch(front.url, { signal: leaving.signal })).rejects.toThrow();
    await gone;
  });
});
