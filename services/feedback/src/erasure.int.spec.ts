import { PassThrough } from 'node:stream';
import { systemClock } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import { openPostgresStore, PostgresSubjectKeys, Runtime } from '@touchstone/event-store';
import type { Message, Publisher } from '@touchstone/messaging';
import { InProcessTransport } from '@touchstone/messaging';
import type { Host, RunningService } from '@touchstone/platform';
import { createService, openLog } from '@touchstone/platform';
import type { FreshDatabase } from '@touchstone/testing';
import { asOwner, testDatabase } from '@touchstone/testing';
import { feedback } from './app.module.js';
import { AddContact, ConfirmErasure, EraseAccount, RegisterAccount } from './accounts/commands.js';
import { eraseCustomer } from './accounts/erase-customer.reaction.js';
import { accounts } from './accounts/slice.js';

const [accountId, other] = ['d1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', '2b7e1516-28ae-52a6-abf7-158809cf4f3c'];
const [ada, eve] = ['6a8c0e2f-4b6d-5f8a-9c1e-3a5c7e9b1d26', '11111111-2222-5333-8444-555555555555'];
const complaintId = '3f9b8a52-6f0e-5c7e-8a41-2b9d7c4e5f60';
const canary = /canary/i;
const database = testDatabase();

/** Keeps what is published. */
class KeepingTransport extends InProcessTransport {
  readonly published: Message[] = [];
  override publisher(...asked: Parameters<InProcessTransport['publisher']>): Publisher {
    const publisher = super.publisher(...asked);
    return Object.create(publisher, {
      publish: { value: async (messages: readonly Message[]) => { this.published.push(...messages); await publisher.publish(messages); } },
    }) as Publisher;
  }
}

/** Asks until it is so, for a minute at least: a busy machine may take long. */
async function until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  let answer = await ask();
  for (let asked = 1; asked < 3_000 && !isSo(answer); asked += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    answer = await ask();
  }
  return answer;
}

/** Every row of every table that the service has: history, keys, read models, snapshots. As text, by table. */
async function everyRow({ ownerUrl }: FreshDatabase): Promise<Map<string, string>> {
  const [tables] = await asOwner(ownerUrl, [
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`,
  ]);
  const names = (tables?.rows as { name: string }[]).map(({ name }) => name);
  const contents = await asOwner(ownerUrl, names.map((name) => `select coalesce(string_agg(t::text, chr(10)), '') as rows from ${name} t`));
  return new Map(names.map((name, index) => [name, (contents[index]?.rows as { rows: string }[])[0]?.rows ?? '']));
}

/** Two processes of the service on one log, one of which publishes. */
class TwoProcesses {
  readonly transport = new KeepingTransport();
  readonly logged: string[] = [];
  readonly processes: RunningService[] = [];
  private position = '';

  constructor(readonly database: FreshDatabase) {}

  async start(): Promise<void> {
    // The token is the role: who may have one is tested where tokens are verified.
    const verify: Host['verify'] = (token) => Promise.resolve({ id: `${token}-1`, roles: [token] });
    const log = openLog('trace', new PassThrough().on('data', (line: Buffer) => this.logged.push(line.toString('utf8'))));
    for (const transport of [this.transport, undefined]) {
      const service = await createService(feedback, { databaseUrl: this.database.url, masterKey: Buffer.alloc(32, 7), clock: systemClock, verify, log, transport });
      this.processes.push(service);
      await service.app.listen(0, '127.0.0.1');
      await service.start();
    }
  }

  async stop(): Promise<void> {
    for (const service of this.processes) await service.stop();
  }

  get one(): Runtime {
    const [service] = this.processes;
    if (!service) throw new Error('not started');
    return service.runtime;
  }

  async send(process: number, method: string, path: string, body?: object, role = 'customer-care') {
    const url = await this.processes[process]?.app.getUrl();
    const headers = { authorization: `Bearer ${role}`, 'content-type': 'application/json', ...(this.position !== '' && { 'min-position': this.position }) };
    const response = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    this.position = response.headers.get('position') ?? this.position;
    return [response.status, (await response.json()) as Record<string, unknown>] as const;
  }
  readonly post = async (path: string, body: object, role?: string, process = 0) => this.send(process, 'POST', path, body, role);
  readonly get = async (process: number, path: string, role?: string) => (await this.send(process, 'GET', path, undefined, role))[1];

  /** Everything that follows from what is in the log has followed, in both processes. */
  settled = () => until(async () => {
    const head = await this.one.options.store.head();
    return this.processes.every(({ runtime, relay }) => [...runtime.followers, ...(relay ? [relay] : [])].every(({ position }) => position >= head));
  }, Boolean);

  namesIn = async (process: number) => ((await this.get(process, `/accounts/${accountId}/contacts`)) as unknown as { name: string }[]).map(({ name }) => name);
}

describe('a customer who is erased', () => {
  let service: TwoProcesses;
  const ground = { ground: 'request', reason: 'request 17' };
  beforeAll(async () => {
    service = new TwoProcesses(await database.fresh({ service: 'feedback' }));
    await service.start();
    for (const [path, body] of [
      ['/accounts', { accountId, name: 'Muster GmbH' }], ['/accounts', { accountId: other, name: 'Beispiel AG' }],
      [`/accounts/${accountId}/contacts`, { contactId: ada, name: 'Ada Canary', email: 'canary@example.com' }], [`/accounts/${accountId}/contacts`, { contactId: eve, name: 'Eve Canary' }],
      [`/accounts/${other}/contacts`, { contactId: complaintId, name: 'Otto Bleibt' }],
      ['/complaints', { complaintId, accountId, contactId: ada, channel: 'phone', category: 'Late', text: 'Canary: three are too wide' }],
    ] as const) expect([path, (await service.post(path, body))[0]]).toEqual([path, 201]);
    // What is refused, and what never becomes a command.
    expect((await service.post(`/accounts/${accountId}/contacts`, { contactId: ada, name: 'Ada Canary again' }))[0]).toBe(422);
    expect((await service.post(`/accounts/${ada}/contacts`, { contactId: accountId, name: 'Canary of nobody' }))[0]).toBe(422);
    expect((await service.post(`/accounts/${accountId}/contacts`, { contactId: 'canary', name: 'Canary' }))[0]).toBe(400);
  }, 120_000);
  afterAll(() => service.stop(), 60_000);

  it('could be read about before, in both processes, by those who may', async () => {
    for (const process of [0, 1]) {
      expect(await service.namesIn(process)).toEqual(['Ada Canary', 'Eve Canary']);
      expect(await service.get(process, `/complaints/${complaintId}/words`)).toEqual({ complaintId, text: 'Canary: three are too wide' });
    }
  });
  it('is not by whoever may do everything else with customers, nor in bulk', async () => {
    for (const role of ['customer-care', 'quality-manager', 'operator', 'auditor']) expect((await service.post(`/accounts/${accountId}/erasure`, ground, role))[0]).toBe(403);
    const line = JSON.stringify({ type: 'EraseAccount', body: { accountId, ...ground } });
    const response = await fetch(`${await service.processes[0]?.app.getUrl()}/bulk`, { method: 'POST', headers: { authorization: 'Bearer importer' }, body: line });
    expect(await response.text()).toContain('"code":"NOT_IN_BULK"');
  });
  it('is kept by a hold, on record, and erased when the hold is released', async () => {
    expect((await service.post(`/accounts/${accountId}/erasure-holds`, { holdId: 'case-1', reason: 'law suit' }, 'data-protection'))[0]).toBe(201);
    expect((await service.post(`/accounts/${accountId}/contacts/${eve}/erasure`, ground, 'data-protection'))[1]).toMatchObject({ events: [{ type: 'feedback.ErasureDeferred.v1' }] });
    await service.settled();
    expect(await service.namesIn(1)).toEqual(['Ada Canary', 'Eve Canary']);
    expect((await service.post(`/accounts/${accountId}/erasure-holds/case-1/release`, { reason: 'settled' }, 'data-protection'))[0]).toBe(201);
    for (const process of [0, 1]) await until(() => service.namesIn(process), ([, name]) => name === '[erased]');
    expect(await service.namesIn(1)).toEqual(['Ada Canary', '[erased]']);
  }, 120_000);
  it('cannot be read about any more, in either process, and neither takes anything about him', async () => {
    expect((await service.post(`/accounts/${accountId}/erasure`, ground, 'data-protection'))[0]).toBe(201);
    expect((await service.post(`/accounts/${accountId}/erasure`, ground, 'data-protection'))[0]).toBe(200);
    await service.settled();
    for (const process of [0, 1]) {
      await until(() => service.namesIn(process), ([name]) => name === '[erased]');
      expect(await service.namesIn(process)).toEqual(['[erased]', '[erased]']);
      expect(await service.get(process, `/complaints/${complaintId}/words`)).toEqual({ complaintId, text: '[erased]' });
      const contact = { contactId: other, name: 'New Canary' };
      expect(await service.post(`/accounts/${accountId}/contacts`, contact, undefined, process)).toMatchObject([422, { code: 'ACCOUNT_ERASED' }]);
      const complaint = { complaintId: ada, accountId, channel: 'phone', category: 'Late', text: 'Canary, again' };
      expect(await service.post('/complaints', complaint, undefined, process)).toMatchObject([422, { code: 'ACCOUNT_ERASED' }]);
    }
    expect(await service.get(0, `/accounts/${accountId}`)).toMatchObject({ name: 'Muster GmbH', contacts: 0, erasedAt: expect.stringMatching(/Z$/) as string });
  }, 120_000);
  it('leaves other customers as they were', async () => {
    expect((await service.get(1, `/accounts/${other}/contacts`)) as unknown).toMatchObject([{ name: 'Otto Bleibt' }]);
  });
  it('leaves his complaint to be worked on, and all history readable but for what was personal', async () => {
    expect((await service.post(`/complaints/${complaintId}/acknowledgement`, {}))[0]).toBe(201);
    const { events } = (await service.get(0, `/history/account-${accountId}`, 'auditor')) as { events: { type: string; data: object }[] };
    expect(events.map(({ type }) => type.split('.')[1])).toEqual([
      'AccountRegistered', 'ContactAdded', 'ContactAdded', 'ErasureHoldPlaced', 'ErasureDeferred', 'ErasureHoldReleased', 'ErasureOrdered', 'CustomerErased', 'ErasureOrdered', 'CustomerErased',
    ]);
    expect(events[1]?.data).toEqual({ accountId, contactId: ada, name: '[erased]', email: '[erased]' });
    const why = await service.get(0, `/why?stream=account-${accountId}&version=2`, 'auditor');
    expect(why).toMatchObject({ command: { command: { type: 'AddContact', name: '[erased]', email: '[erased]' } } });
    expect(await service.get(0, `/why?stream=account-${accountId}&version=2`, 'inspector')).toMatchObject({ command: { command: { name: '[personal]' } } });
  });
  it('is told to outsiders with his subjects, after the keys were destroyed, and never in plain text', async () => {
    await service.settled();
    const told = service.transport.published.filter(({ headers }) => headers.ce_type === 'feedback.CustomerErased.v1').map(({ value }) => JSON.parse(value) as Record<string, string>);
    expect(told).toMatchObject([{ scope: 'contact', subjects: [eve], ground: 'request' }, { scope: 'account', subjects: [accountId, ada], ground: 'request' }]);
    const { rows } = await service.one.options.store.pool.query<{ late: boolean }>(`select date_trunc('milliseconds', max(destroyed_at)) > $1 as late from subject_key`, [told[1]?.['erasedAt']]);
    expect(rows).toEqual([{ late: false }]);
    expect(service.transport.published.filter((message) => canary.test(JSON.stringify(message)))).toEqual([]);
    expect(service.transport.published.length).toBeGreaterThan(8);
  });
  it('stands nowhere in plain text: in no table, no read model, no snapshot, no line of the logs', async () => {
    await asOwner(service.database.ownerUrl, ['checkpoint']);
    const rows = await everyRow(service.database);
    expect([...rows].filter(([, text]) => canary.test(text)).map(([name]) => name)).toEqual([]);
    expect([...rows].filter(([, text]) => text.includes('Muster GmbH')).map(([name]) => name)).toEqual(expect.arrayContaining(['public.event', expect.stringContaining('account_list')]));
    expect(rows.get('public.subject_key')?.split('\n').filter((row) => [accountId, ada, eve].some((subject) => row.startsWith(`(${subject},`))).map((row) => row.split(',')[2])).toEqual(['', '', '']);
    expect(service.logged.filter((line) => canary.test(line))).toEqual([]);
    expect(service.logged.length).toBeGreaterThan(0);
  });
  it('leaves every read model such that one built from the beginning is the same', async () => {
    for (const name of service.one.models.keys()) expect([name, (await service.one.rebuild(name)).equal]).toEqual([name, true]);
  }, 120_000);
});

describe('an erasure that was broken off', () => {
  const runtimes: Runtime[] = [];
  afterAll(async () => {
    for (const runtime of runtimes) await runtime.stop();
  }, 120_000);

  async function start(fresh: FreshDatabase, reactions: Runtime['options']['reactions']): Promise<Runtime> {
    const store = await openPostgresStore({ url: fresh.url });
    const runtime = new Runtime({
      service: 'feedback', url: fresh.url, store, keys: new PostgresSubjectKeys(store.pool, Buffer.alloc(32, 7)), clock: systemClock, contracts,
      slices: feedback.slices.map(({ slice }) => slice), projections: [], reactions, deadlines: [],
    });
    await runtime.start();
    return runtime;
  }
  const types = async (runtime: Runtime) => (await runtime.options.store.readStream(`account-${accountId}`)).map(({ type }) => type.split('.')[1]);
  const by = (commandId: string) => ({ commandId, actor: { id: 'officer-1', roles: ['data-protection'] } });
  async function ordered(fresh: FreshDatabase, reactions: Runtime['options']['reactions']): Promise<Runtime> {
    const runtime = await start(fresh, reactions);
    await runtime.commands.handle(accounts, Object.assign(new RegisterAccount(), { accountId, name: 'Muster' }), by(ada));
    await runtime.commands.handle(accounts, Object.assign(new AddContact(), { accountId, contactId: ada, name: 'Ada Canary' }), by(eve));
    await runtime.commands.handle(accounts, Object.assign(new EraseAccount(), { accountId, ground: 'request', reason: 'request 17' }), by(other));
    return runtime;
  }

  it('before the keys were destroyed is carried out by whoever starts next', async () => {
    const fresh = await database.fresh({ service: 'feedback' });
    const before = await ordered(fresh, []);
    expect(await before.options.keys.find(ada)).not.toBe('destroyed');
    await before.stop();
    const after = await start(fresh, [eraseCustomer]);
    runtimes.push(after);
    await until(() => types(after), (all) => all.includes('CustomerErased'));
    expect(await after.options.keys.find(ada)).toBe('destroyed');
  }, 120_000);
  it('after the keys were destroyed is told by whoever starts next, once', async () => {
    const fresh = await database.fresh({ service: 'feedback' });
    const dies = () => { throw Object.assign(new Error('the process dies here'), { code: '57P01' }); };
    const before = await ordered(fresh, [{ ...eraseCustomer, send: dies }]);
    await until(() => before.options.keys.find(ada), (key) => key === 'destroyed');
    expect(await types(before)).not.toContain('CustomerErased');
    await before.stop();
    const after = await start(fresh, [eraseCustomer]);
    runtimes.push(after);
    await until(() => types(after), (all) => all.includes('CustomerErased'));
    await after.commands.handle(accounts, Object.assign(new ConfirmErasure(), { accountId, number: 1 }), by(complaintId));
    expect(await types(after)).toEqual(['AccountRegistered', 'ContactAdded', 'ErasureOrdered', 'CustomerErased']);
  }, 120_000);
});
