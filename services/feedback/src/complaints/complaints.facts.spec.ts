import type { RecordedEvent } from '@touchstone/kernel';
import { UNASSIGNED_ACCOUNT_ID } from '@touchstone/contracts';
import type { ReceiveComplaint } from './commands.js';
import type { Complaint } from './complaint.js';
import { complaintFacts } from './complaints.facts.js';

const complaintId = '3f9b8a52-6f0e-5c7e-8a41-2b9d7c4e5f60';
const accountId = 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01';
const contactId = '6a8c0e2f-4b6d-5f8a-9c1e-3a5c7e9b1d26';
const stream = `account-${accountId}`;
const events = [
  { stream, version: 1, type: 'feedback.AccountRegistered.v1', data: { accountId } },
  { stream, version: 2, type: 'feedback.ContactAdded.v1', data: { accountId, contactId } },
] as RecordedEvent[];

function ports(found: RecordedEvent[] = []) {
  const asked: string[] = [];
  return {
    asked, at: '',
    stream: (name: string) => Promise.resolve({ value: found, refs: [], seq: asked.push(name) }),
    ask: ({ name }: { name: string }) => Promise.resolve({ value: [] as never, refs: [], seq: asked.push(name) }),
  };
}

const receive = (rest: Partial<ReceiveComplaint>): ReceiveComplaint => ({ type: 'ReceiveComplaint', complaintId, accountId, channel: 'phone', category: 'other', ...rest });
const close = { type: 'CloseComplaint', complaintId, outcome: 'confirmed' } as const;
const complaint: Complaint = {
  complaintId, accountId, lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', acknowledgeBy: '', respondBy: '', acknowledged: true, escalations: [], closed: false,
};
const assessedAs = (about: string): Complaint => ({ ...complaint, assessment: { severity: 'major', about, team: 'care' } });

describe('what deciding on a complaint asks', () => {
  it('receiving: whether the account is registered', async () => {
    expect(await complaintFacts(undefined, receive({}), ports(events))).toEqual({ accountKnown: { value: true, seq: 1, refs: [{ stream, version: 1 }] } });
    expect(await complaintFacts(undefined, receive({}), ports())).toEqual({ accountKnown: { value: false, seq: 1, refs: [] } });
  });
  it('receiving from a contact: whether he is one of the account', async () => {
    expect(await complaintFacts(undefined, receive({ contactId }), ports(events))).toMatchObject({ contactKnown: { value: true, refs: [{ stream, version: 2 }] } });
    expect(await complaintFacts(undefined, receive({ contactId: complaintId }), ports(events))).toMatchObject({ accountKnown: { value: true }, contactKnown: { value: false, refs: [] } });
  });
  it('receiving for a customer of whom somebody was erased: whether that is he, or the account', async () => {
    const erased = (...subjects: string[]) => [...events, { stream, version: 3, type: 'feedback.CustomerErased.v1', data: { accountId, subjects } } as RecordedEvent];
    const refs = [{ stream, version: 3 }];
    expect(await complaintFacts(undefined, receive({ contactId }), ports(erased(contactId)))).toMatchObject({ erased: { value: [contactId], seq: 1, refs } });
    expect(await complaintFacts(undefined, receive({}), ports(erased(contactId)))).toMatchObject({ erased: { value: [], refs } });
    expect(await complaintFacts(undefined, receive({}), ports(erased(accountId, contactId)))).toMatchObject({ erased: { value: [accountId], refs } });
  });
  it.each([
    ['receiving for the unassigned account', undefined, receive({ accountId: UNASSIGNED_ACCOUNT_ID })], ['receiving what is known', complaint, receive({})],
    ['acknowledging', complaint, { type: 'AcknowledgeComplaint', complaintId } as const], ['closing what was not assessed', complaint, close],
    ['closing what is about service', assessedAs('service'), close], ['closing what nobody received', undefined, close],
  ])('%s: nothing', async (_, state, command) => {
    const none = ports();
    expect(await complaintFacts(state, command, none)).toEqual({});
    expect(none.asked).toEqual([]);
  });
  it.each(['quality', 'safety'])('closing what is about %s: what was decided about the lot', async (about) => {
    const some = ports();
    expect(await complaintFacts(assessedAs(about), close, some)).toEqual({ lotDecisions: { value: [], refs: [], seq: 1 } });
    expect(some.asked).toEqual(['lot-decisions']);
  });
});
