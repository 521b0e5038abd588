import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { LocalIssuer } from '@touchstone/platform';
import { KEEP_ALIVE_MS, problem } from '@touchstone/platform';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A service behind the front. */
export interface Behind {
  readonly handle: Handler;
  /** Said at the address of the platform, where the service has something to say. */
  readonly state?: () => string;
}

/** One address for all: /<service>/… goes to that service. */
export function front(services: ReadonlyMap<string, Behind>, issuer: LocalIssuer): Handler {
  return (request, response) => {
    const [, name = '', rest = ''] = /^\/([^/?]*)(.*)$/.exec(request.url ?? '/') ?? [];
    const service = services.get(name);
    if (service) {
      request.url = rest.startsWith('/') ? rest : `/${rest}`;
      service.handle(request, response);
    } else if (name === '') {
      const all = [...services].map(([each, { state }]) => ({ name: each, api: `/${each}/api`, ready: `/${each}/health/ready`, ...(state && { state: state() }) }));
      answer(response, 200, { product: 'Touchstone', services: all });
    } else if (name === '.well-known') {
      void issuer.jwks().then((keys) => answer(response, 200, keys));
    } else {
      answer(response, 404, problem(404, 'NOT_FOUND', `no service ${name}: there are ${[...services.keys()].join(', ')}`));
    }
  };
}

export function answer(response: ServerResponse, status: number, body: object, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ...headers }).end(JSON.stringify(body));
}

/** An open address on loopback. */
export interface Opened {
  readonly url: string;
  /** Takes no more; resolves when what is in hand was answered. */
  close(): Promise<void>;
}

export async function open(handler: Handler, port: number): Promise<Opened> {
  const server = await listen(handler, port);
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`,
    close: async () => {
      const closed = new Promise((done) => server.close(done));
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 5_000).unref(); // who is still reading has had his time
      await closed;
    },
  };
}

function listen(handler: Handler, port: number): Promise<Server> {
  return new Promise((done, failed) => {
    const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, handler).once('error', failed).listen(port, '127.0.0.1', () => done(server));
  });
}
