import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { askFolder, cloudEventLine, exportFolder, LogSource } from '@touchstone/analytics/export';
import { contracts } from '@touchstone/contracts';
import { derivedId } from '@touchstone/kernel';
import { inboundTopicOf, replyTopicOf, topicOf } from '@touchstone/messaging';
import type { KafkaPort, KafkaProducer } from '@touchstone/messaging/kafka';
import { kafkajsPort, PARTITIONS, partitionOf } from '@touchstone/messaging/kafka';
import type { FreshDatabase } from '@touchstone/testing';
import { testDatabase } from '@touchstone/testing';
import { kafkaForSpecs } from '@touchstone/testing/kafka-for-specs';
import type { IssuerOverHttp } from './service-process.spec-kit.js';
import { issuerOverHttp, ServiceProcess } from './service-process.spec-kit.js';
import type { PlacedRecord } from './whole-topic.js';
import { wholeTopic } from './whole-topic.js';

const kafka = await kafkaForSpecs();
const WAIT_MS = 60_000;

kafka.describe('feedback and analytics as processes of their own, with commands over Kafka', () => {
  const databases = testDatabase();
  const prefix = `${randomBytes(4).toString('hex')}.`;
  const running: ServiceProcess[] = [];
  const stores: Record<string, FreshDatabase> = {};
  let folder: string;
  let issuer: IssuerOverHttp;
  let port: KafkaPort;
  let producer: KafkaProducer;
  let feedback: ServiceProcess;
  let analytics: ServiceProcess;
  let token: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-feedback-'));
    issuer = await issuerOverHttp(folder);
    token = await issuer.issuer.issue({ id: 'care-1', roles: ['customer-care', 'operator'] });
    const start = async (service: string, more: Record<string, string> = {}) => {
      const database = stores[service] = await databases.fresh({ service });
      const process = await ServiceProcess.start(service, { ...issuer.environment, TOUCHSTONE_DATABASE_URL: database.url, TOUCHSTONE_KAFKA_BROKERS: kafka.brokers().join(','), TOUCHSTONE_KAFKA_PREFIX: prefix, ...more });
      running.push(process);
      return process;
    };
    [feedback, analytics] = [await start('feedback', { TOUCHSTONE_INBOUND: 'on' }), await start('analytics')];
    port = kafkajsPort({ brokers: kafka.brokers(), clientId: 'spec' });
    producer = await port.producer();
    await until(async () => (await feedback.ready()) === 200 && (await analytics.ready()) === 200, 'both are ready');
  }, 240_000);

  afterAll(async () => {
    for (const process of running) await process.end('SIGKILL');
    await producer.close();
    await port.close();
    issuer.close();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function until(done: () => boolean | Promise<boolean>, what: string): Promise<void> {
    for (const end = Date.now() + WAIT_MS; Date.now() < end; await pause(50)) if (await done()) return;
    throw new Error(`not within ${WAIT_MS} ms: ${what}; ${running.map(({ name, lastStatus, log }) => `${name}: ${lastStatus} ${log.slice(-500)}`).join('\n')}`);
  }
  const post = async (path: string, body: object) => {
    const told = await feedback.call(path, token, body);
    expect([told.status, JSON.stringify(told.body).match(/"code"/)]).toEqual([201, null]);
  };
  const send = (id: string, type: string, body: object) => producer.send(prefix + inboundTopicOf('feedback'), [{
    partition: partitionOf(id, PARTITIONS), key: id, value: JSON.stringify(body),
    headers: { ce_specversion: '1.0', ce_id: id, ce_type: `feedback.${type}`, ce_source: '/crm', 'content-type': 'application/json', authorization: `Bearer ${token}` },
  }]);
  /** The answers to a command so far, when there are so many. */
  async function answers(id: string, atLeast: number): Promise<PlacedRecord[]> {
    let found: PlacedRecord[] = [];
    await until(async () => (found = (await wholeTopic(port, prefix + replyTopicOf('feedback'))).filter(({ key }) => key === id)).length >= atLeast, `${atLeast} answers to ${id}`);
    return found;
  }
  const accountId = derivedId('account of the canary');
  const contactId = derivedId('contact of the canary');
  const complaintId = derivedId('complaint of the canary');

  it('bring what is personal onto no topic, into no other service, parked or not, and into no export', async () => {
    await post('/accounts', { accountId, name: 'Lathe & Sons' });
    await post(`/accounts/${accountId}/contacts`, { contactId, name: 'Ada Canary', email: 'ada@canary.example' });
    await post('/complaints', { complaintId, accountId, contactId, channel: 'phone', category: 'late', text: 'Canary: call me at 555-0100.' });
    const inbound: [string, string, object][] = [
      ['crm-1', 'AddContact', { accountId, contactId: derivedId('another'), name: 'Ben Canary', email: 'ben@canary.example' }],
      ['crm-2', 'AddContact', { accountId, contactId, name: 'Cy Canary' }], // refused by a rule
      ['crm-3', 'AddContact', { accountId, contactId: 'Dee Canary', name: ['Dee Canary'] }], // of a wrong shape
      ['crm-4', 'ReceiveComplaint', { complaintId: derivedId('over Kafka'), accountId, channel: 'mail', category: 'late', text: 'Canary, in writing.' }],
    ];
    for (const [id, type, body] of inbound) await send(id, type, body);
    const statuses: unknown[] = [];
    for (const [id] of inbound) statuses.push(...(await answers(id, 1)).map(({ headers }) => headers['touchstone_status']));
    expect(statuses).toEqual(['201', '422', '400', '201']);

    const events = prefix + topicOf('feedback');
    const added = () => wholeTopic(port, events).then((all) => all.filter(({ headers }) => headers['ce_type'] === 'feedback.ContactAdded.v1'));
    await until(async () => (await added()).length === 2, 'both contacts are published');
    const [again] = await added();
    if (!again) throw new Error('no contact was published');
    const meta = JSON.stringify({ ...(JSON.parse(again.headers['touchstone_meta'] ?? '{}') as object), actor: 'somebody-else' });
    await producer.send(events, [{ ...again, headers: { ...again.headers, touchstone_meta: meta } }]); // its id with another content: an incident
    const parked = () => analytics.call('/parked?state=any', token).then(({ body }) => body['items'] as { event: string }[]);
    await until(async () => (await parked()).length > 0, 'analytics has parked it');

    const logs = await Promise.all(['feedback', 'analytics'].map((service) => stores[service]?.store.readAll(0, 1_000)));
    const { store } = stores['feedback'] as FreshDatabase;
    const lake = join(folder, 'lake');
    await exportFolder({ folder: lake, sources: [new LogSource('feedback', store, contracts)] });
    const places = {
      events: await wholeTopic(port, events), replies: await wholeTopic(port, prefix + replyTopicOf('feedback')), 'events of analytics': await wholeTopic(port, prefix + topicOf('analytics')),
      parked: await parked(), logs, parquet: (await askFolder(lake, 'select * from events')).rows, lines: logs[0]?.map((event) => cloudEventLine({ service: 'feedback', logId: store.logId }, event)),
    };
    const texts = Object.entries(places).map(([name, content]): [string, string] => [name, JSON.stringify(content, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))]);
    expect(texts.filter(([, text]) => /canary|555-0100/i.test(text)).map(([name]) => name)).toEqual([]);
    expect(texts.filter(([name, text]) => !text.includes(contactId) && !['replies', 'events of analytics'].includes(name)).map(([name]) => name)).toEqual([]); // else nothing was shown
  }, 240_000);

  it('answer a command again, and carry it out once, when feedback is killed after the reply and before its place is noted', async () => {
    const { store } = stores['feedback'] as FreshDatabase;
    const { pool } = store;
    const noted = () => pool.query(`select name, seq from checkpoint where name like 'inbound:%' order by name`).then(({ rows }) => rows as object[]);
    const holding = await pool.connect();
    const id = 'crm-killed';
    const refusedId = Array.from({ length: 100 }, (_, index) => `crm-refused-${index}`).find((each) => partitionOf(each, PARTITIONS) !== partitionOf(id, PARTITIONS)) ?? ''; // one partition waits for its own place only
    const streams = [`account-${derivedId(id)}`, `refusals-account-${derivedId('nobody')}`];
    const recorded = () => Promise.all(streams.map(async (stream) => (await store.readStream(stream)).length));
    const before = await noted();
    try {
      await holding.query('begin');
      await holding.query('lock table checkpoint in share row exclusive mode'); // no place can be noted
      await send(id, 'RegisterAccount', { accountId: derivedId(id), name: 'Killed & Co' });
      await send(refusedId, 'AddContact', { accountId: derivedId('nobody'), contactId: derivedId(refusedId), name: 'Eve' }); // refused, and recorded as such
      await answers(id, 1);
      await answers(refusedId, 1);
      await feedback.end('SIGKILL');
      const atWork = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`;
      await until(async () => (await pool.query(atWork)).rowCount === 0, 'no statement goes on without its client');
    } finally {
      await holding.query('rollback');
      holding.release();
    }
    expect(await noted()).toEqual(before);
    expect(await recorded()).toEqual([1, 1]);
    await feedback.start();
    const [first, second] = (await answers(id, 2)).map(({ value, headers }) => ({ ce_id: headers['ce_id'], ...(JSON.parse(value) as object) }));
    expect([first, second]).toEqual([expect.objectContaining({ status: 201, repeated: false }), { ...first, status: 200, repeated: true }]);
    const [refused, refusedAgain] = await answers(refusedId, 2);
    expect([refused?.headers['touchstone_status'], refusedAgain?.value, refusedAgain?.headers]).toEqual(['422', refused?.value, refused?.headers]);
    expect(await recorded()).toEqual([1, 1]);
    await until(async () => JSON.stringify(await noted()) !== JSON.stringify(before), 'its place is noted at last');
  }, 240_000);
});
