import { derivedId, uuidV5 } from '@touchstone/kernel';
import { parcelList, ParcelRow } from '../parcels.spec-kit.js';
import type { Site, Started } from './restored.spec-kit.js';
import { control } from '../releases.spec-kit.js';
import { depot, eventually, openSite } from './restored.spec-kit.js';

let site: Site;
beforeEach(async () => { site = await openSite(); }, 60_000);
afterEach(() => site.stop(), 60_000);

const lotId = (name: string) => derivedId('lot', name);
const release = (service: Started, name: string, key = name) => service.post(`/lots/${lotId(name)}/releases`, { quantity: '40' }, { key: key.replaceAll(' ', '-') });
const releasedIn = async (service: Started, name: string, prefix = '') => (await service.runtime.options.store.readStream(`${prefix}lot-${lotId(name)}`)).map(({ id }) => id);
const held = (service: Started, name: string, count = 1) => eventually(() => releasedIn(service, name, 'control/'), ({ length }) => length === count);
const ready = (service: Started, status: number) => eventually(() => service.get('/health/ready'), (answer) => answer.status === status);
const startEpoch = (service: Started) => service.post('/epochs', { reason: 'The disk failed; yesterday was put back.' }, { role: 'operator' });

/** Yesterday: `kept` is released and backed up. Today: `lost` is released, and the depot heard of both. Then control is put back, and started again. */
async function putBackToYesterday(): Promise<{ restored: Started; listening: Started; lostId: string }> {
  const before = await site.start(control);
  const listening = await site.start(depot);
  await release(before, 'kept');
  await held(listening, 'kept');
  await site.backUp('control');
  await eventually(async () => (await release(before, 'lost')).status < 300);
  const [lostId = ''] = await held(listening, 'lost');
  await before.stop();
  await site.putBack('control');
  return { restored: await site.start(control), listening, lostId };
}

describe('a service whose database was put back', () => {
  it('says so, records nothing, publishes nothing and holds up nobody, but can be read', async () => {
    const { restored, listening, lostId } = await putBackToYesterday();
    expect((await ready(restored, 503)).body['status']).toContain(`log: LOG_RESTORED: depot.site.1 was told event ${lostId}`);
    expect(await release(restored, 'new')).toMatchObject({ status: 503, body: { code: 'LOG_RESTORED' } });
    expect(await restored.get(`/history/lot-${lotId('kept')}`)).toMatchObject({ status: 200 });
    expect((await restored.get('/epochs')).body).toMatchObject({ logId: 'control.site.1', open: false, closedBecause: expect.stringContaining(lostId) as string, epochs: [{ epoch: 1 }] });
    expect(restored.relay?.failure?.message).toContain('touchstone epoch start');
    expect(restored.logged.filter((line) => line.includes('until an operator starts a new epoch"}'))).toHaveLength(1);
    await ready(listening, 200);
  }, 60_000);

  it('goes on in a new epoch: what was lost is evidence here and withdrawn there, and nothing has an id twice', async () => {
    const { restored, listening, lostId } = await putBackToYesterday();
    const [{ head }] = await site.query('control', 'select max(seq) as head from event') as [{ head: string }];
    expect((await startEpoch(restored)).body).toMatchObject({
      service: 'control', logId: 'control.site.2', epoch: 2, forkSeq: Number(head), withdrawn: 1, toldBy: { 'depot.site.1': 1 }, differing: 0,
    });
    await ready(restored, 200);
    const [evidence] = await restored.runtime.options.store.readStream(`control.site.1/lot-${lotId('lost')}`);
    const [told] = await listening.runtime.options.store.readStream(`control/lot-${lotId('lost')}`);
    expect(evidence).toMatchObject({ id: lostId, type: 'withdrawn:control.QuantityReleased.v1', body: told?.body, meta: told?.meta });
    await eventually(async () => (await listening.get('/withdrawn')).body['items'], (items) => (items as unknown[]).length === 1);
    expect((await listening.get('/withdrawn')).body['items']).toMatchObject([{
      service: 'control', logId: 'control.site.2', eventId: lostId, type: 'control.QuantityReleased.v1', position: `control.site.1@${Number(head) + 1}`, actor: 'quality-engineer-1',
      here: { stream: `control/lot-${lotId('lost')}`, version: 1 }, consequences: [{ stream: `parcel-${lotId('lost')}`, type: 'depot.ParcelRegistered.v1' }],
    }]);
    expect((await restored.get('/withdrawn')).body['items']).toMatchObject([{ eventId: lostId, enteredAgain: false, consequences: [] }]);
  }, 60_000);

  it('decides a command that is given again anew, under another id, and delivers it though its seq was given before', async () => {
    const { restored, listening, lostId } = await putBackToYesterday();
    await startEpoch(restored);
    expect(await release(restored, 'lost')).toMatchObject({ status: 201, body: { repeated: false, events: [{ id: expect.not.stringContaining(lostId) as string }] } });
    expect(await release(restored, 'kept')).toMatchObject({ status: 200, body: { repeated: true } });
    const [first, second] = await held(listening, 'lost', 2);
    expect([first, second]).toEqual([lostId, (await releasedIn(restored, 'lost'))[0]]);
    expect((await restored.get('/withdrawn')).body['items']).toMatchObject([{ eventId: lostId, enteredAgain: true }]);
    await release(restored, 'later');
    expect(await held(listening, 'later')).toEqual(await releasedIn(restored, 'later'));
  }, 60_000);

  it('understands positions of before, up to the fork', async () => {
    const { restored } = await putBackToYesterday();
    const { body: { forkSeq } } = await startEpoch(restored);
    const at = (position: string) => restored.get('/position', { 'min-position': position });
    expect((await at(`control.site.1@${String(forkSeq)}`)).status).toBe(200);
    expect(await at(`control.site.1@${Number(forkSeq) + 1}`)).toMatchObject({ status: 410, body: { code: 'POSITION_WITHDRAWN' } });
    expect(await at('depot.site.1@1')).toMatchObject({ status: 400, body: { code: 'FOREIGN_POSITION' } });
  }, 60_000);

  it('starts an epoch only for an operator who says why, and records who and why', async () => {
    const { restored } = await putBackToYesterday();
    expect(await restored.post('/epochs', { reason: 'no matter' }, { role: 'quality-manager' })).toMatchObject({ status: 403 });
    expect(await restored.post('/epochs', {}, { role: 'operator' })).toMatchObject({ status: 400 });
    await startEpoch(restored);
    expect((await restored.get('/epochs')).body).toMatchObject({
      open: true, epochs: [{ epoch: 1, forkSeq: 0 }, { epoch: 2, logId: 'control.site.2', startedBy: 'operator-1', reason: 'The disk failed; yesterday was put back.' }],
    });
    const { body } = await restored.get('/history/epoch-2');
    expect(body['events']).toMatchObject([
      { type: 'platform.LogEpochStarted.v1', data: { withdrawn: 1, pages: 1, formerLogId: 'control.site.1' }, meta: { actor: 'operator-1', reason: 'The disk failed; yesterday was put back.' } },
      { type: 'platform.EventsWithdrawn.v1' },
    ]);
  }, 60_000);
});

describe('a log that was put back', () => {
  it('is noticed under a service that runs', async () => {
    const [running, listening] = [await site.start(control), await site.start(depot)];
    await site.backUp('control');
    await eventually(async () => (await release(running, 'lost')).status < 300);
    await held(listening, 'lost');
    await site.putBack('control');
    expect(await eventually(() => release(running, 'new'), ({ body }) => body['code'] !== 'DATABASE_UNREACHABLE')).toMatchObject({ status: 503, body: { code: 'LOG_RESTORED' } });
    expect((await startEpoch(running)).body).toMatchObject({ epoch: 2, withdrawn: 1 });
    expect((await release(running, 'new')).status).toBe(201);
    expect(await held(listening, 'new')).toEqual(await releasedIn(running, 'new'));
  }, 60_000);

  it('gets a number that nobody knows, also when an epoch was lost with it', async () => {
    const { restored, listening } = await putBackToYesterday();
    await site.backUp('control');
    await eventually(async () => (await startEpoch(restored)).status === 201);
    await release(restored, 'in the second epoch');
    const [second] = await held(listening, 'in the second epoch');
    await restored.stop();
    await site.putBack('control');
    const again = await site.start(control);
    expect((await again.get('/epochs')).body).toMatchObject({ logId: 'control.site.1', closedBecause: expect.stringContaining('knows epoch 2 of the log') as string });
    expect((await startEpoch(again)).body).toMatchObject({ logId: 'control.site.3', epoch: 3, withdrawn: 4 });
    expect(await releasedIn(again, 'in the second epoch', 'control.site.2/')).toEqual([second]);
    await release(again, 'in the second epoch');
    expect(new Set(await held(listening, 'in the second epoch', 2)).size).toBe(2);
  }, 60_000);

  it('waits for its epoch to be finished when the start was broken off, and takes it up again', async () => {
    const { restored, listening } = await putBackToYesterday();
    await site.query('control', `select start_log_epoch(2, 'control.site.2', 'operator-1', 'broken off after this')`);
    await restored.stop();
    const again = await site.start(control);
    expect(await release(again, 'new')).toMatchObject({ status: 503, body: { code: 'LOG_RESTORED' } });
    expect((await startEpoch(again)).body).toMatchObject({ epoch: 2, withdrawn: 1 });
    expect((await again.get('/history/epoch-2')).body['events']).toMatchObject([{ data: { reason: 'broken off after this' } }, {}]);
    await eventually(async () => (await listening.get('/withdrawn')).body['items'], (items) => (items as unknown[]).length === 1);
    expect((await release(again, 'new')).status).toBe(201);
  }, 60_000);

  it('is adopted under its new id by another process of the service, which appends nothing under the old one', async () => {
    const { restored, lostId } = await putBackToYesterday();
    const other = await site.start({ ...control, listensTo: [] });
    await startEpoch(restored);
    const { body } = await eventually(() => release(other, 'lost'), ({ status }) => status === 201);
    expect(body['position']).toMatch(/^control\.site\.2@\d+$/);
    expect(await releasedIn(other, 'lost')).not.toContain(lostId);
  }, 60_000);
});

describe('an epoch that is started on a whole log', () => {
  it('shuts out every process that knows the old id, at once', async () => {
    const [one, other] = [await site.start(control), await site.start(control)];
    await release(one, 'before');
    expect((await startEpoch(one)).body).toMatchObject({ logId: 'control.site.2', withdrawn: 0 });
    const { body } = await eventually(() => release(other, 'after'), ({ status }) => status === 201);
    expect(body['position']).toMatch(/^control\.site\.2@\d+$/);
    const [event] = await other.runtime.options.store.readStream(`lot-${lotId('after')}`);
    const { commandId } = JSON.parse(event?.meta ?? '{}') as { commandId: string };
    expect(event?.id).toBe(uuidV5(commandId, `control.site.2/${commandId}/0`));
  }, 60_000);

  it('keeps the log shut until it is finished', async () => {
    const running = await site.start(control);
    await release(running, 'before');
    await running.stop();
    await site.query('control', `select start_log_epoch(2, 'control.site.2', 'operator-1', 'broken off after this')`);
    const again = await site.start(control);
    expect((await again.get('/epochs')).body).toMatchObject({ open: false, closedBecause: expect.stringContaining('was not finished') as string });
    expect((await startEpoch(again)).body).toMatchObject({ epoch: 2, withdrawn: 0 });
    expect((await release(again, 'after')).status).toBe(201);
  }, 60_000);
});

describe('no wolf is cried', () => {
  it('when PostgreSQL was killed with appends on the way', async () => {
    const [running, listening] = [await site.start(control), await site.start(depot)];
    await release(running, 'first');
    await held(listening, 'first');
    const crowd = Array.from({ length: 200 }, (_, index) => release(running, `crowd ${index}`).catch(() => ({ status: 0 })));
    await Promise.race(crowd.slice(20));
    await site.crash();
    const answers = await Promise.all(crowd);
    const [again] = [await site.start(control), await site.start(depot)];
    await ready(again, 200);
    expect((await again.get('/epochs')).body).toMatchObject({ open: true, logId: 'control.site.1' });
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(10);
    for (const [index, { status }] of answers.entries()) if (status === 201) expect(await releasedIn(again, `crowd ${index}`)).toHaveLength(1);
    expect((await release(again, 'after')).status).toBe(201);
  }, 60_000);

  it('when the one who listens was put back: it reads again what it lost, and goes on', async () => {
    const [running, before] = [await site.start(control), await site.start(depot)];
    await release(running, 'kept');
    await held(before, 'kept');
    await site.backUp('depot');
    for (const name of ['lost 1', 'lost 2']) await release(running, name);
    await held(before, 'lost 2');
    await before.stop();
    await site.putBack('depot');
    const again = await site.start(depot);
    for (const name of ['kept', 'lost 1', 'lost 2']) expect(await held(again, name)).toEqual(await releasedIn(running, name));
    await ready(again, 200);
    await ready(running, 200);
  }, 60_000);
});

describe('a service that only listens', () => {
  it('is given again what it lost, also when it was put back under its hands and nothing new is told', async () => {
    const [running, listening] = [await site.start(control), await site.start(depot)];
    await release(running, 'kept');
    await held(listening, 'kept');
    await site.backUp('depot');
    await release(running, 'lost');
    await held(listening, 'lost');
    await site.putBack('depot');
    await eventually(() => releasedIn(listening, 'lost', 'control/').catch(() => []), ({ length }) => length === 1);
    expect(await held(listening, 'lost')).toEqual(await releasedIn(running, 'lost'));
  }, 60_000);
});

describe('the key of a person that was made after the backup', () => {
  it('is not used any more once the database was put back: nobody could read what was encrypted with it', async () => {
    const running = await site.start(depot);
    const parcel = { parcelId: lotId('personal'), weight: '4', unit: 'kg', note: 'for Ada' };
    const read = async (service: Started) => ((await service.get(`/history/parcel-${parcel.parcelId}`)).body['events'] as { data: unknown }[] | undefined)?.map(({ data }) => data);
    await site.backUp('depot');
    await eventually(async () => (await running.post('/parcels', parcel, { key: 'before' })).status === 201);
    await site.putBack('depot');
    await eventually(async () => (await running.post('/parcels', parcel, { key: 'after' })).status === 201);
    await running.stop();
    expect(await read(await site.start(depot))).toEqual([parcel]);
  }, 60_000);
});

describe('a read model whose checkpoint was not put back with the log', () => {
  it('is built again, as it stands beyond the log', async () => {
    const [running, before] = [await site.start(control), await site.start(depot)];
    await release(running, 'kept');
    await held(before, 'kept');
    await eventually(() => before.runtime.query(parcelList).count(ParcelRow), (count) => count === 1);
    await before.stop();
    await site.query('depot', `update checkpoint set seq = seq + 1000; update parcel_list_v1.parcel set weight = '666'`);
    const again = await site.start(depot);
    await eventually(() => again.runtime.query(parcelList).find(ParcelRow), ([row]) => row?.weight === '40');
    expect((await again.runtime.rebuild('parcel-list')).equal).toBe(true);
    expect(again.logged.some((line) => line.includes('checkpoints lay beyond the log'))).toBe(true);
    await release(running, 'later');
    await eventually(() => again.runtime.options.store.readStream(`parcel-${lotId('later')}`), ({ length }) => length === 1);
  }, 60_000);
});
