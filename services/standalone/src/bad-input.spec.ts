import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runImport } from '@touchstone/auditor/import';
import type { Person } from '@touchstone/infra';
import { datasets, people, products } from '@touchstone/infra';
import { derivedId, SimulatedClock } from '@touchstone/kernel';
import { openLog } from '@touchstone/platform';
import type { Platform } from './platform.js';
import { startPlatform } from './platform.js';
import { allServices } from './services.js';
import { settled } from './time.js';

const NOW = '2026-03-02T12:00:00.000Z';
const [ring] = products;
const account = derivedId('account', 'bad-input');
const id = (what: string) => derivedId('bad-input', what);

type Sender = Person | 'logistics';

interface Heard {
  readonly status: number;
  readonly type: string | null;
  readonly code?: string;
  readonly [member: string]: unknown;
}

/** Everything wrong is answered with a problem document that has a stable code, and leaves the logs as they were. */
describe('bad input', () => {
  let folder: string;
  let platform: Platform;
  let tokens: Map<Sender, string>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-bad-input-'));
    platform = await startPlatform({ dataDir: join(folder, 'data'), services: allServices, log: openLog('warn'), clock: new SimulatedClock(NOW) });
    const entries = Object.entries(people) as [Person, (typeof people)[Person]][];
    tokens = new Map<Sender, string>(await Promise.all(entries.map(async ([person, actor]) => [person, await platform.issuer.issue(actor)] as const)));
    tokens.set('logistics', await platform.issuer.issue({ id: 'l.moreau', roles: ['logistics'] }));
    await taken('planner', '/planning/items', { itemId: ring?.itemId, number: 'PR-74', name: 'Piston ring', unit: 'pcs' });
    await taken('planner', `/planning/control-plans/${ring?.itemId}/drafts`, plan({}));
    await taken('manager', `/planning/control-plans/${ring?.itemId}/approvals`, { revision: 1 });
    await taken('manager', `/planning/control-plans/${ring?.itemId}/in-force`, { revision: 1 });
    await taken('care', '/feedback/accounts', { accountId: account, name: 'Workshop', externalSource: 'crm', externalId: 'K-1' });
    await settled(platform);
  }, 60_000);

  afterAll(async () => {
    await platform.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }, 30_000);

  async function send(by: Sender, path: string, body: object | string | Uint8Array<ArrayBuffer>): Promise<Heard> {
    const response = await fetch(platform.url + path, {
      method: 'POST', headers: { authorization: `Bearer ${tokens.get(by) ?? ''}`, 'content-type': 'application/json' },
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
    return { ...((await response.json()) as object), status: response.status, type: response.headers.get('content-type') };
  }

  async function taken(by: Sender, path: string, body: object): Promise<void> {
    expect(await send(by, path, body)).toMatchObject({ status: 201, outcome: 'accepted' });
  }

  const heads = async () => Object.fromEntries(await Promise.all([...platform.services].map(async ([name, { runtime }]) => [name, await runtime.options.store.head()] as const)));
  const lastEvent = async (service: string) => {
    const store = platform.services.get(service)?.runtime.options.store;
    return (await store?.readAll((await store.head()) - 1, 1))?.at(0)?.type;
  };

  /** `invalid`: nothing was written. `refused`: nothing but the refusal, in the log of that one service. */
  async function wrong(ask: () => Promise<Heard>, { status, code, recordedIn }: { status: number; code: string; recordedIn?: string }): Promise<Heard> {
    const before = await heads();
    const heard = await ask();
    expect(heard).toMatchObject({ status, code, type: expect.stringContaining('application/problem+json'), detail: expect.any(String) });
    expect(await heads()).toEqual(recordedIn === undefined ? before : { ...before, [recordedIn]: (before[recordedIn] ?? 0) + 1 });
    if (recordedIn !== undefined) expect(await lastEvent(recordedIn)).toBe('CommandRefused');
    return heard;
  }

  const plan = (limits: object) => ({
    title: 'Ring', requiredInspections: ['final'], characteristics: [{ ...ring?.characteristics[0]?.plan, sampleSize: 1, chart: 'none', ...limits }],
  });
  const lot = (name: string, more: object = {}) => ({ lotId: id(name), number: `PR-74-${name}`, itemId: ring?.itemId, quantity: '100', unit: 'pcs', site: 'ulm', ...more });
  const purchase = (externalId: string, more: object = {}) => ({
    purchaseId: derivedId('purchase', 'shop', externalId), accountId: account, source: 'shop', externalId, units: '2', amount: '24.00', currency: 'EUR', ...more,
  });
  const measurement = (inspectionId: string, more: object = {}) => ({
    inspectionId, characteristicId: 'diameter', values: ['74.001'], unit: 'mm', represents: '100', gaugeId: 'MIC-07', gaugeCalibratedUntil: '2026-12-31T00:00:00.000Z', ...more,
  });

  /** A lot of which 100 pieces were inspected and may be released. */
  async function acceptedLot(name: string): Promise<string> {
    const inspectionId = id(`inspection ${name}`);
    await taken('engineer', '/control/lots', lot(name));
    await taken('inspector', '/control/inspections', { inspectionId, lotId: id(name), stage: 'final' });
    await taken('inspector', `/control/inspections/${inspectionId}/measurements`, measurement(inspectionId));
    await taken('inspector', `/control/inspections/${inspectionId}/completion`, {});
    await settled(platform);
    return id(name);
  }

  it('names a field that nobody knows', async () => {
    const heard = await wrong(() => send('engineer', '/control/lots', lot('coloured', { colour: 'red' })), { status: 400, code: 'UNKNOWN_FIELD' });
    expect(heard['errors']).toEqual([expect.objectContaining({ pointer: '/colour', code: 'UNKNOWN_FIELD' })]);
  });

  it('refuses a measurement in another unit than the plan asks for', async () => {
    const inspectionId = id('inspection in inches');
    await taken('engineer', '/control/lots', lot('inches'));
    await taken('inspector', '/control/inspections', { inspectionId, lotId: id('inches'), stage: 'final' });
    await settled(platform);
    const heard = await wrong(
      () => send('inspector', `/control/inspections/${inspectionId}/measurements`, measurement(inspectionId, { values: ['2.9134'], unit: 'in' })),
      { status: 422, code: 'UNIT_MISMATCH', recordedIn: 'control' },
    );
    expect(heard['details']).toEqual({ expected: 'mm', given: 'in' });
  });

  it('refuses a plan whose lower limit lies above the upper', async () => {
    await wrong(() => send('planner', `/planning/control-plans/${ring?.itemId}/drafts`, plan({ lower: '74.05', upper: '73.95' })), { status: 422, code: 'LIMITS_REVERSED', recordedIn: 'planning' });
  });

  it('refuses a delivery from a lot that nobody registered', async () => {
    const delivery = { deliveryId: id('delivery'), orderId: 'SO-1', line: 1, accountId: account, lotId: id('no such lot'), quantity: '1', requestedFor: NOW, confirmedFor: NOW };
    await wrong(() => send('manager', '/control/deliveries', delivery), { status: 403, code: 'FORBIDDEN' });
    await wrong(() => send('logistics', '/control/deliveries', delivery), { status: 422, code: 'LOT_UNKNOWN', recordedIn: 'control' });
  });

  it('takes a purchase once: told again it changes nothing, told otherwise it is refused', async () => {
    await taken('care', '/feedback/purchases', purchase('R-1'));
    await settled(platform);
    const before = await heads();
    expect(await send('care', '/feedback/purchases', purchase('R-1'))).toMatchObject({ status: 200, outcome: 'accepted', events: [] });
    expect(await heads()).toEqual(before);
    const heard = await wrong(() => send('care', '/feedback/purchases', purchase('R-1', { amount: '42.00' })), { status: 422, code: 'PURCHASE_ALREADY_RECORDED', recordedIn: 'feedback' });
    expect(heard['details']).toEqual({ differs: ['amount'] });
  });

  it('does not read a body of 300 KiB', async () => {
    await wrong(() => send('care', '/feedback/purchases', purchase('x'.repeat(300 * 1024))), { status: 413, code: 'BODY_TOO_LARGE' });
  });

  it('refuses bytes that are not UTF-8 instead of guessing at them', async () => {
    const latin1 = new Uint8Array(Buffer.from(JSON.stringify(purchase('R-2', { source: 'Käse' })), 'latin1'));
    await wrong(() => send('care', '/feedback/purchases', latin1), { status: 400, code: 'INVALID_UTF8' });
  });

  it('refuses half a body', async () => {
    await wrong(() => send('care', '/feedback/purchases', JSON.stringify(purchase('R-2')).slice(0, -20)), { status: 400, code: 'INVALID_JSON' });
  });

  it.each([
    ['without its zone', '2026-03-01T10:00:00', 'NOT_AN_INSTANT'],
    ['that no calendar has', '2026-02-30T10:00:00Z', 'NOT_AN_INSTANT'],
    ['that is still to come', '2026-03-02T12:00:00.001Z', 'OCCURRED_IN_FUTURE'],
  ])('refuses a date %s', async (_what, occurredAt, code) => {
    await wrong(() => send('care', '/feedback/purchases', purchase('R-3', { occurredAt })), { status: 400, code });
  });

  it('lets one of two people release what both want, and tells the other why not', async () => {
    const lotId = await acceptedLot('wanted-twice');
    const before = await heads();
    const answers = await Promise.all((['engineer', 'manager'] as const).map((by) => send(by, `/control/lots/${lotId}/releases`, { quantity: '60' })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 422]);
    expect(answers.find(({ status }) => status === 422)).toMatchObject({ code: 'QUANTITY_NOT_FREE', type: expect.stringContaining('problem+json') });
    await settled(platform);
    expect((await heads())['control']).toBe((before['control'] ?? 0) + 2);
    const row = await fetch(`${platform.url}/control/lots/${lotId}`, { headers: { authorization: `Bearer ${tokens.get('auditor') ?? ''}` } });
    expect(await row.json()).toMatchObject({ released: '60', free: '40' });
  });

  it('does not let a plan be approved by its author', async () => {
    await taken('manager', `/planning/control-plans/${ring?.itemId}/drafts`, plan({ target: '74.001' }));
    await settled(platform);
    await wrong(() => send('manager', `/planning/control-plans/${ring?.itemId}/approvals`, { revision: 2 }), { status: 422, code: 'AUTHOR_CANNOT_APPROVE', recordedIn: 'planning' });
  });

  describe('in an import', () => {
    const MAPPING = {
      source: 'shop', service: 'feedback', format: 'csv', totals: ['${amount}'],
      commands: [{
        type: 'RecordPurchase', identity: ['${#line}'], occurredAt: { text: '${when}' },
        body: {
          purchaseId: { uuidOf: ['purchase', 'shop', '${order}'] }, accountId: { constant: account }, source: 'shop', externalId: '${order}',
          units: '${units}', amount: { decimal: '${amount}' }, currency: '${currency}', gift: { text: '${gift}', optional: true },
        },
      }],
    };
    const HEADER = 'order,when,units,amount,currency,gift';
    const GOOD = 'R-100,2026-03-01T09:00:00Z,2,24.00,EUR,';

    async function importing(content: string | Buffer, mapping: object | string = MAPPING) {
      const [file, mappingFile] = [join(folder, 'orders.csv'), join(folder, 'mapping.json')];
      writeFileSync(file, content);
      writeFileSync(mappingFile, typeof mapping === 'string' ? mapping : JSON.stringify(mapping));
      const quiet = { stdout: { write: () => true }, stderr: { isTTY: false, write: () => true } };
      return runImport({ file, mapping: mappingFile, to: 'feedback', url: platform.url, token: tokens.get('importer') ?? '', json: true }, quiet);
    }

    it('tells the line and the code of each row that is not taken, and takes the others', async () => {
      const before = await heads();
      const rows = [
        GOOD, // line 2
        'R-101,2026-03-01T09:00:00,2,24.00,EUR,',
        'R-102,2026-03-03T09:00:00Z,2,24.00,EUR,',
        'R-103,2026-03-01T09:00:00Z,two,24.00,EUR,',
        'R-104,2026-03-01T09:00:00Z,2,twenty,EUR,',
        'R-105,2026-03-01T09:00:00Z,2,24.00,francs,',
        'R-106,2026-03-01T09:00:00Z,2,24.00,EUR,yes',
        'R-100,2026-03-01T09:00:00Z,2,25.00,EUR,',
        GOOD,
        'R-107,2026-03-01T09:00:00Z,2',
      ];
      const result = await importing(`${[HEADER, ...rows].join('\n')}\n`);
      expect(result.exitCode).toBe(3);
      expect(result.problems.map(({ line, status, code }) => [line, status, code])).toEqual([
        [3, 'invalid', 'NOT_AN_INSTANT'], [4, 'invalid', 'OCCURRED_IN_FUTURE'], [5, 'invalid', 'NOT_A_QUANTITY'], [6, 'invalid', 'NOT_A_DECIMAL'],
        [7, 'refused', 'CURRENCY_UNKNOWN'], [8, 'invalid', 'UNKNOWN_FIELD'], [9, 'refused', 'PURCHASE_ALREADY_RECORDED'], [11, 'invalid', 'COLUMN_COUNT'],
      ]);
      expect(result.commands).toMatchObject({ accepted: 1, unchanged: 1 });
      expect((await heads())['feedback']).toBe((before['feedback'] ?? 0) + 3); // one purchase and two refusals
    });

    it('ends at bytes that are not UTF-8, with their line', async () => {
      const before = await heads();
      const result = await importing(Buffer.from(`${HEADER}\n${GOOD.replace('R-100', 'R-110')}\n${GOOD.replace('R-100', 'R-Ä')}\n`, 'latin1'));
      expect([result.exitCode, result.fault?.code, result.fault?.line]).toEqual([2, 'INVALID_UTF8', 3]);
      expect((await heads())['feedback']).toBeLessThanOrEqual((before['feedback'] ?? 0) + 1); // the good line before it, at most
    });

    it('reports the line in the middle of which a file was cut off', async () => {
      const cdnow = datasets.find(({ name }) => name === 'cdnow');
      const whole = readFileSync(cdnow?.file ?? '', 'utf8').split(/\r?\n/).slice(0, 20);
      const result = await importing(`${whole.slice(0, 19).join('\n')}\n${(whole[19] ?? '').slice(0, 20)}`, readFileSync(cdnow?.mapping ?? '', 'utf8'));
      expect([result.exitCode, result.fault?.code, result.fault?.line]).toEqual([2, 'FILE_CUT_OFF', 20]);
      expect(result.problems).toEqual([]);
      const customers = new Set(whole.slice(0, 19).map((line) => line.trim().split(/ +/)[0]));
      expect(result.commands).toMatchObject({ sent: 19 + customers.size, accepted: 19 + customers.size }); // all before it, and of line 20 nothing
    });
  });
});
