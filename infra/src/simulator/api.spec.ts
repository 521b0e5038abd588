import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Api } from './api.js';

describe('a command of the simulated company', () => {
  let server: Server;
  let away = 0;
  const keys: unknown[] = [];
  beforeAll(async () => {
    server = createServer(({ headers }, response) => {
      keys.push(headers['idempotency-key']);
      away -= 1;
      if (away >= 0) response.writeHead(503, { 'retry-after': '0' }).end('{"code":"SERVICE_AWAY","detail":"it is away"}');
      else response.writeHead(201).end('{"stream":"lot-1"}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => { keys.length = 0; });
  afterAll(() => { server.closeAllConnections(); server.close(); });

  const send = () => new Api(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, new Map([['mes', 'token']]))
    .command({ by: 'mes', service: 'control', type: 'RegisterLot', occurredAt: '2026-01-05T06:00:00.000Z', body: { lotId: 'lot-1' } });

  it('is sent again under the same key while the service is away', async () => {
    away = 2;
    expect(await send()).toMatchObject({ status: 201, body: { stream: 'lot-1' } });
    expect(keys).toEqual(Array.from({ length: 3 }, () => keys[0]));
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is given up after six times', async () => {
    away = 100;
    await expect(send()).rejects.toThrow('RegisterLot: 503 it is away');
    expect(keys.length).toBe(6);
  });
});
