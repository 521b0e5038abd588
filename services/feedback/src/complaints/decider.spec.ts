import { deciderSpec } from '@touchstone/testing';
import { contracts, UNASSIGNED_ACCOUNT_ID } from '@touchstone/contracts';
import {
  complaintAcknowledged, complaintAssessed, complaintClosed, complaintEscalated, complaintReceived, complaintResolved, complaintResponded,
} from '@touchstone/contracts/feedback';
import type { AssessComplaint, CloseComplaint, EscalateComplaint, ReceiveComplaint } from './commands.js';
import { complaintOutcomes } from './commands.js';
import type { ComplaintFacts } from './decider.js';
import { complaintDecider } from './decider.js';
import type { ComplaintEvent } from './events.js';

const complaintId = '3f9b8a52-6f0e-5c7e-8a41-2b9d7c4e5f60';
const accountId = 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01';
const contactId = '6a8c0e2f-4b6d-5f8a-9c1e-3a5c7e9b1d26';
const lotId = '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11';
const about = { complaintId, accountId };
const inTwoDays = '2026-03-04T08:00:00.000Z';
const inTenDays = '2026-03-12T08:00:00.000Z';

const spec = deciderSpec(complaintDecider, { contracts });
const care = { actor: { id: 'care-1', roles: ['customer-care'] } };
const system = { actor: { id: 'system:feedback:some-reaction', roles: ['system'] } };
const fact = <T>(value: T) => ({ value, refs: [], seq: 1 });
const known: { facts: ComplaintFacts } = { facts: { accountKnown: fact(true) } };

const words = { channel: 'phone', category: 'Ring does not fit', text: 'Three of the rings are too wide.' };
const receive = (rest: Partial<ReceiveComplaint> = {}): ReceiveComplaint => ({ type: 'ReceiveComplaint', ...about, ...words, ...rest });
const received = complaintReceived({ ...about, ...words, acknowledgeBy: inTwoDays, respondBy: inTenDays });
const receivedOfLot = complaintReceived({ ...received.data, lotId });
const acknowledged = complaintAcknowledged({ ...about, inTime: true });
const assessed = complaintAssessed({ ...about, severity: 'major', about: 'service', team: 'care-south' });
const responded = complaintResponded({ ...about, response: 'rings are replaced', inTime: true });
const agreed = complaintResolved({ ...about, customerAgrees: true, recovery: '40 rings replaced' });
const disagreed = complaintResolved({ ...about, customerAgrees: false, recovery: '3 rings replaced' });

const acknowledge = { type: 'AcknowledgeComplaint', complaintId } as const;
const assess = (rest: Partial<AssessComplaint> = {}): AssessComplaint => ({ type: 'AssessComplaint', complaintId, severity: 'major', about: 'service', team: 'care-south', ...rest });
const respond = { type: 'RespondToComplaint', complaintId, response: 'rings are replaced' } as const;
const resolve = { type: 'ResolveComplaint', complaintId, customerAgrees: true, recovery: '40 rings replaced' } as const;
const close = (outcome: CloseComplaint['outcome'] = 'confirmed'): CloseComplaint => ({ type: 'CloseComplaint', complaintId, outcome });
const escalate = (why: EscalateComplaint['why']): EscalateComplaint => ({ type: 'EscalateComplaint', complaintId, why });

describe('receiving a complaint', () => {
  it('records it, with the dates by which the customer hears of us', () => spec.when(receive(), known).then(received));
  it('changes nothing when repeated', () => spec.repeating(receive(), known));
  it('happens once; what was said is not compared', () =>
    spec.given(received).when(receive({ text: 'Something else.' }), known).thenRefused('COMPLAINT_ALREADY_RECEIVED', { complaintId }));
  it('needs an account that is registered', () => {
    spec.when(receive(), { facts: { accountKnown: fact(false) } }).thenRefused('ACCOUNT_UNKNOWN', { accountId });
    spec.when(receive()).thenRefused('ACCOUNT_UNKNOWN', { accountId });
  });
  it('of nobody who could be named belongs to the unassigned account', () =>
    spec.when(receive({ accountId: UNASSIGNED_ACCOUNT_ID })).then(complaintReceived({ ...received.data, accountId: UNASSIGNED_ACCOUNT_ID })));
  it('from a contact needs one of the account', () => {
    spec.when(receive({ contactId }), known).thenRefused('CONTACT_UNKNOWN', { contactId });
    spec.when(receive({ contactId }), { facts: { ...known.facts, contactKnown: fact(true) } }).then(complaintReceived({ ...received.data, contactId }));
  });
  it('is received neither for a customer who was erased, nor from a person who was', () => {
    const of = (...erased: string[]) => ({ facts: { ...known.facts, contactKnown: fact(true), erased: fact(erased) } });
    spec.when(receive(), of(accountId)).thenRefused('ACCOUNT_ERASED', { accountId });
    spec.when(receive({ contactId }), of(contactId)).thenRefused('CONTACT_ERASED', { contactId });
    spec.when(receive(), of()).then(received);
  });
  it('without a category is refused', () => spec.when(receive({ category: '  ' }), known).thenRefused('CATEGORY_MISSING', {}));
});

describe('a complaint that nobody received', () => {
  it.each([acknowledge, assess(), respond, resolve, close(), escalate('not-acknowledged')])('takes no $type', (command) =>
    spec.when(command, care).thenRefused('COMPLAINT_UNKNOWN', { complaintId }));
});

describe('the order of ISO 10002', () => {
  it.each([[inTwoDays, true], ['2026-03-04T08:00:00.001Z', false]])('acknowledged at %s is in time: %p', (at, inTime) =>
    spec.given(received).when(acknowledge, { at }).then(complaintAcknowledged({ ...about, inTime })));
  it('acknowledged once', () => spec.given(received).repeating(acknowledge));
  it('assessed', () => spec.given(received, acknowledged).when(assess(), care).then(assessed));
  it('assessed with its lot', () => spec.given(receivedOfLot, acknowledged).when(assess(), care).then(complaintAssessed({ ...assessed.data, lotId })));
  it('not assessed before it was acknowledged', () => spec.given(received).when(assess(), care).thenRefused('ACKNOWLEDGE_FIRST'));
  it('assessed anew when a person judges otherwise', () => {
    const before = spec.given(received, acknowledged, assessed);
    before.when(assess(), care).thenNothing();
    before.when(assess({ severity: 'critical' }), care).then(complaintAssessed({ ...assessed.data, severity: 'critical' }));
    before.when(assess({ about: 'other' }), care).then(complaintAssessed({ ...assessed.data, about: 'other' }));
    before.when(assess({ team: 'care-north' }), care).then(complaintAssessed({ ...assessed.data, team: 'care-north' }));
  });
  it.each([[inTenDays, true], ['2026-03-12T08:00:00.001Z', false]])('answered at %s is in time: %p', (at, inTime) =>
    spec.given(received, acknowledged, assessed).when(respond, { ...care, at }).then(complaintResponded({ ...responded.data, inTime })));
  it('not answered before it was assessed', () => spec.given(received, acknowledged).when(respond, care).thenRefused('ASSESS_FIRST'));
  it('answered once in the same words', () => spec.given(received, acknowledged, assessed).repeating(respond, care));
  it('resolved', () => spec.given(received, acknowledged, assessed, responded).when(resolve, care).then(agreed));
  it('not resolved before it was answered', () => spec.given(received, acknowledged, assessed).when(resolve, care).thenRefused('RESPOND_FIRST'));
  it('resolved once in the same way, and anew when the customer was not content', () => {
    spec.given(received, acknowledged, assessed, responded).repeating(resolve, care);
    spec.given(received, acknowledged, assessed, responded, disagreed).when(resolve, care).then(agreed);
  });
  it.each([assess(), respond, resolve, close()])('needs a person for $type', (command) =>
    spec.given(received, acknowledged, assessed, responded, disagreed).when(command, system).thenRefused('PERSON_REQUIRED', { actor: system.actor.id }));
});

describe('closing a complaint', () => {
  const answered = [received, acknowledged, assessed, responded] as const;

  it('is confirmed by a customer who agrees', () => spec.given(...answered, agreed).when(close(), care).then(complaintClosed({ ...about, outcome: 'confirmed' })));
  it.each([['has said nothing', []], ['disagrees', [disagreed]], ['agreed before, but disagrees now', [agreed, disagreed]]])('is not confirmed by one who %s', (_, more) =>
    spec.given(...answered, ...more).when(close(), care).thenRefused('CUSTOMER_DOES_NOT_AGREE', {}));
  it.each(['no-response', 'unresolved'] as const)('as %s needs an answer', (outcome) => {
    spec.given(received, acknowledged, assessed).when(close(outcome), care).thenRefused('RESPOND_FIRST');
    spec.given(...answered).when(close(outcome), care).then(complaintClosed({ ...about, outcome }));
  });
  it.each(['duplicate', 'not-ours'] as const)('as %s needs no answer, but somebody who looked at it', (outcome) => {
    spec.given(received, acknowledged, assessed).when(close(outcome), care).then(complaintClosed({ ...about, outcome }));
    spec.given(received, acknowledged).when(close(outcome), care).thenRefused('ASSESS_FIRST');
  });
  it('happens once, and then nothing more does', () => {
    const closed = spec.given(...answered, complaintClosed({ ...about, outcome: 'unresolved' }));
    for (const command of [acknowledge, assess(), respond, resolve, close()]) closed.when(command, care).thenRefused('COMPLAINT_CLOSED', {});
  });
});

describe('a complaint that blames a lot', () => {
  const history = (subject: AssessComplaint['about'], first: ComplaintEvent = receivedOfLot): ComplaintEvent[] =>
    [first, acknowledged, complaintAssessed({ ...assessed.data, about: subject, lotId }), responded, agreed] as ComplaintEvent[];
  const decisions = (...value: { nonconformityId: string; decided: boolean }[]) => ({ ...care, facts: { lotDecisions: fact(value) } });
  const open = { nonconformityId: 'n-open', decided: false };
  const decided = { nonconformityId: 'n-decided', decided: true };

  it.each(['quality', 'safety'] as const)('for its %s does not close before a nonconformity of the lot is decided', (subject) => {
    const complaint = spec.given(...history(subject));
    complaint.when(close(), decisions()).thenRefused('NONCONFORMITY_UNDECIDED', { lotId, undecided: [] });
    complaint.when(close(), care).thenRefused('NONCONFORMITY_UNDECIDED', { lotId, undecided: [] });
    complaint.when(close(), decisions(decided, open)).thenRefused('NONCONFORMITY_UNDECIDED', { lotId, undecided: ['n-open'] });
    complaint.when(close(), decisions(decided)).then(complaintClosed({ ...about, outcome: 'confirmed' }));
  });
  it.each(complaintOutcomes)('does not slip through as %s', (outcome) =>
    spec.given(...history('quality')).when(close(outcome), decisions(open)).thenRefused('NONCONFORMITY_UNDECIDED', { lotId, undecided: ['n-open'] }));
  it.each(['service', 'other'] as const)('for %s closes without', (subject) =>
    spec.given(...history(subject)).when(close(), decisions(open)).then(complaintClosed({ ...about, outcome: 'confirmed' })));
  it('closes without when no lot is known', () =>
    spec.given(...history('quality', received)).when(close(), care).then(complaintClosed({ ...about, outcome: 'confirmed' })));
});

describe('escalating a complaint', () => {
  it.each([
    ['not-acknowledged', [received]], ['not-responded', [received, acknowledged, assessed]], ['customer-disagrees', [received, acknowledged, assessed, responded, disagreed]],
  ] as const)('%s: tells the next level, once', (why, history) => {
    spec.given(...history).when(escalate(why), system).then(complaintEscalated({ ...about, why }));
    spec.given(...history).repeating(escalate(why), system);
  });
  it.each([
    ['not-acknowledged', [received, acknowledged]], ['not-responded', [received, acknowledged, assessed, responded]],
    ['customer-disagrees', [received, acknowledged, assessed, responded, agreed]], ['customer-disagrees', [received]],
    ['not-responded', [received, acknowledged, assessed, complaintClosed({ ...about, outcome: 'duplicate' })]],
  ] as const)('%s: is moot when it is not so any more', (why, history) => spec.given(...history).when(escalate(why), system).thenNothing());
});
