import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { derivedId } from '@touchstone/kernel';
import { localIssuer } from '@touchstone/platform';
import { CannedPlatform, recorded, touchstone } from './canned.spec-kit.js';
import type { Said } from './canned.spec-kit.js';
import type { Consequence } from './why/causes.js';
import type { Reasons } from './why/reasons.js';

let platform: CannedPlatform;
let url: string;
let folder: string;

beforeEach(async () => {
  platform = new CannedPlatform(['control', 'feedback']);
  url = await platform.start();
  folder = mkdtempSync(join(tmpdir(), 'touchstone-'));
});
afterEach(() => {
  platform.stop();
  rmSync(folder, { recursive: true });
});

const asking = (...args: string[]): Promise<Said> => touchstone(['--url', url, '--token', 't', ...args]);

describe('how it is called', () => {
  it('shows commands, options and examples by --help', async () => {
    const { code, out } = await touchstone(['--help']);
    expect(code).toBe(0);
    for (const part of ['import', 'history', 'why', 'rebuild', 'report', 'token', 'status', 'Examples:', 'Exit codes:']) expect(out).toContain(part);
  });

  it.each([[['histry', 'x']], [['history']], [['report', '9d', 'x']], [['import', 'x.csv']], [['status', '--nonsense']], [['--url', 'nowhere', 'status']]])('ends with 2 and one line for %j', async (args) => {
    const { code, out, err } = await touchstone(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^touchstone: [^\n]+\n$/);
  });

  it('ends with 1 where nobody answers, and says what to check', async () => {
    platform.stop();
    expect(await asking('status')).toEqual({ code: 1, out: '', err: expect.stringMatching(/^touchstone: SERVER_UNREACHABLE: http:\/\/127\.0\.0\.1:\d+ does not answer \(ECONN\w+\): is the platform running, and is --url right\?\n$/) });
  });

  it('ends with 1 where the token is not taken, and says how to give another', async () => {
    platform.says('GET', '/control/history/lot-1', { code: 'UNAUTHENTICATED', detail: 'the token is not valid here' }, 401);
    expect(await asking('history', 'control/lot-1')).toMatchObject({ code: 1, err: 'touchstone: UNAUTHENTICATED: the token is not valid here (give --token, --token-file or --data <dir>)\n' });
  });

  it('ends with 1 where something else answers', async () => {
    platform.says('GET', '/', 'hello');
    expect(await asking('status')).toMatchObject({ code: 1, err: expect.stringContaining('NOT_TOUCHSTONE') });
  });
});

describe('who asks', () => {
  const sent = (): string | undefined => platform.asked.at(-1)?.authorization;
  beforeEach(() => void platform.holds('control', [recorded('lot-1', 'control.LotRejected.v1', {})]));

  it('is told by a token: as option, from the environment, from a file', async () => {
    await touchstone(['--url', url, '--token', 'abc', 'history', 'lot-1'], { env: { TOUCHSTONE_TOKEN: 'other' } });
    expect(sent()).toBe('Bearer abc');
    await touchstone(['history', 'lot-1'], { env: { TOUCHSTONE_TOKEN: 'env', TOUCHSTONE_URL: url } });
    expect(sent()).toBe('Bearer env');
    writeFileSync(join(folder, 'token'), 'filed\n');
    await touchstone(['--url', url, '--token-file', join(folder, 'token'), 'history', 'lot-1']);
    expect(sent()).toBe('Bearer filed');
  });

  it('is the auditor of the command line, by the key of a platform on this machine', async () => {
    const { verify } = await localIssuer(join(folder, 'issuer-key.pem'));
    await touchstone(['--url', url, '--data', folder, 'history', 'lot-1']);
    expect(await verify((sent() ?? '').slice('Bearer '.length))).toEqual({ id: 'auditor-cli', roles: ['auditor'] });
  });

  it('gets no key made where there is none', async () => {
    expect(await touchstone(['--url', url, '--data', folder, 'history', 'lot-1'])).toMatchObject({ code: 2, err: expect.stringContaining('issuer-key.pem is not there') });
  });

  it('may be anybody whom the operator issues a token', async () => {
    const { verify } = await localIssuer(join(folder, 'issuer-key.pem'));
    const { code, out } = await touchstone(['token', '--data', folder, '--sub', 'ada', '--roles', 'inspector,logistics', '--name', 'Ada Muster']);
    expect(code).toBe(0);
    expect(await verify(out.trim())).toEqual({ id: 'ada', name: 'Ada Muster', roles: ['inspector', 'logistics'] });
  });

  it('is never the platform itself, and has no role that does not exist', async () => {
    await localIssuer(join(folder, 'issuer-key.pem'));
    expect(await touchstone(['token', '--data', folder, '--sub', 'system:control', '--roles', 'inspector'])).toMatchObject({ code: 2, out: '' });
    expect(await touchstone(['token', '--data', folder, '--sub', 'ada', '--roles', 'king'])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('king names no role: there are inspector,') });
  });
});

describe('history', () => {
  const measured = recorded('inspection-7@1', 'control.MeasurementsRecorded.v1', { inspectionId: '7', characteristicId: 'diameter', sample: 1, values: ['47.03', '74.002'] });
  const corrected = recorded('inspection-7@2', 'control.MeasurementCorrected.v1',
    { inspectionId: '7', characteristicId: 'diameter', sample: 1, index: 0, was: '47.03', now: '74.03', reason: 'digits swapped' }, { actor: 'grace', occurredAt: '2026-03-01T09:00:00.000Z', recordedAt: '2026-03-02T09:00:00.000Z' });

  it('shows of a corrected measurement both values, at both places, and why', async () => {
    platform.holds('control', [measured, corrected]);
    const { code, out } = await touchstone(['--url', url, '--token', 't', 'history', 'inspection-7'], { columns: 200 });
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'control/inspection-7, 2 events', '', expect.stringMatching(/^# {2}true from \(UTC\)\s+known from \(UTC\)\s+by\s+event\s+says$/), expect.any(String),
      '1  2026-03-01 08:00:00  2026-03-01 08:00:00  ada    MeasurementsRecorded  characteristicId diameter; sample 1; values 47.03 (corrected in version 2: 74.03), 74.002',
      '2  2026-03-01 09:00:00  2026-03-02 09:00:00  grace  MeasurementCorrected  diameter sample 1 value 1 47.03 → 74.03; reason digits swapped', '',
    ]);
  });

  it('tells all of it as JSON', async () => {
    platform.holds('control', [measured, corrected]);
    const { out } = await asking('--json', 'history', 'control/inspection-7');
    expect(JSON.parse(out)).toMatchObject({ service: 'control', stream: 'inspection-7', rows: [{ ...measured }, { ...corrected, changes: ['diameter sample 1 value 1 47.03 → 74.03', 'reason digits swapped'] }] });
  });

  it('keeps what a customer wrote from the terminal', async () => {
    platform.holds('feedback', [recorded('complaint-1', 'feedback.ComplaintReceived.v1', { category: '\u001b[2Jgone' })]);
    expect((await asking('history', 'complaint-1')).out).toContain('category ?[2Jgone');
  });

  it('of a stream that nobody knows ends with 2; of one that two services know it asks which', async () => {
    expect(await asking('history', 'lot-9')).toMatchObject({ code: 2, err: expect.stringContaining('lot-9 is not known to control, feedback') });
    expect(await asking('history', 'sales/lot-9')).toMatchObject({ code: 2, err: 'touchstone: there is no service sales: there are control, feedback\n' });
    for (const service of platform.services) platform.holds(service, [recorded('task-1', 'x.TaskOpened.v1', {})]);
    expect(await asking('history', 'task-1')).toMatchObject({ code: 2, err: expect.stringContaining('put the service in front, e.g. control/task-1') });
  });
});

describe('why', () => {
  const decision = {
    policy: { id: 'loyalty', version: 2, sha256: 'ab'.repeat(32) }, facts: { exposed: '1' }, factsHash: '0', fired: ['exposed-and-silent'], result: { risk: 'high' }, resultHash: 'cd'.repeat(32), engine: { name: 'e', version: '1' },
  };
  const rejected = recorded('lot-1@4', 'control.LotRejected.v1', { lotId: '1', quantity: '500' });
  const command = {
    stream: 'lot-1', version: 3, decider: { name: 'control.lot', version: 1 }, command: { type: 'RecordInspectionResult', lotId: '1' }, actor: { id: 'ada', name: 'Ada Muster', roles: ['inspector'] },
    facts: { policy: { value: decision, refs: [{ stream: 'policy-loyalty', version: 2 }], seq: 17 }, plan: { value: { revision: 1 }, refs: [{ stream: 'planning/controlPlan-1', version: 3 }], seq: 12 } },
    occurredAt: '2026-03-01T08:00:00.000Z', recordedAt: '2026-03-01T08:00:00.000Z',
  };

  it('names command, person, both times, what was known and whence, the policy and its rules', async () => {
    platform.holds('control', [rejected], { [rejected.id]: command }).leads([rejected]);
    const { code, out } = await asking('why', 'lot-1@4');
    expect(code).toBe(0);
    for (const line of [
      'Event         control/lot-1@4  LotRejected', 'Who           ada (Ada Muster), as inspector', 'Command       RecordInspectionResult  lotId 1', 'True from     2026-03-01 08:00:00 UTC',
      'Decided by    control.lot@1, on version 3 of lot-1', 'Known then    policy: policy loyalty version 2 decided', `document ${'ab'.repeat(32)}`, 'rules fired exposed-and-silent',
      'from policy-loyalty@2, log read up to 17', 'plan: revision 1', 'from planning/controlPlan-1@3, log read up to 12', 'Led to        nothing so far',
    ]) expect(out).toContain(line);
  });

  it('is told from the id of an event too, by the service whose event it is', async () => {
    platform.holds('control', [rejected], { [rejected.id]: command }).leads([rejected]);
    platform.says('GET', `/feedback/why/${rejected.id}`, { service: 'feedback', event: { ...rejected, stream: 'control/lot-1' }, together: [], caused: [] });
    const { code, out } = await asking('--json', 'why', rejected.id);
    const reasons = JSON.parse(out) as Reasons;
    expect([code, reasons.service, reasons.command?.actor.name, Object.keys(reasons.policies)]).toEqual([0, 'control', 'Ada Muster', ['policy']]);
  });

  it('a command was refused names the rule and the values', async () => {
    const refusal = recorded('refusals-lot-1@1', 'CommandRefused', { command: 'ReleaseQuantity', code: 'QUANTITY_HELD', details: { held: '100' }, stream: 'lot-1', atVersion: 4 });
    platform.holds('control', [refusal]).leads([refusal]);
    expect((await asking('why', 'refusals-lot-1@1')).out).toContain('Refused       ReleaseQuantity by rule QUANTITY_HELD\n              held 100\n');
  });

  it('follows what it led to through all services, and what it follows from', async () => {
    const opened = recorded('case-1@1', 'feedback.CaseOpened.v1', {}, { causationId: rejected.id, actor: 'system:feedback:open-case' });
    const overdue = recorded('case-1@2', 'feedback.CaseOverdue.v1', {}, { causationId: opened.id });
    platform.holds('control', [rejected], { [rejected.id]: command }).holds('feedback', [opened, overdue])
      .leads([rejected, opened, overdue], { [rejected.id]: { feedback: [opened] }, [opened.id]: { feedback: [overdue] } });
    const { out } = await asking('why', 'control/lot-1@4');
    expect(out.slice(out.indexOf('Led to'))).toBe([
      'Led to        2 events', '└─ CaseOpened  feedback/case-1@1  2026-03-01 08:00:00 by system:feedback:open-case', '   └─ CaseOverdue  feedback/case-1@2  2026-03-01 08:00:00 by ada', '',
    ].join('\n'));
    const { because, consequences } = JSON.parse((await asking('--json', 'why', 'feedback/case-1@2')).out) as Reasons;
    expect(because.map(({ event }) => event.id)).toEqual([opened.id, rejected.id]);
    expect(consequences.caused).toEqual<Consequence[]>([]);
  });

  it('of what names no event, or an unknown one, ends with 2', async () => {
    for (const name of ['lot-1', 'lot-1@0', 'lot-1@5', derivedId('unknown')]) expect(await asking('why', name)).toMatchObject({ code: 2, out: '' });
  });
});

describe('read models', () => {
  const model = (name: string): object => ({ name, version: 1, position: 'control.x.1@7', hash: 'h' });
  const building = (name: string, rest: object = {}) => ({
    operation: `op-${name}`, name, version: 1, generation: 2, state: 'building', purpose: 'compare', seq: 3, head: 9, eventsPerSecond: 2, secondsLeft: 3, failure: null, outcome: null, ...rest,
  });
  const compared = (name: string, equal: boolean) => building(name, {
    state: 'gone', seq: 7, outcome: { name: `${name}_v1`, seq: 7, liveHash: 'a'.repeat(64), rebuiltHash: (equal ? 'a' : 'b').repeat(64), equal, durationMs: 12 },
  });
  const path = (name: string) => `/control/read-models/${name}/rebuild`;

  beforeEach(() => {
    platform.says('GET', '/control/read-models', { service: 'control', head: 'control.x.1@9', readModels: [model('lot-list'), model('deadlines')] });
    platform.says('GET', '/feedback/read-models', { service: 'feedback', head: 'feedback.x.1@0', readModels: [] });
    for (const name of ['lot-list', 'deadlines']) {
      platform.says('POST', path(name), building(name), 202).says('GET', path(name), { code: 'NOT_FOUND', detail: 'never' }, 404);
      platform.says('GET', `/control/rebuilds/op-${name}`, compared(name, true));
    }
  });

  it('are all built again and compared, with progress beside the result', async () => {
    const { code, out, err } = await asking('rebuild');
    expect([code, err]).toEqual([0, '1 of 2: control/lot-list\n2 of 2: control/deadlines\n']);
    expect(out).toContain('control  lot-list    equal          7  12  aaaaaaaaaaaa');
    expect(out).toContain('2 of 2 read models are what their log says.');
  });

  it('that are unequal end with 3', async () => {
    platform.says('GET', '/control/rebuilds/op-deadlines', compared('deadlines', false));
    expect(await asking('rebuild', 'control')).toMatchObject({ code: 3, out: expect.stringContaining('UNEQUAL') });
    expect(await asking('rebuild', 'control/lot-list')).toMatchObject({ code: 0 });
  });

  it('are watched with what is done and what is left, one line of JSON a step when asked', async () => {
    expect((await asking('rebuild', '--watch', 'control/lot-list')).err).toContain('control/lot-list: 33 %, 3 of 9, 2 events/s, about 3 s left\n');
    const { out } = await asking('--json', 'rebuild', '--watch', 'control/lot-list');
    expect(out.trim().split('\n').map((line) => JSON.parse(line) as object)).toMatchObject([
      { service: 'control', readModel: 'lot-list', seq: 3, head: 9, secondsLeft: 3 }, { readModel: 'lot-list', result: 'equal', seq: 7 },
    ]);
  });

  it('that are being built already are watched, not begun again', async () => {
    platform.says('GET', path('lot-list'), building('lot-list', { operation: 'op-begun', purpose: 'replace' })).says('POST', path('lot-list'), { code: 'REBUILD_UNDER_WAY', detail: 'no' }, 409);
    platform.says('GET', '/control/rebuilds/op-begun', building('lot-list', { state: 'live', purpose: 'replace', seq: 9 }));
    expect(await asking('rebuild', '--watch', 'control/lot-list')).toMatchObject({ code: 0, out: expect.stringContaining('replaced') });
    expect(await asking('rebuild', 'control/lot-list')).toMatchObject({ code: 1, err: expect.stringContaining('REBUILD_UNDER_WAY') });
  });

  it('that fail or are cancelled end with 3, and say why', async () => {
    platform.says('GET', '/control/rebuilds/op-lot-list', building('lot-list', { state: 'stopped', failure: 'nobody foresaw this' }));
    expect(await asking('rebuild', 'control/lot-list')).toMatchObject({ code: 3, out: expect.stringMatching(/failed .*nobody foresaw this/) });
  });

  it('go on being built when the watching is broken off, which says how to go on', async () => {
    platform.says('GET', '/control/rebuilds/op-lot-list', building('lot-list'));
    const { code, err } = await touchstone(['--url', url, 'rebuild', '--watch', 'control/lot-list'], { stopAfterMs: 300 });
    expect([code, err]).toEqual([1, expect.stringContaining('touchstone rebuild --watch control/lot-list goes on watching, touchstone rebuild --cancel control/lot-list stops it')]);
  });

  it('are cancelled by name', async () => {
    platform.says('POST', `${path('lot-list')}/cancellation`, building('lot-list', { state: 'stopped' }));
    expect(await asking('rebuild', '--cancel', 'control/lot-list')).toMatchObject({ code: 0, out: expect.stringContaining('control/lot-list stopped at 3') });
    expect(await asking('rebuild', '--cancel', 'control')).toMatchObject({ code: 2, err: expect.stringContaining('name what to cancel') });
  });

  it('that are not there end with 2', async () => {
    expect(await asking('rebuild', 'control/lots')).toMatchObject({ code: 2, err: expect.stringContaining('control has no read model lots: it has lot-list, deadlines') });
  });

  it('stand with their service in the status; one that is not ready ends with 3', async () => {
    for (const service of platform.services) platform.says('GET', `/${service}/health/ready`, { status: 'ready', parts: [] }).says('GET', `/${service}/parked/counts`, { items: [] });
    const ready = await asking('--json', 'status');
    expect([ready.code, JSON.parse(ready.out)]).toEqual([0, [
      { service: 'control', ready: true, detail: 'ready', head: 'control.x.1@9', behind: 2, readModels: 2, parked: 0 },
      { service: 'feedback', ready: true, detail: 'ready', head: 'feedback.x.1@0', behind: 0, readModels: 0, parked: 0 },
    ]]);
    platform.says('GET', '/feedback/health/ready', { status: 'not ready: relay: stopped', parts: [] }, 503);
    expect(await asking('status')).toMatchObject({ code: 3, out: expect.stringContaining('not ready: relay: stopped') });
  });
});

describe('import', () => {
  it('says what is wrong with a mapping, with the exit code of the import', async () => {
    writeFileSync(join(folder, 'm.json'), '{}');
    writeFileSync(join(folder, 'f.csv'), 'a\n1\n');
    expect(await asking('import', join(folder, 'f.csv'), '--mapping', join(folder, 'm.json'), '--to', 'feedback')).toMatchObject({ code: 2, out: expect.stringContaining('MAPPING_INVALID') });
  });
});

describe('report', () => {
  it('is written to the file that is named', async () => {
    const accountId = derivedId('account', 'report');
    platform.holds('feedback', [recorded(`account-${accountId}`, 'feedback.AccountRegistered.v1', { accountId, name: 'Muster' })]);
    const out = join(folder, 'timeline.html');
    expect(await asking('report', 'timeline', accountId, '--out', out)).toEqual({ code: 0, out: '', err: `${out} written\n` });
    expect(readFileSync(out, 'utf8')).toMatch(/^<!doctype html>[^]*Became known as Muster\.[^]*<\/html>\n$/);
  });

  it('of what is not there ends with 2', async () => {
    expect(await asking('report', 'timeline', derivedId('nobody'))).toMatchObject({ code: 2, out: '' });
    expect(await asking('report', '8d', 'x')).toMatchObject({ code: 2, out: '' });
  });
});
