import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { Door } from './door.js';
import { kafkaProtocol } from './kafka-requests.js';
import { FrontendMessages, isAnswerComplete } from './postgres-messages.js';

const message = (kind: string, ...texts: string[]): Buffer => {
  const body = Buffer.from(texts.map((text) => `${text}\0`).join(''));
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(kind), length, body]);
};
const begin = message('', 'user', 'app');
const ready = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

describe('what a client asks of PostgreSQL', () => {
  it('is read off its messages, also of a statement that was prepared before', () => {
    const messages = new FrontendMessages();
    expect(messages.read(Buffer.concat([begin, message('P', 'flush', 'select 1'), message('B', '', 'flush')]))).toEqual(['select 1']);
    expect(messages.read(message('B', '', 'flush'))).toEqual(['select 1']);
    expect(messages.read(message('Q', 'begin'))).toEqual(['begin']);
  });
  it('is read when its message is whole, however it is cut into pieces', () => {
    const messages = new FrontendMessages();
    const all = Buffer.concat([begin, message('Q', 'select 2')]);
    expect([...all].flatMap((byte) => messages.read(Buffer.from([byte])))).toEqual(['select 2']);
  });
  it('has been answered when the server is ready for the next', () => {
    expect(isAnswerComplete(Buffer.concat([message('C', 'SELECT 1'), ready]))).toBe(true);
    expect(isAnswerComplete(message('C', 'SELECT 1'))).toBe(false);
  });
});

describe('what a client asks of Kafka', () => {
  const request = (key: number, body = 'abc'): Buffer => {
    const head = Buffer.alloc(6);
    head.writeInt32BE(2 + body.length);
    head.writeInt16BE(key, 4);
    return Buffer.concat([head, Buffer.from(body)]);
  };
  it('is read off the keys of its requests, however they are cut into pieces', () => {
    expect(kafkaProtocol.requests().read(Buffer.concat([request(0), request(1), request(999)]))).toEqual(['produce', 'fetch', 'other']);
    const requests = kafkaProtocol.requests();
    expect([...Buffer.concat([request(3), request(11)])].flatMap((byte) => requests.read(Buffer.from([byte])))).toEqual(['metadata', 'join']);
  });
  it('has been answered when as much has come as the answer says', () => {
    expect(kafkaProtocol.isAnswerComplete(Buffer.from([0, 0, 0, 2, 7, 7]))).toBe(true);
    expect(kafkaProtocol.isAnswerComplete(Buffer.from([0, 0, 0, 2, 7]))).toBe(false);
  });
});

describe('a door', () => {
  let server: Server;
  let door: Door;
  /** What came through to the server. */
  let received: string;

  beforeEach(async () => {
    received = '';
    server = createServer((socket) => socket.on('error', () => undefined).on('data', (data) => {
      received += data.toString('latin1');
      if (received.endsWith('select 3\0')) socket.write(ready);
    }));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    door = await Door.open();
    door.lead((server.address() as AddressInfo).port);
  });
  afterEach(async () => {
    door.close();
    await new Promise((done) => server.close(done));
  });

  /** What the client had received when the line broke, or when the answer had come. */
  async function ask(): Promise<{ answer: number; broken: boolean }> {
    const client: Socket = connect(door.port, '127.0.0.1');
    let answer = 0;
    const broken = new Promise<boolean>((done) => client.on('error', () => undefined).on('close', () => done(true)));
    const answered = new Promise<boolean>((done) => client.on('data', (data) => { answer += data.length; if (answer >= ready.length) done(false); }));
    client.write(begin);
    client.write(message('Q', 'select 3'));
    const result = await Promise.race([broken, answered]);
    client.destroy();
    return { answer, broken: result };
  }
  const fault = { concerns: (text: string) => text === 'select 3', nth: 1, silentMs: 0 };

  it('lets through what comes', async () => {
    expect(await ask()).toEqual({ answer: ready.length, broken: false });
  });
  it.each([['before-request', false, 0], ['after-request', true, 0], ['before-answer', true, 0], ['mid-answer', true, 3]] as const)(
    'breaks a line %s: the server has the request: %s, bytes of the answer that came: %d', async (cut, served, bytes) => {
      const broken = door.break({ ...fault, cut }, 5_000);
      expect(await ask()).toEqual({ answer: bytes, broken: true });
      expect(await broken).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(received.includes('select 3')).toBe(served);
      expect(await ask()).toEqual({ answer: ready.length, broken: false }); // once only
    },
  );
  it('passes on slices and delays, in order and whole', async () => {
    Object.assign(door, { sliceBytes: 2, delayMs: 3 });
    expect(await ask()).toEqual({ answer: ready.length, broken: false });
    expect(received).toContain('select 3');
  });
});
