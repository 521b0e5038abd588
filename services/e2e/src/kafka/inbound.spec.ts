import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { derivedId, systemClock } from '@touchstone/kernel';
import { inboundTopicOf, replyTopicOf } from '@touchstone/messaging';
import type { KafkaConsumer, KafkaPort, KafkaProducer, KafkaRecord } from '@touchstone/messaging/kafka';
import { kafkajsPort, KafkaTransport, partitionOf, PostgresLease } from '@touchstone/messaging/kafka';
import { planning } from '@touchstone/planning/app';
import type { LocalIssuer, RunningService } from '@touchstone/platform';
import { createService, localIssuer } from '@touchstone/platform';
import type { FreshDatabase } from '@touchstone/testing';
import { testDatabase } from '@touchstone/testing';
import { kafkaForSpecs } from '@touchstone/testing/kafka-for-specs';

const kafka = await kafkaForSpecs();
const PARTITIONS = 2;
const WAIT_MS = 45_000;
const ROOT = join(import.meta.dirname, '../../../..');

interface Told {
  readonly status: number;
  readonly code?: string;
  readonly outcome?: string;
  readonly stream?: string;
  readonly position?: string;
  readonly repeated?: boolean;
  readonly errors?: readonly { readonly pointer: string }[];
}

async function until(done: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + WAIT_MS; Date.now() < end; await pause(20)) if (await done()) return;
  throw new Error(`not within ${WAIT_MS} ms: ${what}`);
}

kafka.describe('commands that come in over Kafka', () => {
  const databases = testDatabase();
  const prefix = `${randomBytes(4).toString('hex')}.`;
  const replies: KafkaRecord[] = [];
  let folder: string;
  let issuer: LocalIssuer;
  let port: KafkaPort;
  let producer: KafkaProducer;
  let reader: KafkaConsumer;
  let database: FreshDatabase;
  let service: RunningService;
  let transport: KafkaTransport;
  let token: string;

  async function startService(): Promise<void> {
    transport = new KafkaTransport({
      port: kafkajsPort({ brokers: kafka.brokers(), clientId: 'planning' }), group: `${prefix}planning.ingest`, prefix, partitions: PARTITIONS, lease: (topic) => new PostgresLease(database.url, topic),
    });
    service = await createService(planning, { databaseUrl: database.url, masterKey: Buffer.alloc(32, 7), clock: systemClock, verify: issuer.verify, log: pino({ level: 'silent' }), requestsPerMinute: 200, transport, inbound: true });
    await service.app.startAllMicroservices();
    await service.app.listen(0, '127.0.0.1');
    await service.start();
  }
  async function stopService(): Promise<void> {
    await service.stop();
    await transport.close();
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-inbound-'));
    issuer = await localIssuer(join(folder, 'issuer.pem'));
    token = await issuer.issue({ id: 'erp', roles: ['quality-engineer'] });
    database = await databases.fresh({ service: 'planning' });
    await startService();
    port = kafkajsPort({ brokers: kafka.brokers(), clientId: 'spec' });
    const there = (topic: string) => port.admin.partitions(prefix + topic).then((found) => found !== undefined, () => false);
    await until(async () => (await there(inboundTopicOf('planning'))) && (await there(replyTopicOf('planning'))), 'the topics are there');
    producer = await port.producer();
    reader = await port.consumer(`spec-${prefix}`, [prefix + replyTopicOf('planning')], {
      assigned: (places, consumer) => places.forEach((place) => consumer.seek(place, 0)), alive: () => undefined, failed: () => undefined,
      received: (_place, records) => replies.push(...records),
    });
  }, 120_000);

  afterAll(async () => {
    await reader.close();
    await producer.close();
    await port.close();
    await stopService();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  let count = 0;
  /** `planning.RegisterItem`, unless something else is said. */
  async function send(change: { id?: string; value?: string; headers?: Record<string, string | undefined> } = {}): Promise<string> {
    const id = change.id ?? `erp-${(count += 1)}`;
    const value = change.value ?? JSON.stringify({ itemId: derivedId('item', id), number: id.toUpperCase(), name: id, unit: 'pcs' });
    const headers = { ce_specversion: '1.0', ce_id: id, ce_type: 'planning.RegisterItem', ce_source: '/erp', 'content-type': 'application/json', authorization: `Bearer ${token}`, ...change.headers };
    const said = Object.fromEntries(Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined));
    await producer.send(prefix + inboundTopicOf('planning'), [{ partition: partitionOf(id, PARTITIONS), key: id, value, headers: said }]);
    return id;
  }
  /** The answers to a command so far, at least so many. */
  async function answers(id: string, atLeast = 1): Promise<Told[]> {
    const found = () => replies.filter(({ key }) => key === id);
    await until(() => found().length >= atLeast, `${atLeast} answers to ${id}`);
    return found().map(({ value }) => JSON.parse(value) as Told);
  }
  const answered = async (change: Parameters<typeof send>[0]): Promise<Told | undefined> => (await answers(await send(change)))[0];
  const head = () => service.runtime.options.store.head();

  it('are answered as over HTTP, with stream and position', async () => {
    const id = await send();
    expect(await answers(id)).toEqual([{
      status: 201, outcome: 'accepted', stream: `item-${derivedId('item', id)}`, version: 1, repeated: false, position: expect.stringMatching(/@\d+$/) as string,
      events: [{ id: expect.any(String) as string, type: 'planning.ItemRegistered.v1' }],
    }]);
    expect(replies.find(({ key }) => key === id)?.headers).toMatchObject({ ce_type: 'inbound.CommandAccepted.v1', ce_source: service.runtime.options.store.logId, touchstone_status: '201', touchstone_reply_to: '/erp', touchstone_command: 'planning.RegisterItem' });
  }, 90_000);

  it('that come again get the same answer, and nothing is recorded twice; so does the same key over HTTP', async () => {
    const id = await send();
    await answers(id);
    const before = await head();
    await send({ id });
    const [first, second] = await answers(id, 2);
    expect(second).toEqual({ ...first, status: 200, repeated: true });
    const body = JSON.stringify({ itemId: derivedId('item', id), number: id.toUpperCase(), name: id, unit: 'pcs' });
    const overHttp = await fetch(`${await service.app.getUrl()}/items`, { method: 'POST', body, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': id } });
    expect([overHttp.status, await overHttp.json()]).toMatchObject([200, { position: first?.position, repeated: true }]);
    expect(await head()).toBe(before);
    await send({ id, value: body.replace('pcs', 'kg') });
    expect((await answers(id, 3))[2]).toMatchObject({ status: 409, code: 'COMMAND_ID_REUSED' });
  }, 90_000);

  it('are refused by a rule with 422 and its code, and the refusal is recorded', async () => {
    const id = await send();
    await answers(id);
    const again = await send({ value: JSON.stringify({ itemId: derivedId('item', id), number: 'OTHER', name: 'other', unit: 'kg' }) });
    const [refused] = await answers(again);
    expect(refused).toMatchObject({ status: 422, code: 'ITEM_ALREADY_REGISTERED', stream: `item-${derivedId('item', id)}` });
    expect(replies.find(({ key }) => key === again)?.headers).toMatchObject({ ce_type: 'inbound.CommandRefused.v1', 'content-type': 'application/problem+json' });
  }, 90_000);

  it('need a token that is good, and a role that may: the name of the source counts for nothing', async () => {
    const expired = await issuer.issue({ id: 'erp', roles: ['quality-engineer'] }, -60);
    const stranger = await localIssuer(join(folder, 'stranger.pem'));
    const bearer = (text: string | undefined) => ({ headers: { authorization: text === undefined ? undefined : `Bearer ${text}` } });
    for (const bad of [undefined, '', expired, await stranger.issue({ id: 'erp', roles: ['quality-engineer'] }), 'x'.repeat(20_000)]) {
      expect(await answered(bearer(bad))).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    }
    expect(await answered(bearer(await issuer.issue({ id: 'reader', roles: ['auditor'] })))).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  }, 90_000);

  it('that are poison are answered, and what follows goes on', async () => {
    const poison: [Parameters<typeof send>[0], object][] = [
      [{ value: 'not json' }, { status: 400, code: 'INVALID_JSON' }], [{ value: '' }, { status: 400, code: 'INVALID_JSON' }], [{ value: '"\ufffd"' }, { status: 400, code: 'INVALID_UTF8' }],
      [{ value: JSON.stringify({ name: 'x'.repeat(300_000) }) }, { status: 413, code: 'BODY_TOO_LARGE' }], [{ value: `${'['.repeat(50_000)}${']'.repeat(50_000)}` }, { status: 400, code: 'NOT_AN_OBJECT' }],
      [{ value: `{"a":${'['.repeat(40)}${']'.repeat(40)}}` }, { status: 400, code: 'TOO_DEEP' }],
      [{ value: '{}' }, { status: 400, errors: expect.arrayContaining([expect.objectContaining({ pointer: '/itemId' })]) as unknown }],
      [{ headers: { ce_type: 'planning.Teleport' } }, { status: 400, code: 'UNKNOWN_COMMAND' }], [{ headers: { ce_type: undefined } }, { status: 400, code: 'UNKNOWN_COMMAND' }],
      [{ headers: { ce_source: undefined } }, { status: 400, code: 'BAD_CE_SOURCE' }], [{ headers: { 'content-type': 'application/cloudevents+json' } }, { status: 400, code: 'NOT_BINARY_MODE' }],
      [{ id: 'two words', value: JSON.stringify({ itemId: derivedId('two words'), number: 'W-2', name: 'w', unit: 'pcs' }) }, { status: 400, code: 'BAD_IDEMPOTENCY_KEY' }], [{ headers: { touchstone_occurred_at: 'yesterday' } }, { status: 400, code: 'NOT_AN_INSTANT' }],
    ];
    for (const [change, told] of poison) expect(await answered(change)).toMatchObject(told);
    expect(await answered({})).toMatchObject({ status: 201 });
    expect(await answered({ headers: { touchstone_occurred_at: '2026-03-02T08:00:00+01:00' } })).toMatchObject({ status: 201 });
  }, 120_000);

  it('are read from where they were noted after a restart: what was answered is not answered again', async () => {
    const [old, next] = Array.from({ length: 20 }, (_, index) => `mes-${index}`).filter((id) => partitionOf(id, PARTITIONS) === 0); // replies of one partition come in order
    await answers(await send({ id: old }));
    const noted = () => database.store.pool.query<{ seq: number }>(`select seq from checkpoint where name like 'inbound:%'`).then(({ rows }) => rows.reduce((sum, { seq }) => sum + seq, 0));
    await until(async () => (await noted()) > (await head()), 'more was refused than recorded, and all is noted'); // a place on a topic is none in the log
    const before = await noted();
    await stopService();
    await startService();
    expect(await noted()).toBe(before);
    await answers(await send({ id: next }));
    expect(await answers(old ?? '')).toHaveLength(1);
  }, 120_000);

  it('are counted, and show in readiness', async () => {
    const address = await service.app.getUrl();
    await until(async () => (await fetch(`${address}/health/ready`)).status === 200, 'the service is ready');
    const { parts } = (await (await fetch(`${address}/health/ready`)).json()) as { parts: { name: string; ready: boolean }[] };
    expect(parts).toContainEqual({ name: 'inbound commands', ready: true });
    expect(await (await fetch(`${address}/metrics`)).text()).toMatch(/touchstone_inbound_answers_total\{status="201"\} \d+/);
  }, 90_000);

  it('are sent as the documentation shows', async () => {
    const page = readFileSync(join(ROOT, 'docs/how-to/send-commands-over-kafka.md'), 'utf8');
    const program = /```js\n([^]*?)```/.exec(page)?.[1] ?? '';
    const child = spawn(process.execPath, ['--input-type=module', '-'], { cwd: ROOT, env: { PATH: process.env['PATH'], BROKERS: kafka.brokers().join(','), PREFIX: prefix, TOKEN: token }, stdio: ['pipe', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text: Buffer) => { out += text.toString('utf8'); });
    child.stderr.on('data', (text: Buffer) => { err += text.toString('utf8'); });
    child.stdin.end(program);
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect([code, code === 0 ? '' : err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({ status: 201, outcome: 'accepted' });
  }, 90_000);
});
