import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AclEntry } from 'kafkajs';
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } from 'kafkajs';
import { derivedId } from '@touchstone/kernel';
import { products } from '@touchstone/infra';
import type { KafkaPort, KafkaRecord } from '@touchstone/messaging/kafka';
import { kafkajsPort } from '@touchstone/messaging/kafka';
import { testDatabase } from '@touchstone/testing';
import { brokerCertificate } from '@touchstone/testing/kafka';
import { kafkaForSpecs } from '@touchstone/testing/kafka-for-specs';
import { read } from '../docs/repository.js';
import type { IssuerOverHttp } from './service-process.spec-kit.js';
import { issuerOverHttp, ServiceProcess } from './service-process.spec-kit.js';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-security-'));
const secret = (): string => randomBytes(12).toString('hex');
const passwords = { admin: secret(), planning: secret(), control: secret(), 'example-exposure': secret() };
const kafka = await prepared();
const WAIT_MS = 60_000;

interface Rule { readonly principal: string; readonly resource: string; readonly name: string; readonly pattern: string; readonly operations: readonly string[] }

/** The broker as the reference describes it; where there is no Java, nothing is made. */
async function prepared() {
  const tls = await brokerCertificate(folder).catch((error: unknown) => ({ why: `no certificate could be made by Java's keytool: ${String(error)}` }));
  return { ...(await kafkaForSpecs({ passwords, ...(!('why' in tls) && { certificate: tls }) })), caFile: 'why' in tls ? '' : tls.caFile };
}

kafka.describe('Kafka with TLS, SCRAM-SHA-512 and the published access lists', () => {
  const databases = testDatabase();
  const running: ServiceProcess[] = [];
  const ports: KafkaPort[] = [];
  let issuer: IssuerOverHttp;
  let planning: ServiceProcess;
  let control: ServiceProcess;
  const ca = () => readFileSync(kafka.caFile, 'utf8');

  const start = async (service: keyof typeof passwords, other: Readonly<Record<string, string>> = {}) => {
    const { url } = await databases.fresh({ service });
    const process = await ServiceProcess.start(service, {
      ...issuer.environment, TOUCHSTONE_DATABASE_URL: url, TOUCHSTONE_KAFKA_BROKERS: kafka.brokers().join(','), TOUCHSTONE_KAFKA_TLS: 'on', TOUCHSTONE_KAFKA_CA_FILE: kafka.caFile,
      TOUCHSTONE_KAFKA_USERNAME: service, TOUCHSTONE_KAFKA_PASSWORD: passwords[service], ...other,
    });
    running.push(process);
    return process;
  };
  const portOf = (username: keyof typeof passwords): KafkaPort => {
    const port = kafkajsPort({ brokers: kafka.brokers(), clientId: `security-${username}`, tls: { ca: ca() }, login: { username, password: passwords[username] } });
    ports.push(port);
    return port;
  };

  beforeAll(async () => {
    await putInForce((JSON.parse(read('docs/reference/events/acls.json')) as { rules: Rule[] }).rules);
    issuer = await issuerOverHttp(folder);
    [planning, control] = [await start('planning'), await start('control')];
  }, 180_000);

  afterAll(async () => {
    for (const process of running) await process.end('SIGKILL');
    for (const port of ports) await port.close();
    issuer.close();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function putInForce(rules: readonly Rule[]): Promise<void> {
    const client = new Kafka({ brokers: [...kafka.brokers()], clientId: 'admin', logLevel: logLevel.NOTHING, ssl: { ca: [ca()] }, sasl: { mechanism: 'scram-sha-512', username: 'admin', password: passwords.admin } });
    const resources = { topic: AclResourceTypes.TOPIC, group: AclResourceTypes.GROUP } as Readonly<Record<string, AclResourceTypes>>;
    const operations = { Read: AclOperationTypes.READ, Write: AclOperationTypes.WRITE, Describe: AclOperationTypes.DESCRIBE, Create: AclOperationTypes.CREATE } as Readonly<Record<string, AclOperationTypes>>;
    const acl = rules.flatMap(({ principal, resource, name, pattern, operations: allowed }) => allowed.map((operation): AclEntry => ({
      principal, host: '*', permissionType: AclPermissionTypes.ALLOW, resourceName: name, resourceType: resources[resource] ?? AclResourceTypes.UNKNOWN,
      operation: operations[operation] ?? AclOperationTypes.UNKNOWN, resourcePatternType: pattern === 'literal' ? ResourcePatternTypes.LITERAL : ResourcePatternTypes.PREFIXED,
    })));
    const admin = client.admin();
    await admin.connect();
    try {
      await admin.createAcls({ acl });
    } finally {
      await admin.disconnect();
    }
  }

  async function until(done: () => Promise<boolean>, what: string, withinMs = WAIT_MS): Promise<void> {
    for (const end = Date.now() + withinMs; Date.now() < end; await pause(50)) if (await done()) return;
    throw new Error(`not within ${withinMs} ms: ${what}; ${running.map(({ name, lastStatus, log }) => `${name}: ${lastStatus} ${log.slice(-500)}`).join('\n')}`);
  }

  async function planInForce(number: string): Promise<string> {
    const itemId = derivedId('item', number);
    const accept = async (to: string, [id, role]: [string, string], body: object) => {
      const { status, body: told } = await planning.call(to, await issuer.issuer.issue({ id, roles: [role] }), body);
      if (status !== 201) throw new Error(`${to}: ${status} ${JSON.stringify(told)}`);
    };
    const [engineer, manager]: [string, string][] = [['e.engineer', 'quality-engineer'], ['m.manager', 'quality-manager']];
    if (!engineer || !manager) throw new Error('nobody is there');
    await accept('/items', engineer, { itemId, number, name: number, unit: 'pcs' });
    await accept(`/control-plans/${itemId}/drafts`, engineer, { title: number, requiredInspections: ['final'], characteristics: [products[0]?.characteristics[0]?.plan] });
    await accept(`/control-plans/${itemId}/approvals`, manager, { revision: 1 });
    await accept(`/control-plans/${itemId}/in-force`, manager, { revision: 1 });
    return itemId;
  }

  /** What a consumer hears within a second and a half; throws what it is refused with. */
  async function heard(port: KafkaPort, group: string, topic: string): Promise<KafkaRecord[]> {
    const { promise: refused, reject } = Promise.withResolvers<never>();
    refused.catch(() => undefined);
    const records: KafkaRecord[] = [];
    const open = port.consumer(group, [topic], {
      assigned: (places, consumer) => places.forEach((place) => consumer.seek(place, 0)), received: (_, got) => records.push(...got), alive: () => undefined, failed: reject,
    });
    const consumer = await open;
    try {
      await Promise.race([refused, until(() => Promise.resolve(records.length > 0), `${group} hears of ${topic}`, 15_000)]);
      return records;
    } finally {
      await consumer.close();
    }
  }

  it('lets each service do all of its work: what planning put in force is in control\'s read model, and both are ready', async () => {
    const itemId = await planInForce('SEC-1');
    await until(async () => {
      const { body } = await control.call('/control-charts?limit=200', await issuer.issuer.issue({ id: 'e.engineer', roles: ['quality-engineer'] }));
      return ((body['items'] ?? []) as { itemId: string }[]).some((chart) => chart.itemId === itemId);
    }, 'the chart is there');
    await until(async () => (await control.ready()) === 200 && (await planning.ready()) === 200, 'both are ready');
    expect((await portOf('admin').admin.partitions('planning.events.v1'))).toBe(6);
  }, 120_000);

  it('keeps a service from another\'s topic, from what it does not listen to, and from another\'s group', async () => {
    const port = portOf('control');
    const record = { partition: 0, key: 'item-1', value: '{}', headers: {} };
    const producer = await port.producer();
    await expect(producer.send('planning.events.v1', [record])).rejects.toMatchObject({ type: 'TOPIC_AUTHORIZATION_FAILED' });
    await producer.close();
    await expect(port.admin.createTopic('feedback.events.v1', 1)).rejects.toThrow();
    await expect(port.admin.deleteTopic('control.events.v1')).rejects.toThrow();
    await portOf('admin').admin.createTopic('assurance.events.v1', 6);
    await expect(heard(port, 'control.elsewhere', 'assurance.events.v1')).rejects.toMatchObject({ type: 'TOPIC_AUTHORIZATION_FAILED' });
    await expect(heard(port, 'planning.ingest', 'planning.events.v1')).rejects.toThrow(/may this login use the group/);
    expect(await heard(port, 'control.elsewhere', 'planning.events.v1')).not.toEqual([]);
  }, 120_000);

  it('lets a registered consumer read its topics with its own group, and no more', async () => {
    const port = portOf('example-exposure');
    expect(await port.admin.partitions('planning.events.v1')).toBeUndefined();
    await expect(heard(port, 'control.ingest', 'control.events.v1')).rejects.toThrow(/may this login use the group/);
    await expect(heard(port, 'example-exposure', 'planning.events.v1')).rejects.toMatchObject({ type: 'TOPIC_AUTHORIZATION_FAILED' });
    await expect(port.producer()).rejects.toThrow('Cluster authorization failed'); // who may write nowhere is given no producer
  }, 120_000);

  const wrong = secret();
  const refusals: readonly [string, () => Readonly<Record<string, string>>, RegExp][] = [
    ['a wrong password', () => ({ TOUCHSTONE_KAFKA_PASSWORD: wrong }), /authentication failed/i],
    ['a certificate of an authority that is not trusted', () => ({ TOUCHSTONE_KAFKA_CA_FILE: join(folder, 'other', 'authority.pem') }), /certificate/i],
    ['no TLS', () => ({ TOUCHSTONE_KAFKA_TLS: 'off' }), /TLS/],
  ];
  it.each(refusals)('with %s the service is live, not ready within ten seconds and says why, never with a secret', async (_what, environment, said) => {
    mkdirSync(join(folder, 'other'), { recursive: true });
    if (environment()['TOUCHSTONE_KAFKA_CA_FILE']) writeFileSync(join(folder, 'other', 'authority.pem'), readFileSync((await brokerCertificate(join(folder, 'other'))).caFile));
    const service = await start('planning', environment());
    const startedAt = Date.now();
    await until(async () => (await service.ready()) === 503 && said.test(service.lastStatus), `it says ${said}`, 30_000);
    expect(Date.now() - startedAt).toBeLessThan(20_000); // ten, and as much again for a machine that is busy
    expect(await service.call('/health/live', '')).toMatchObject({ status: 200 });
    expect(await service.end('SIGTERM')).toBe(0);
    for (const kept of [wrong, ...Object.values(passwords)]) expect(service.log + service.lastStatus).not.toContain(kept);
  }, 90_000);
});
