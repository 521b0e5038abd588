import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { derivedId } from '@touchstone/kernel';
import { products } from '@touchstone/infra';
import { backUp, putBack } from '@touchstone/event-store/local';
import { testDatabase } from '@touchstone/testing';
import { kafkaForSpecs } from '@touchstone/testing/kafka-for-specs';
import type { IssuerOverHttp } from './service-process.spec-kit.js';
import { issuerOverHttp, ServiceProcess } from './service-process.spec-kit.js';

const kafka = await kafkaForSpecs();
const WAIT_MS = 60_000;
const [ring] = products;

kafka.describe('planning and control as processes of their own', () => {
  const databases = testDatabase();
  const running: ServiceProcess[] = [];
  let folder: string;
  let issuer: IssuerOverHttp;
  let planning: ServiceProcess;
  let control: ServiceProcess;
  const ownerUrls = new Map<string, string>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-processes-'));
    issuer = await issuerOverHttp(folder);
    const start = async (service: string) => {
      const { url, ownerUrl } = await databases.fresh({ service });
      ownerUrls.set(service, ownerUrl);
      const process = await ServiceProcess.start(service, { ...issuer.environment, TOUCHSTONE_DATABASE_URL: url, TOUCHSTONE_KAFKA_BROKERS: kafka.brokers().join(','), TOUCHSTONE_KAFKA_PREFIX: `${folder.slice(-6)}.` });
      running.push(process);
      return process;
    };
    [planning, control] = [await start('planning'), await start('control')];
    await until(async () => (await planning.ready()) === 200 && (await control.ready()) === 200, 'both are ready');
  }, 180_000);

  afterAll(async () => {
    for (const process of running) await process.end('SIGKILL');
    issuer.close();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function until(done: () => Promise<boolean>, what: string, withinMs = WAIT_MS): Promise<void> {
    for (const end = Date.now() + withinMs; Date.now() < end; await pause(50)) if (await done()) return;
    throw new Error(`not within ${withinMs} ms: ${what}; ${running.map(({ name, lastStatus, log }) => `${name}: ${lastStatus} ${log.slice(-500)}`).join('\n')}`);
  }

  const token = (id: string, ...roles: string[]) => issuer.issuer.issue({ id, roles });

  async function planInForce(number: string): Promise<string> {
    const itemId = derivedId('item', number);
    const plan = {
      title: number, requiredInspections: ['final'],
      characteristics: [ring?.characteristics[0]?.plan],
    };
    const accept = async (path: string, roles: [string, string], body: object) => {
      const { status, body: told } = await planning.call(path, await token(...roles), body);
      if (status !== 201) throw new Error(`${path}: ${status} ${JSON.stringify(told)}`);
    };
    await accept('/items', ['e.engineer', 'quality-engineer'], { itemId, number, name: number, unit: 'pcs' });
    await accept(`/control-plans/${itemId}/drafts`, ['e.engineer', 'quality-engineer'], plan);
    await accept(`/control-plans/${itemId}/approvals`, ['m.manager', 'quality-manager'], { revision: 1 });
    await accept(`/control-plans/${itemId}/in-force`, ['m.manager', 'quality-manager'], { revision: 1 });
    return itemId;
  }

  const charts = async (): Promise<string[]> => {
    const { body } = await control.call('/control-charts?limit=200', await token('e.engineer', 'quality-engineer'));
    return ((body['items'] ?? []) as { itemId: string }[]).map(({ itemId }) => itemId);
  };

  it('show in control\'s read model what planning put in force', async () => {
    const itemId = await planInForce('PR-1');
    await until(async () => (await charts()).includes(itemId), 'the chart is there');
  }, 120_000);

  it('lose and double nothing when control is killed, and planning goes on', async () => {
    await control.end('SIGKILL');
    await planInForce('PR-2');
    await planInForce('PR-3');
    await control.start();
    await until(async () => (await charts()).length === 3, 'what was missed is there, once');
    expect((await charts()).toSorted()).toEqual(['PR-1', 'PR-2', 'PR-3'].map((number) => derivedId('item', number)).toSorted());
  }, 180_000);

  it('hand the relay over when a second process of planning takes the place of the first', async () => {
    const first = planning;
    expect(await first.end('SIGTERM')).toBe(0); // drained
    await planning.start();
    const itemId = await planInForce('PR-4');
    await until(async () => (await charts()).includes(itemId), 'the chart is there');
  }, 180_000);

  it('are told by the topic that a database was put back to yesterday, record nothing, and go on in a new epoch', async () => {
    const ownerUrl = ownerUrls.get('planning') ?? '';
    const name = new URL(ownerUrl).pathname.slice(1);
    const known = (await charts()).length;
    await backUp(ownerUrl, name, `${name}_yesterday`);
    const lost = await planInForce('PR-LOST');
    await until(async () => (await charts()).includes(lost), 'control was told');
    expect(await planning.end('SIGTERM')).toBe(0);
    await putBack(ownerUrl, name, `${name}_yesterday`, `${name}_lost`);
    await planning.start();
    await until(async () => (await planning.ready()) === 503 && planning.lastStatus.includes('LOG_RESTORED'), 'planning says so');
    expect(planning.lastStatus).toMatch(/LOG_RESTORED: topic \S+planning\.events\.v1 was told event/);
    const item = { itemId: derivedId('item', 'PR-NEW'), number: 'PR-NEW', name: 'new', unit: 'pcs' };
    expect(await planning.call('/items', await token('e.engineer', 'quality-engineer'), item)).toMatchObject({ status: 503, body: { code: 'LOG_RESTORED' } });
    const { status, body } = await planning.call('/epochs', await token('o.operator', 'operator'), { reason: 'The disk failed; yesterday was put back.' });
    expect({ status, body }).toMatchObject({ status: 201, body: { epoch: 2, differing: 0, toldBy: { [`topic ${folder.slice(-6)}.planning.events.v1`]: body['withdrawn'] } } });
    expect(body['withdrawn']).toBeGreaterThanOrEqual(1);
    await until(async () => (await planning.ready()) === 200, 'planning is ready in its new epoch');
    const itemId = await planInForce('PR-AGAIN');
    await until(async () => (await charts()).includes(itemId), 'control hears of the new epoch');
    expect((await charts()).length).toBe(known + 2);
  }, 240_000);

  if (kafka.broker) {
    const { broker } = kafka;
    it('are not ready within ten seconds when the broker hangs, still take commands, and go on when it answers', async () => {
      await until(async () => (await control.ready()) === 200 && (await planning.ready()) === 200, 'both are ready');
      broker.freeze();
      const frozenAt = Date.now();
      await until(async () => (await control.ready()) === 503 && (await planning.ready()) === 503, 'neither is ready', 40_000);
      expect(Date.now() - frozenAt).toBeLessThan(20_000); // ten, and as much again for a machine that is busy
      const itemId = await planInForce('PR-5');
      broker.thaw();
      await until(async () => (await charts()).includes(itemId), 'the chart is there');
      await until(async () => (await control.ready()) === 200 && (await planning.ready()) === 200, 'both are ready again');
    }, 180_000);

    it('go on after the broker was killed, from where each stood', async () => {
      await broker.kill();
      const itemId = await planInForce('PR-6');
      await broker.start();
      await until(async () => (await charts()).includes(itemId), 'the chart is there');
      await until(async () => (await control.ready()) === 200 && (await planning.ready()) === 200, 'both are ready again');
      expect((await charts()).length).toBe(8);
      expect(new Set(await charts()).size).toBe(8);
    }, 180_000);
  }
});
