import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askFolder } from '@touchstone/analytics/export';
import { contracts } from '@touchstone/contracts';
import { isCiphertext } from '@touchstone/event-store';
import { kafkaForSpecs } from '@touchstone/testing/kafka-for-specs';
import type { Run } from './demo/miniature.spec-kit.js';
import { run } from './demo/miniature.spec-kit.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const fromSources = ['--disable-warning=ExperimentalWarning', '--conditions=@touchstone/source', '--import', '@swc-node/register/esm-register'];
const python = spawnSync('python3', ['--version']).status === 0;
const [itWithPython, unless] = python ? [it, ''] : [it.skip, ' (not run: there is no python3 here)'];
const kafka = await kafkaForSpecs();
const packages = mkdtempSync(join(tmpdir(), 'touchstone-python-'));
const installed = python && kafka.brokers().length > 0 ? spawnSync('python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', packages, 'kafka-python==3.0.12'], { encoding: 'utf8', timeout: 120_000 }) : undefined;
const [itWithKafkaPython, unlessInstalled] = installed?.status === 0 ? [it, ''] : [it.skip, ' (not run: kafka-python could not be installed with pip)'];
afterAll(() => rmSync(packages, { recursive: true, force: true }));

/** What it writes to standard output. This process goes on meanwhile: the platform is in it. */
const ran = (command: string, args: readonly string[], input = '', environment: Readonly<Record<string, string>> = {}): Promise<string> =>
  new Promise((done, failed) => {
    const child = execFile(command, args, { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', ...environment }, maxBuffer: 2 ** 30 }, (error, out) => (error ? failed(error) : done(out)));
    child.stdin?.end(input);
  });

/** Half a year of a small company, exported by the command line while the platform runs. */
describe('from the exported files alone', () => {
  let folder: string;
  let lake: string;
  let company: Run;

  const touchstone = (...args: string[]): Promise<string> => ran(process.execPath, [...fromSources, 'services/auditor/src/main.ts', ...args]);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-views-'));
    lake = join(folder, 'lake');
    company = await run(join(folder, 'platform'));
    await touchstone('export', '--data', join(folder, 'platform'), '--out', lake);
  }, 240_000);

  afterAll(async () => {
    await company.platform.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }, 30_000);

  const iso = (column: string): string => `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
  /** As the services write decimals. */
  const plain = (column: string): string => `regexp_replace(${column}::varchar, '\\.?0+$', '')`;
  type Row = Readonly<Record<string, unknown>>;
  const byFirst = (rows: readonly (readonly unknown[])[]) => rows.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  const asked = async (sql: string) => byFirst((await askFolder(lake, sql)).rows);
  const listed = async (path: string, names: readonly string[]) => byFirst((await company.api.all<Row>('auditor', path)).map((row) => names.map((name) => row[name] ?? null)));

  it('every public event of every log is there once', async () => {
    const expected = await Promise.all([...company.platform.services].map(async ([service, { runtime }]) => {
      const stored = await runtime.options.store.readAll(0, 1_000_000);
      return [service, stored.filter(({ stream, type }) => !stream.includes('/') && runtime.options.contracts.isPublic(type)).map(({ id }) => id)] as const;
    }));
    for (const [service, ids] of expected) {
      const { rows } = await askFolder(lake, `select id from events where service = '${service}' order by seq`);
      expect(rows.map(([id]) => id)).toEqual(ids);
      expect(ids.length).toBeGreaterThan(0);
    }
  });

  it('lots stand where control says: status, and each quantity', async () => {
    const names = ['lotId', 'number', 'itemId', 'unit', 'site', 'status', 'quantity', 'free', 'held', 'released', 'allocated', 'rejected'];
    const quantities = ['quantity', 'free', 'held', 'released', 'allocated', 'rejected'].map(plain).join(', ');
    const rows = await asked(`select lot_id, number, item_id, unit, site, status, ${quantities} from lots`);
    expect(rows).toEqual(await listed('/control/lots', names));
    expect(new Set(rows.map(([, , , , , status]) => status)).size).toBeGreaterThan(1);
  });

  it('deliveries stand where control says: what was promised, and what became of it', async () => {
    const names = ['deliveryId', 'orderId', 'line', 'accountId', 'lotId', 'itemId', 'status', 'quantity', 'requestedFor', 'firstConfirmedFor', 'lastConfirmedFor', 'promisedFor', 'dispatchedAt', 'arrivedAt', 'arrivedQuantity', 'onTime', 'inFull'];
    const times = ['requested_for', 'first_confirmed_for', 'last_confirmed_for', 'promised_for', 'dispatched_at', 'arrived_at'].map(iso).join(', ');
    const rows = await asked(`select delivery_id, order_id, line, account_id, lot_id, item_id, status, ${plain('quantity')}, ${times}, ${plain('arrived_quantity')}, on_time, in_full from deliveries`);
    expect(rows).toEqual(await listed('/control/deliveries', names));
    expect(rows.length).toBeGreaterThan(20);
  });

  it('customers are as feedback lists them', async () => {
    const names = ['accountId', 'name', 'externalSource', 'externalId', 'contacts', 'satisfaction', 'scores', 'registeredAt'];
    const rows = await asked(`select account_id, name, external_source, external_id, contacts::int, satisfaction, scores::int, ${iso('registered_at')} from customers`);
    expect(rows).toEqual(await listed('/feedback/accounts', names));
    expect(rows).toHaveLength(60);
    const [purchases, inAll] = [await company.api.all<Row>('auditor', '/feedback/purchases'), await asked('select sum(purchases)::int from customers')];
    expect(inAll).toEqual([[purchases.length]]);
  });

  it('complaints stand where feedback says', async () => {
    const names = ['complaintId', 'accountId', 'channel', 'category', 'lotId', 'deliveryId', 'status', 'severity', 'about', 'team', 'customerAgrees', 'escalated', 'receivedAt', 'acknowledgeBy', 'respondBy', 'closedAt'];
    const rows = await asked(`select complaint_id, account_id, channel, category, lot_id, delivery_id, status, severity, about, team, customer_agrees, escalated,
      ${['received_at', 'acknowledge_by', 'respond_by', 'closed_at'].map(iso).join(', ')} from complaints`);
    expect(rows).toEqual(await listed('/feedback/complaints', names));
    expect(rows.length).toBeGreaterThan(3);
  });

  it('loyalty is what analytics assessed last, and every assessment is there', async () => {
    const assessed = await company.api.all<Row & { promiseKeeping: { kept: number; due: number }; exposure: { count: number; weight: string }; complaints: { received: number; burden: string } }>('auditor', '/analytics/loyalty');
    const expected = assessed.map((row) => [row['accountId'], row['eventId'], row['churnRisk'], row['previousRisk'], row['openCase'], row.promiseKeeping.kept, row.promiseKeeping.due, row.exposure.count, row.exposure.weight,
      row.complaints.received, row.complaints.burden, row['policyVersion'], row['assessedAt']]);
    expect(await asked(`select account_id, event_id, churn_risk, previous_risk, open_case, promises_kept, promises_due, exposures, ${plain('exposure_weight')}, complaints_received, ${plain('burden')}, policy_version, ${iso('assessed_at')} from loyalty`))
      .toEqual(byFirst(expected));
    const { rows } = await askFolder(lake, 'select account_id, count(*)::int from loyalty_over_time group by 1');
    for (const [accountId, count] of rows.slice(0, 5)) {
      const { events } = await company.api.get<{ events: unknown[] }>('auditor', `/analytics/history/loyalty-${String(accountId)}`);
      expect(events).toHaveLength(Number(count));
    }
  });

  const exposureFields = ['accountId', 'deliveryId', 'lotId', 'nonconformityId', 'quantity', 'severity'] as const;
  const exposuresShown = async () => (await company.api.all<Row>('auditor', '/analytics/exposures')).map((row) => JSON.stringify(Object.fromEntries(exposureFields.map((name) => [name, row[name]])))).toSorted();

  it('exposures are those that analytics shows', async () => {
    const { rows } = await askFolder(lake, `select account_id, delivery_id, lot_id, nonconformity_id, ${plain('quantity')}, severity from exposures`);
    expect(rows.map((row) => JSON.stringify(Object.fromEntries(exposureFields.map((name, index) => [name, row[index]])))).toSorted()).toEqual(await exposuresShown());
    expect(rows.length).toBeGreaterThan(0);
  });

  it('what is personal stands encrypted in what is exported, field by field', async () => {
    const events = (await touchstone('export', '--data', join(folder, 'platform'), '--format', 'jsonl')).trimEnd().split('\n').map((line) => JSON.parse(line) as { type: string; data: object });
    const personal = events.flatMap(({ type, data }) => contracts.personalFields(type).map(({ path }) => path.split('.').reduce<unknown>((at, name) => (at as Row | undefined)?.[name], data)).filter((value) => value !== undefined && value !== null));
    expect(personal.length).toBeGreaterThan(20);
    expect(personal.filter((value) => !isCiphertext(value))).toEqual([]);
  });

  const consumed = async (command: string, args: readonly string[], input: string): Promise<string[]> => (await ran(command, args, input)).trimEnd().split('\n');
  const lines = (): Promise<string> => touchstone('export', '--data', join(folder, 'platform'), '--service', 'control', '--format', 'jsonl');

  it('the consumer in TypeScript finds the exposures that analytics shows, from events of control alone, even if they come twice and in another order', async () => {
    const shown = await exposuresShown();
    const events = await lines();
    const shuffled = `${[...events.trimEnd().split('\n').toReversed(), ...events.trimEnd().split('\n')].join('\n')}\n`;
    for (const input of [events, shuffled]) {
      expect(await consumed(process.execPath, [...fromSources, 'services/e2e/src/examples/customer-exposure.ts'], input)).toEqual(shown);
    }
  }, 120_000);

  itWithPython(`so does the one in Python${unless}`, async () => {
    const shown = await exposuresShown();
    expect(await consumed('python3', ['services/e2e/src/examples/customer_exposure.py'], await lines())).toEqual(shown);
  }, 120_000);

  kafka.describe('over Kafka, from the beginning of a topic', () => {
    const topic = `${randomBytes(4).toString('hex')}.replay`;
    const given = [kafka.brokers().join(','), topic];

    beforeAll(async () => {
      const environment = { TOUCHSTONE_KAFKA_BROKERS: kafka.brokers().join(',') };
      await ran(process.execPath, [...fromSources, 'services/auditor/src/main.ts', 'replay', '--service', 'control', '--topic', topic, '--data', join(folder, 'platform')], '', environment);
    }, 120_000);

    it('the consumer in TypeScript finds the exposures that analytics shows', async () => {
      expect(await consumed(process.execPath, [...fromSources, 'services/e2e/src/examples/customer-exposure.ts', ...given], '')).toEqual(await exposuresShown());
    }, 120_000);

    itWithKafkaPython(`so does the one in Python${unlessInstalled}`, async () => {
      const out = await ran('python3', ['services/e2e/src/examples/customer_exposure.py', ...given], '', { PYTHONPATH: packages });
      expect(out.trimEnd().split('\n')).toEqual(await exposuresShown());
    }, 120_000);
  });

  it.each(['services/e2e/src/examples/customer-exposure.ts', 'services/e2e/src/examples/customer_exposure.py'])('%s has no more than 60 lines', (path) => {
    expect(readFileSync(join(root, path), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(60);
  });

  const queries = [...readFileSync(join(root, 'docs/how-to/analyse-with-sql.md'), 'utf8').matchAll(/^```sql test\n([\s\S]*?)^```$/gm)].map(([, sql = '']) => sql);

  it.each(queries)('the walk-through is answered: %s', async (sql) => {
    expect((await askFolder(lake, sql)).rows.length).toBeGreaterThan(0);
  });
});
