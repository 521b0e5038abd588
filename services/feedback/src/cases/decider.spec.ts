import { deciderSpec } from '@touchstone/testing';
import { contracts } from '@touchstone/contracts';
import { caseActionRecorded, caseClosed, caseOpened, caseOverdue } from '@touchstone/contracts/feedback';
import type { CloseCase, OpenCase } from './commands.js';
import { caseDecider } from './decider.js';

const caseId = '9d2c8f2b-3c47-5ad1-8f60-0f5be7f9c3d5';
const accountId = 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01';
const dueAt = '2026-03-04T08:00:00.000Z';

const spec = deciderSpec(caseDecider, { contracts });
const care = { actor: { id: 'care-1', roles: ['customer-care'] } };
const system = { actor: { id: 'system:feedback:some-reaction', roles: ['system'] } };

const exposure = { caseId, kind: 'exposure', accountId, subject: 'Received goods of a lot', causeId: 'n-1' } as const;
const internal = { caseId, kind: 'internal', subject: 'Lot L-1 rejected', causeId: 'l-1' } as const;
const open = (rest: Partial<OpenCase> = {}): OpenCase => ({ type: 'OpenCase', ...exposure, ...rest });
const opened = caseOpened({ ...exposure, dueAt });
const act = { type: 'RecordCaseAction', caseId, action: 'replacement sent' } as const;
const acted = caseActionRecorded({ caseId, accountId, action: 'replacement sent' });
const close = (outcome: CloseCase['outcome']): CloseCase => ({ type: 'CloseCase', caseId, outcome, rootCause: 'worn cutting insert' });
const markOverdue = { type: 'MarkCaseOverdue', caseId } as const;

describe('opening a case', () => {
  it('gives two days for the first action', () => spec.when(open()).then(opened));
  it('takes another date', () => spec.when(open({ dueAt: '2026-03-09T08:00:00.000Z' })).then(caseOpened({ ...exposure, dueAt: '2026-03-09T08:00:00.000Z' })));
  it('for an account names it', () => spec.when({ type: 'OpenCase', ...internal, kind: 'churn-risk' }).thenRefused('ACCOUNT_MISSING', { kind: 'churn-risk' }));
  it('inside the company needs no account', () => spec.when({ type: 'OpenCase', ...internal }).then(caseOpened({ ...internal, dueAt })));
  it('a second time tells a person that it is there', () => spec.given(opened).when(open({ causeId: 'n-2' }), care).thenRefused('CASE_ALREADY_OPENED', { caseId }));
  it('a second time is moot for a reaction: somebody looks after it already', () => spec.given(opened).when(open({ causeId: 'n-2' }), system).thenNothing());
  it('changes nothing when repeated', () => spec.repeating(open()));
});

describe('a case that nobody opened', () => {
  it.each([act, close('unresolved'), markOverdue])('takes no $type', (command) => spec.when(command, care).thenRefused('CASE_UNKNOWN', { caseId }));
});

describe('working on a case', () => {
  it('is recorded, as often as something is done', () => {
    spec.given(opened).when(act, care).then(acted);
    spec.given(opened, acted).when(act, care).then(acted);
  });
  it('is over when it is closed', () =>
    spec.given(opened, acted, caseClosed({ caseId, accountId, outcome: 'unresolved', rootCause: 'unknown' })).when(act, care).thenRefused('CASE_CLOSED', {}));
});

describe('a case without a first action', () => {
  it('is overdue, once', () => {
    spec.given(opened).when(markOverdue, system).then(caseOverdue({ caseId, accountId }));
    spec.given(opened).repeating(markOverdue, system);
  });
  it('is not overdue once something was done, or it was closed', () => {
    spec.given(opened, acted).when(markOverdue, system).thenNothing();
    spec.given(opened, caseClosed({ caseId, accountId, outcome: 'not-ours', rootCause: 'other maker' })).when(markOverdue, system).thenNothing();
  });
});

describe('closing a case', () => {
  const closed = (outcome: CloseCase['outcome']) => caseClosed({ caseId, accountId, outcome, rootCause: 'worn cutting insert' });

  it.each(['confirmed', 'no-response', 'unresolved'] as const)('of an account as %s follows an action', (outcome) => {
    spec.given(opened, acted).when(close(outcome), care).then(closed(outcome));
    spec.given(opened).when(close(outcome), care).thenRefused('NO_ACTION_RECORDED', {});
  });
  it.each(['duplicate', 'not-ours'] as const)('as %s needs none', (outcome) => spec.given(opened).when(close(outcome), care).then(closed(outcome)));
  it('of an account is not simply done: the customer confirms, or it is said openly what else', () =>
    spec.given(opened, acted).when(close('done'), care)
      .thenRefused('CONFIRMATION_REQUIRED', { outcomes: ['confirmed', 'no-response', 'unresolved', 'duplicate', 'not-ours'] }));
  it('inside the company is done; there is no customer to confirm', () => {
    const ours = spec.given(caseOpened({ ...internal, dueAt }), caseActionRecorded({ caseId, action: 'insert replaced' }));
    ours.when(close('done'), care).then(caseClosed({ caseId, outcome: 'done', rootCause: 'worn cutting insert' }));
    ours.when(close('confirmed'), care).thenRefused('NO_CUSTOMER_TO_CONFIRM', {});
  });
  it('needs a person', () => spec.given(opened, acted).when(close('unresolved'), system).thenRefused('PERSON_REQUIRED', { actor: system.actor.id }));
  it('happens once', () => spec.given(opened, acted, closed('confirmed')).when(close('confirmed'), care).thenRefused('CASE_CLOSED', {}));
  it('changes nothing when repeated', () => spec.given(opened, acted).repeating(close('confirmed'), care));
});
