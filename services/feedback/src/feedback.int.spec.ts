import 'reflect-metadata';
import type { Command, Instant } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import { contracts, UNASSIGNED_ACCOUNT_ID } from '@touchstone/contracts';
import { DispositionDecidedV1, NonconformityReportedV1 } from '@touchstone/contracts/control';
import type { CommandContext } from '@touchstone/event-store';
import { Runtime } from '@touchstone/event-store';
import { validateCommand } from '@touchstone/platform';
import type { FreshDatabase } from '@touchstone/testing';
import { recorded, testDatabase } from '@touchstone/testing';
import { feedback } from './app.module.js';

const accountId = 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01';
const complaintId = '3f9b8a52-6f0e-5c7e-8a41-2b9d7c4e5f60';
const lotId = '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11';
const nonconformityId = '3c5d6b1e-8a3f-5c0e-9b7d-2f4a6c8e0b13';
const care = { id: 'care-1', roles: ['customer-care'] };
const slices = new Map(feedback.slices.flatMap(({ slice }) => Object.keys(slice.commands).map((type) => [type, slice] as const)));

/** The service on a log of its own, under a clock that the spec moves; nothing comes over a network. */
class Feedback {
  now: Instant = '2026-03-02T08:00:00.000Z';
  private count = 0;
  readonly runtime: Runtime;

  constructor({ url, store, keys }: FreshDatabase) {
    const all = feedback.slices;
    this.runtime = new Runtime({
      service: 'feedback', url, store, keys, clock: { now: () => this.now, simulated: true }, contracts, slices: all.map(({ slice }) => slice),
      projections: all.flatMap(({ projections = [] }) => projections), reactions: all.flatMap(({ reactions = [] }) => reactions),
      deadlines: all.flatMap(({ deadlines = [] }) => deadlines),
    });
  }

  async sent(type: string, body: object, context: Partial<CommandContext> = {}) {
    const slice = slices.get(type);
    const commandClass = slice?.commands[type];
    if (!slice || !commandClass) throw new Error(`nobody takes ${type}`);
    const { command } = validateCommand<Command>(commandClass, body);
    return this.runtime.commands.handle(slice, command, { commandId: derivedId('spec', (this.count += 1)), actor: care, ...context });
  }

  /** Events of control or analytics arrive. */
  async told(...events: { stream: string; type: string; data: object }[]): Promise<void> {
    for (const event of events) contracts.check(event);
    await this.runtime.options.store.ingest(events.map(({ stream, type, data }) => ({
      id: derivedId('foreign', (this.count += 1)), stream, type, body: JSON.stringify(data), meta: JSON.stringify(recorded(type, data, { stream }).meta), topic: 'spec', offset: this.count,
    })));
    await this.settled();
  }

  async settled(): Promise<void> {
    for (let waited = 0; waited < 400; waited += 1) {
      const head = await this.runtime.options.store.head();
      if (this.runtime.followers.every(({ position }) => position === head)) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('not settled');
  }

  /** Moves to the instant, and lets time act. */
  async passes(until: Instant): Promise<void> {
    await this.settled();
    this.now = until;
    await this.runtime.poller.fire();
    await this.settled();
  }

  async log(stream: string) {
    return (await this.runtime.options.store.readStream(stream)).map(({ type, body }) => ({ type, body }));
  }
  types = async (stream: string) => (await this.log(stream)).map(({ type }) => type.split('.')[1]);
}

const database = testDatabase();
let service: Feedback;
beforeEach(async () => {
  service = new Feedback(await database.fresh({ service: 'feedback' }));
  await service.runtime.start();
});
afterEach(() => service.runtime.stop());

const complain = (rest: object = {}, context: Partial<CommandContext> = {}) =>
  service.sent('ReceiveComplaint', { complaintId, channel: 'phone', category: 'Ring does not fit', text: 'Canary: three are too wide.', ...rest }, context);

describe('what customers say', () => {
  it('stands encrypted in the log, for the account, or for the unassigned one', async () => {
    await service.sent('RegisterAccount', { accountId, name: 'Muster' });
    await service.sent('AddContact', { accountId, contactId: complaintId, name: 'Ada Canary', email: 'canary@example.com' });
    expect(await complain({ accountId })).toMatchObject({ outcome: 'accepted' });
    expect(await complain({ complaintId: lotId })).toMatchObject({ outcome: 'accepted' });
    const streams = [`complaint-${complaintId}`, `complaint-${lotId}`, `account-${accountId}`];
    const bodies = (await Promise.all(streams.map((stream) => service.log(stream)))).flat().map(({ body }) => body);
    expect(bodies).toHaveLength(4);
    expect(bodies.filter((body) => /canary/i.test(body))).toEqual([]);
    expect(bodies[1]).toContain(`"subject":"${UNASSIGNED_ACCOUNT_ID}"`);
    const { rows } = await service.runtime.options.store.pool.query('select * from command');
    expect(JSON.stringify(rows)).not.toMatch(/canary/i);
  });
});

describe('a complaint that nobody looks after', () => {
  it('is escalated after two days, and after ten', async () => {
    await complain();
    await service.passes('2026-03-04T07:59:59.999Z');
    expect(await service.types(`complaint-${complaintId}`)).toEqual(['ComplaintReceived']);
    await service.passes('2026-03-04T08:00:00.000Z');
    await service.passes('2026-03-12T08:00:00.000Z');
    expect(await service.log(`complaint-${complaintId}`)).toMatchObject([
      { type: 'feedback.ComplaintReceived.v1' },
      { body: `{"accountId":"${UNASSIGNED_ACCOUNT_ID}","complaintId":"${complaintId}","why":"not-acknowledged"}` },
      { body: `{"accountId":"${UNASSIGNED_ACCOUNT_ID}","complaintId":"${complaintId}","why":"not-responded"}` },
    ]);
  });
  it('is not, once it is acknowledged and answered', async () => {
    await complain();
    await service.sent('AcknowledgeComplaint', { complaintId });
    await service.sent('AssessComplaint', { complaintId, severity: 'minor', about: 'service', team: 'care' });
    await service.sent('RespondToComplaint', { complaintId, response: 'rings are replaced' });
    await service.settled();
    expect(await service.runtime.poller.next()).toBeUndefined();
  });
  it('is not, when it was migrated: what was promised then is history', async () => {
    await complain({}, { provenance: ['migrated'], occurredAt: '2016-10-03T04:00:00.000Z' });
    await service.settled();
    expect(await service.runtime.poller.next()).toBeUndefined();
  });
});

describe('a complaint that blames a lot', () => {
  it('closes when control has decided about the lot, and not before', async () => {
    await complain({ lotId });
    await service.sent('AcknowledgeComplaint', { complaintId });
    await service.sent('AssessComplaint', { complaintId, severity: 'major', about: 'quality', team: 'care' });
    const close = () => service.sent('CloseComplaint', { complaintId, outcome: 'not-ours' });
    expect(await close()).toMatchObject({ outcome: 'refused', code: 'NONCONFORMITY_UNDECIDED', details: { lotId, undecided: [] } });
    const stream = `control/nonconformity-${nonconformityId}`;
    const about = { nonconformityId, lotId };
    await service.told({ stream, type: NonconformityReportedV1.type, data: { ...NonconformityReportedV1.samples[0], ...about } });
    expect(await close()).toMatchObject({ code: 'NONCONFORMITY_UNDECIDED', details: { undecided: [nonconformityId] } });
    await service.told({ stream, type: DispositionDecidedV1.type, data: { ...DispositionDecidedV1.samples[0], ...about } });
    expect(await close()).toMatchObject({ outcome: 'accepted' });
  });
});

describe('what analytics finds', () => {
  const exposure = (...accounts: string[]) => ({
    stream: `analytics/exposure-${nonconformityId}`, type: 'analytics.ExposureIdentified.v1',
    data: { nonconformityId, lotId, severity: 'major', known: 'certain', accounts: accounts.map((each) => ({ accountId: each, deliveryId: each, quantity: '40' })) },
  });

  it('opens one case an account and nonconformity, and refuses nobody a second one', async () => {
    await service.told(exposure(accountId));
    await service.told(exposure(accountId, complaintId));
    await service.settled();
    expect(await service.types(`case-${derivedId('case', 'exposure', nonconformityId, accountId)}`)).toEqual(['CaseOpened']);
    expect(await service.types(`case-${derivedId('case', 'exposure', nonconformityId, complaintId)}`)).toEqual(['CaseOpened']);
    expect(await service.types(`refusals-case-${derivedId('case', 'exposure', nonconformityId, accountId)}`)).toEqual([]);
  });
  it('leaves a case that nobody acts on overdue after two days', async () => {
    await service.told(exposure(accountId));
    await service.passes('2026-03-04T08:00:00.000Z');
    expect(await service.types(`case-${derivedId('case', 'exposure', nonconformityId, accountId)}`)).toEqual(['CaseOpened', 'CaseOverdue']);
  });
});

describe('purchases', () => {
  it('need their account, which is one for one customer of another system', async () => {
    const source = { source: 'shop', externalId: 'o-1' };
    const purchase = { purchaseId: derivedId('purchase', 'shop', 'o-1'), accountId, ...source, units: '2', amount: '29.33', currency: 'USD' };
    expect(await service.sent('RecordPurchase', purchase)).toMatchObject({ outcome: 'refused', code: 'ACCOUNT_UNKNOWN' });
    await service.sent('RegisterAccount', { accountId, name: 'Customer 4', externalSource: 'shop', externalId: '4' });
    expect(await service.sent('RecordPurchase', purchase)).toMatchObject({ outcome: 'accepted', version: 1 });
    expect(await service.sent('RecordPurchase', purchase)).toMatchObject({ outcome: 'accepted', events: [] });
    await expect(service.sent('RegisterAccount', { accountId: complaintId, name: 'Customer 4', externalSource: 'shop', externalId: '4' })).rejects.toMatchObject({ code: 'NAME_TAKEN' });
  });
});
