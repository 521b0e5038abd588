/** A small server with canned answers, shaped as the services give them, and a run of the command line against it. */
import { Readable } from 'node:stream';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { derivedId } from '@touchstone/kernel';
import type { SeenEvent } from './recorded.js';
import { run } from './program.js';
import type { ExitCode } from './program.js';

export interface Canned {
  readonly status: number;
  readonly body: unknown;
}

export class CannedPlatform {
  readonly asked: { readonly method: string; readonly url: string; readonly authorization: string | undefined }[] = [];
  private readonly answers = new Map<string, Canned>();
  private readonly server: Server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    this.asked.push({ method, url, authorization: headers.authorization });
    request.resume();
    const { status, body } = this.answers.get(`${method} ${url}`) ?? { status: 404, body: { code: 'NOT_FOUND', detail: `no ${url}` } };
    response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' }).end(JSON.stringify(body));
  });

  constructor(readonly services: readonly string[]) {
    this.says('GET', '/', { product: 'Touchstone', services: services.map((name) => ({ name })) });
  }

  says(method: string, url: string, body: unknown, status = 200): this {
    this.answers.set(`${method} ${url}`, { status, body });
    return this;
  }

  /** The stream's history, each event explained by the command that is given for it, and what each led to. */
  holds(service: string, events: readonly SeenEvent[], commands: Readonly<Record<string, object>> = {}): this {
    for (const stream of new Set(events.map((event) => event.stream))) {
      this.says('GET', `/${service}/history/${encodeURIComponent(stream)}`, { stream, events: events.filter((event) => event.stream === stream) });
    }
    for (const event of events) {
      const explanation = { service, event, command: commands[event.id] ?? commandOf(event), together: events.filter(({ meta }) => meta.commandId === event.meta.commandId), caused: [] };
      this.says('GET', `/${service}/why/${event.id}`, explanation);
      this.says('GET', `/${service}/why?stream=${encodeURIComponent(event.stream)}&version=${event.version}`, explanation);
    }
    return this;
  }

  /** What every service answers about the consequences of each event: none, but for those in `led`. */
  leads(events: readonly SeenEvent[], led: Readonly<Record<string, Readonly<Record<string, readonly SeenEvent[]>>>> = {}): this {
    for (const service of this.services) for (const { id } of events) this.says('GET', `/${service}/caused/${id}`, led[id]?.[service] ?? []);
    return this;
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const commandOf = ({ stream, version, meta }: SeenEvent): object => ({
  stream, version: version - 1, decider: { name: 'control.lot', version: 1 }, command: { type: 'DoIt' },
  actor: { id: meta.actor, roles: ['quality-engineer'] }, facts: {}, occurredAt: meta.occurredAt, recordedAt: meta.recordedAt,
});

interface EventWish {
  readonly actor?: string;
  readonly occurredAt?: string;
  readonly recordedAt?: string;
  readonly causationId?: string;
  readonly reason?: string;
}

/** An event at `<stream>@<version>`; its command is its own unless two are given the same time and place. */
export function recorded(place: string, type: string, data: object, wish: EventWish = {}): SeenEvent {
  const [stream = '', version = '1'] = place.split('@');
  const commandId = derivedId('command', place);
  const { actor = 'ada', occurredAt = '2026-03-01T08:00:00.000Z', recordedAt = occurredAt, causationId = commandId, reason } = wish;
  return {
    seq: 1, id: derivedId('event', place), stream, version: Number(version), type, data: data as SeenEvent['data'],
    meta: { actor, commandId, causationId, correlationId: commandId, occurredAt, recordedAt, decider: 'control.lot@1', ...(reason !== undefined && { reason }) },
  };
}

export interface Said {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line as a terminal of `columns` would. */
export async function touchstone(args: readonly string[], { env = {}, columns = 120, stdin = '', stopAfterMs }: { env?: Record<string, string>; columns?: number; stdin?: string; stopAfterMs?: number } = {}): Promise<Said> {
  const texts = { out: '', err: '' };
  const stdout = { columns, write: (text: string) => (texts.out += text) };
  const code = await run(args, { stdin: Readable.from([Buffer.from(stdin)]), stdout, stderr: { write: (text: string) => (texts.err += text) }, env, ...(stopAfterMs !== undefined && { signal: AbortSignal.timeout(stopAfterMs) }) });
  return { code, ...texts };
}
