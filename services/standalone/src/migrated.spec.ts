import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Person } from '@touchstone/infra';
import { people, products } from '@touchstone/infra';
import { derivedId, SimulatedClock } from '@touchstone/kernel';
import { openLog } from '@touchstone/platform';
import type { Platform } from './platform.js';
import { startPlatform } from './platform.js';
import { allServices } from './services.js';
import { settled } from './time.js';

const id = (what: string) => derivedId('migrated', what);
const [ring] = products;

/**
 * History of another system comes in without setting anything off: no case for a complaint of 1998, no task for a lot that was
 * rejected then. The same lines brought in live do set these off, so the silence is that of the mark and not of the lines.
 */
describe('records that were migrated', () => {
  let folder: string;
  let platform: Platform;
  let tokens: Map<Person, string>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-migrated-'));
    platform = await startPlatform({ dataDir: join(folder, 'data'), services: allServices, log: openLog('warn'), clock: new SimulatedClock('2026-03-02T12:00:00.000Z') });
    const entries = Object.entries(people) as [Person, (typeof people)[Person]][];
    tokens = new Map(await Promise.all(entries.map(async ([person, actor]) => [person, await platform.issuer.issue(actor)] as const)));
    const item = { itemId: ring?.itemId };
    const characteristics = [{ ...ring?.characteristics[0]?.plan, sampleSize: 1, acceptanceNumber: 0, chart: 'none' }];
    await post('planner', '/planning/items', { ...item, number: 'PR-74', name: 'Piston ring', unit: 'pcs' });
    await post('planner', `/planning/control-plans/${ring?.itemId}/drafts`, { title: 'Ring', requiredInspections: ['final'], characteristics });
    await post('manager', `/planning/control-plans/${ring?.itemId}/approvals`, { revision: 1 });
    await post('manager', `/planning/control-plans/${ring?.itemId}/in-force`, { revision: 1 });
    await settled(platform);
  }, 60_000);

  afterAll(async () => {
    await platform.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }, 30_000);

  async function post(by: Person, path: string, body: object | string): Promise<string> {
    const response = await fetch(platform.url + path, {
      method: 'POST', headers: { authorization: `Bearer ${tokens.get(by) ?? ''}`, 'content-type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    if (response.status >= 400) throw new Error(`${path}: ${text}`);
    return text;
  }

  async function items(path: string): Promise<unknown[]> {
    const response = await fetch(platform.url + path, { headers: { authorization: `Bearer ${tokens.get('auditor') ?? ''}` } });
    return ((await response.json()) as { items: unknown[] }).items;
  }

  /** Deadline rows, open or sent, and events that a service's own reactions made; by service. */
  async function setOff(): Promise<Record<string, { deadlines: number; byItself: string[] }>> {
    const all = [...platform.services].map(async ([name, { runtime }]) => {
      const { pool } = runtime.options.store;
      const { rows: [row] } = await pool.query<{ n: number }>('select count(*) as n from deadlines_v1.deadline');
      const { rows } = await pool.query<{ type: string }>(`select distinct type from event where stream not like '%/%' and meta like '%"actor":"system:%' order by 1`);
      return [name, { deadlines: row?.n ?? -1, byItself: rows.map(({ type }) => type) }] as const;
    });
    return Object.fromEntries(await Promise.all(all));
  }

  /** A complaint, and a lot whose one inspection finds its critical measure far outside. */
  const lines = (name: string) => {
    const [accountId, lotId, inspectionId] = [id(`account ${name}`), id(`lot ${name}`), id(`inspection ${name}`)];
    return {
      feedback: [
        { type: 'RegisterAccount', body: { accountId, name: 'Workshop', externalSource: 'old', externalId: name } },
        { type: 'ReceiveComplaint', body: { complaintId: id(`complaint ${name}`), accountId, channel: 'phone', category: 'Leak', text: 'It leaks.' } },
      ],
      control: [
        { type: 'RegisterLot', body: { lotId, number: `PR-74-${name}`, itemId: ring?.itemId, quantity: '100', unit: 'pcs', site: 'ulm' } },
        { type: 'StartInspection', body: { inspectionId, lotId, stage: 'final' } },
        { type: 'RecordMeasurements', body: { inspectionId, characteristicId: 'diameter', values: ['74.9'], unit: 'mm', represents: '100', gaugeId: 'MIC-07', gaugeCalibratedUntil: '2026-12-31T00:00:00.000Z' } },
        { type: 'CompleteInspection', body: { inspectionId } },
      ],
    };
  };

  async function bring(name: string, by: Person, provenance: 'migrated' | 'live'): Promise<void> {
    for (const [service, all] of Object.entries(lines(name))) {
      const told = await post(by, `/${service}/bulk?provenance=${provenance}`, all.map((line, index) => JSON.stringify({ line: index + 1, occurredAt: '2026-03-01T08:00:00.000Z', ...line })).join('\n'));
      expect(JSON.parse(told.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ summary: { accepted: all.length } });
    }
    await settled(platform);
  }

  it('start no reaction and arm no deadline, in any service', async () => {
    await bring('old', 'importer', 'migrated');
    expect((await items('/control/inspections')).length + (await items('/feedback/complaints')).length).toBe(2);
    expect(await items('/feedback/cases')).toEqual([]);
    expect(await items('/control/tasks')).toEqual([]);
    expect(await items('/control/nonconformities')).toEqual([]);
    expect(await items('/assurance/capas')).toEqual([]);
    const nothing = { deadlines: 0, byItself: [] };
    expect(await setOff()).toEqual({ planning: nothing, control: nothing, assurance: nothing, feedback: nothing, analytics: nothing });
  });

  it('would have set off a hold, a nonconformity and deadlines, had they been live', async () => {
    await bring('new', 'erp', 'live');
    const { control, feedback } = await setOff();
    expect((await items('/control/nonconformities')).length).toBe(1);
    expect(control?.byItself).toEqual(expect.arrayContaining(['control.NonconformityReported.v1', 'control.QuantityHeld.v1']));
    expect(feedback?.deadlines).toBeGreaterThan(0);
  });
});
