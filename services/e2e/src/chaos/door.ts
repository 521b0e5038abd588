import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { postgresProtocol } from './postgres-messages.js';

/** Where in one request a line breaks: before the server has it, after, when its answer is there, when half of that has passed. */
export const cuts = ['before-request', 'after-request', 'before-answer', 'mid-answer'] as const;
export type Cut = (typeof cuts)[number];

/** What a door understands of what passes through it. */
export interface Protocol {
  /** Of one line: what the client asks for in each piece that it sends, in words that {@link LineFault.concerns} knows. */
  requests(): { read(data: Buffer): readonly string[] };
  isAnswerComplete(answer: Buffer): boolean;
}

export interface LineFault {
  /** Whether it is this request: of PostgreSQL the text of a statement, or the text its name stands for; of Kafka the kind of a request. */
  readonly concerns: (text: string) => boolean;
  readonly cut: Cut;
  readonly nth: number;
  /** The line goes silent for so long before it breaks: half-open. */
  readonly silentMs: number;
}

interface Line {
  readonly client: Socket;
  readonly server: Socket;
  readonly requests: ReturnType<Protocol['requests']>;
  silent: boolean;
  answering?: { readonly fault: LineFault; answer: Buffer };
  /** What was sent while it was held up, in order. */
  sending: Promise<void>;
}

/** A port before a server that may be another one tomorrow; lines through it are cut, stalled, delayed and sliced. */
export class Door {
  /** Held up in both directions, each piece by so long. */
  delayMs = 0;
  /** Passed on in pieces of so many bytes. */
  sliceBytes = Infinity;
  /** Requests that are held up, and for how long, e.g. flushes. */
  holdUp?: { readonly concerns: (text: string) => boolean; readonly byMs: number };
  private behind = 0;
  private fault?: LineFault & { left: number; readonly happened: () => void };
  private readonly lines = new Set<Line>();

  private constructor(private readonly listener: Server, private readonly protocol: Protocol) {
    listener.on('connection', (client) => this.join(client));
  }

  static async open(protocol: Protocol = postgresProtocol): Promise<Door> {
    const door = new Door(createServer(), protocol);
    await new Promise<void>((done) => door.listener.listen(0, '127.0.0.1', done));
    return door;
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  lead(port: number): void {
    this.behind = port;
  }

  cutAll(): void {
    for (const line of [...this.lines]) destroy(line);
  }

  /** True when it has happened, false when it has not within the time. */
  async break(fault: LineFault, withinMs: number): Promise<boolean> {
    const happened = new Promise<boolean>((done) => { this.fault = { ...fault, left: fault.nth, happened: () => done(true) }; });
    const result = await Promise.race([happened, pause(withinMs, false, { ref: false })]);
    this.fault = undefined;
    return result;
  }

  close(): void {
    this.listener.close();
    this.cutAll();
  }

  private join(client: Socket): void {
    const server = connect(this.behind, '127.0.0.1');
    const line: Line = { client, server, requests: this.protocol.requests(), silent: false, sending: idle };
    this.lines.add(line);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined).on('close', () => {
        this.lines.delete(line);
        if (!line.silent) destroy(line);
      });
    }
    client.on('data', (data: Buffer) => this.toServer(line, data));
    server.on('data', (data: Buffer) => this.toClient(line, data));
  }

  private toServer(line: Line, data: Buffer): void {
    if (line.silent) return;
    const texts = line.requests.read(data);
    const fault = this.faultFor(texts);
    if (fault?.cut === 'before-request') return this.breakOff(line, fault);
    const { holdUp } = this;
    const heldMs = holdUp && texts.some(holdUp.concerns) ? holdUp.byMs : 0;
    this.pass(line, line.server, data, heldMs);
    if (fault?.cut === 'after-request') this.breakOff(line, fault);
    else if (fault) line.answering = { fault, answer: Buffer.alloc(0) };
  }

  private toClient(line: Line, data: Buffer): void {
    if (line.silent) return;
    const { answering } = line;
    if (!answering) return this.pass(line, line.client, data, 0);
    answering.answer = Buffer.concat([answering.answer, data]);
    if (!this.protocol.isAnswerComplete(answering.answer)) return;
    if (answering.fault.cut === 'mid-answer') line.client.write(answering.answer.subarray(0, answering.answer.length >> 1));
    this.breakOff(line, answering.fault);
  }

  private faultFor(texts: readonly string[]): LineFault | undefined {
    const { fault } = this;
    if (!fault || !texts.some(fault.concerns)) return undefined;
    fault.left -= 1;
    if (fault.left > 0) return undefined;
    this.fault = undefined;
    fault.happened();
    return fault;
  }

  private breakOff(line: Line, { silentMs }: LineFault): void {
    line.silent = true;
    // What was passed on before may still be on its way: it is let out, then the line breaks for both.
    void line.sending.then(() => pause(Math.max(silentMs, 1))).then(() => destroy(line));
  }

  private pass(line: Line, to: Socket, data: Buffer, heldMs: number): void {
    const { delayMs, sliceBytes } = this;
    if (delayMs === 0 && sliceBytes >= data.length && heldMs === 0 && line.sending === idle) return void to.write(data);
    const sending = line.sending.then(async () => {
      if (delayMs + heldMs > 0) await pause(delayMs + heldMs, undefined, { ref: false });
      for (let from = 0; from < data.length; from += sliceBytes) {
        to.write(data.subarray(from, Math.min(from + sliceBytes, data.length)));
        if (sliceBytes < data.length) await new Promise((next) => setImmediate(next));
      }
    }).then(() => { if (line.sending === sending) line.sending = idle; });
    line.sending = sending;
  }
}

const idle = Promise.resolve();

function destroy({ client, server }: Line): void {
  client.resetAndDestroy();
  server.destroy();
}
