import { contracts } from '@touchstone/contracts';
import {
  capaClosed, capaDeclined, capaDueDateExtended, capaImplemented, capaOpened, capaOverdue, capaPlanApproved, capaPlanned, capaProposed, capaReopened,
  containmentRecorded, effectivenessVerified, recurrencePrevented, rootCauseConfirmed,
} from '@touchstone/contracts/assurance';
import { deciderSpec } from '@touchstone/testing';
import type { CapaEvent } from './events.js';
import {
  ApproveCapaPlan, CloseCapa, ConfirmRootCause, DeclineCapa, ExtendDueDate, ImplementCapa, MarkCapaOverdue, OpenCapa, PlanCapa, PreventRecurrence,
  ProposeCapa, RecordContainment, VerifyEffectiveness,
} from './commands.js';
import { capa } from './decider.js';

const capaId = '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617';
const nonconformityId = '2a9c1d4e-7b1f-5c6a-8d3e-9f0a1b2c3d4e';
const itemId = '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02';
const lotId = '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11';

const owner = { actor: { id: 'engineer-1', roles: ['quality-engineer'] } };
const planner = { actor: { id: 'engineer-2', roles: ['quality-engineer'] } };
const manager = { actor: { id: 'manager-1', roles: ['quality-manager'] } };
const robot = { actor: { id: 'system:assurance:propose-capa', roles: ['system'] } };
const at = (day: string) => `${day}T08:00:00.000Z`;

const proposal = { capaId, nonconformityId, itemId, characteristicId: 'diameter', lotId, why: 'severity' as const, problem: 'diameter within specification' };
const planning = {
  capaId, actions: [{ action: 'change inserts every 400 parts', owner: 'operator-4' }],
  criterion: { metric: 'rings out of specification per 1000', threshold: '1', comparison: 'at-most' as 'at-most' | 'at-least' }, windowDays: 30,
};
const opening = { capaId, owner: 'engineer-1', team: ['operator-4'], dueAt: at('2026-06-01') };

const propose = (changes: Partial<typeof proposal> = {}) => Object.assign(new ProposeCapa(), proposal, changes);
const open = (changes: Partial<typeof opening> = {}) => Object.assign(new OpenCapa(), opening, changes);
const decline = Object.assign(new DeclineCapa(), { capaId, rationale: 'cause already removed' });
const contain = Object.assign(new RecordContainment(), { capaId, actions: 'three lots sorted' });
const confirm = (rootCause = 'insert worn') => Object.assign(new ConfirmRootCause(), { capaId, rootCause, method: '5 why' });
const plan = (changes: Partial<typeof planning> = {}) => Object.assign(new PlanCapa(), planning, changes);
const approve = Object.assign(new ApproveCapaPlan(), { capaId });
const implement = Object.assign(new ImplementCapa(), { capaId, evidence: 'insert log of March' });
const extend = (dueAt: string) => Object.assign(new ExtendDueDate(), { capaId, dueAt, reason: 'tool holder comes in June' });
const verify = (seen: Partial<VerifyEffectiveness>) => Object.assign(new VerifyEffectiveness(), { capaId, data: 'lots of April' }, seen);
const prevent = Object.assign(new PreventRecurrence(), { capaId, measures: 'interval in all control plans' });
const close = Object.assign(new CloseCapa(), { capaId, recognition: 'team of line 2' });
const markOverdue = Object.assign(new MarkCapaOverdue(), { capaId });

const proposed = capaProposed(proposal);
const opened: readonly CapaEvent[] = [proposed, capaOpened(opening)];
const contained = [...opened, containmentRecorded({ capaId, actions: 'three lots sorted' })];
const caused = (rootCause = 'insert worn') => rootCauseConfirmed({ capaId, nonconformityId, itemId, characteristicId: 'diameter', rootCause, method: '5 why' });
const understood = [...contained, caused()];
const plannedBy = (who: string, changes: Partial<typeof planning> = {}) => capaPlanned({ ...planning, ...changes, plannedBy: who });
const planned = [...understood, plannedBy('engineer-2')];
const approval = capaPlanApproved({ capaId, approvedBy: 'manager-1', approvedAt: at('2026-03-02') });
const approved = [...planned, approval];
const windowEndsAt = at('2026-04-09');
const implemented = [...approved, capaImplemented({ capaId, evidence: 'insert log of March', windowEndsAt })];
const verdict = (given: 'effective' | 'ineffective', observed: string) =>
  effectivenessVerified({ capaId, observed, data: 'lots of April', verdict: given, verifiedBy: 'manager-1' });
const effective = [...implemented, verdict('effective', '1')];
const prevented = [...effective, recurrencePrevented({ capaId, measures: 'interval in all control plans' })];
const closed = [...prevented, capaClosed({ capaId, nonconformityId, recognition: 'team of line 2' })];

const { given, when } = deciderSpec(capa, { contracts });
const afterWindow = { ...manager, at: windowEndsAt };

describe('a corrective action is proposed', () => {
  it('by the platform, once a nonconformity', () => {
    when(propose(), robot).then(proposed);
    given().repeating(propose(), robot);
    given(...opened).when(propose({ why: 'recurrence' as 'severity' }), robot).thenNothing();
  });
  it('for one nonconformity only', () =>
    given(proposed).when(propose({ nonconformityId: lotId }), robot).thenRefused('CAPA_ALREADY_PROPOSED', { capaId, nonconformityId }));
});

describe('a person decides whether there will be one', () => {
  it('and opens it for an owner, by a date', () => {
    given(proposed).when(open(), manager).then(capaOpened(opening));
    given(proposed).repeating(open(), manager);
  });
  it('never the platform', () => {
    given(proposed).when(open(), robot).thenRefused('PERSON_REQUIRED', { actor: robot.actor.id });
    given(proposed).when(decline, robot).thenRefused('PERSON_REQUIRED', { actor: robot.actor.id });
  });
  it('and gives it to a person', () => given(proposed).when(open({ owner: 'system:x' }), manager).thenRefused('PERSON_REQUIRED', { owner: 'system:x' }));
  it('and gives it time', () =>
    given(proposed).when(open({ dueAt: at('2026-03-02') }), { ...manager, at: at('2026-03-02') })
      .thenRefused('DUE_DATE_PASSED', { dueAt: at('2026-03-02'), openedAt: at('2026-03-02') }));
  it('or declines it with a rationale, for good', () => {
    const declined = capaDeclined({ capaId, rationale: 'cause already removed' });
    given(proposed).when(decline, manager).then(declined);
    given(proposed, declined).when(decline, manager).thenNothing();
    given(proposed, declined).when(open(), manager).thenRefused('CAPA_DECLINED', { capaId });
    given(...opened).when(decline, manager).thenRefused('CAPA_ALREADY_OPENED', { capaId, owner: 'engineer-1' });
  });
  it('before anybody works on it', () => {
    given(proposed).when(contain, owner).thenRefused('CAPA_NOT_OPENED', { capaId });
    when(contain, owner).thenRefused('CAPA_UNKNOWN', { capaId });
  });
});

describe('the root cause', () => {
  it('is looked for after containment', () => {
    given(...opened).when(confirm(), owner).thenRefused('CONTAINMENT_FIRST', { capaId });
    given(...opened).when(contain, owner).then(containmentRecorded({ capaId, actions: 'three lots sorted' }));
    given(...contained).when(confirm(), owner).then(caused());
  });
  it('and what contains it are recorded once', () => {
    given(...opened).repeating(contain, owner);
    given(...contained).repeating(confirm(), owner);
  });
  it('may be understood better, until something is planned against it', () => {
    given(...understood).when(confirm('coolant too warm'), owner).then(caused('coolant too warm'));
    given(...planned).when(confirm('coolant too warm'), owner).thenRefused('ALREADY_PLANNED', { capaId });
  });
  it('is confirmed by a person', () => given(...contained).when(confirm(), robot).thenRefused('PERSON_REQUIRED', { actor: robot.actor.id }));
});

describe('the plan', () => {
  it('follows from the cause', () => {
    given(...contained).when(plan(), planner).thenRefused('ROOT_CAUSE_FIRST', { capaId });
    given(...understood).when(plan(), planner).then(plannedBy('engineer-2'));
    given(...understood).repeating(plan(), planner);
    given(...approved).when(plan(), planner).thenNothing();
  });
  it('is approved by a third person', () => {
    given(...planned).when(approve, { ...manager, at: at('2026-03-02') }).then(approval);
    given(...planned).repeating(approve, manager);
    given(...planned).when(approve, owner).thenRefused('OWNER_CANNOT_APPROVE', { owner: 'engineer-1' });
    given(...planned).when(approve, planner).thenRefused('AUTHOR_CANNOT_APPROVE', { author: 'engineer-2' });
    given(...planned).when(approve, robot).thenRefused('PERSON_REQUIRED', { actor: robot.actor.id });
  });
  it('is there before it is approved', () => given(...understood).when(approve, manager).thenRefused('NOT_PLANNED', { capaId }));
  it('that was changed is approved anew', () => {
    given(...approved).when(plan({ windowDays: 60 }), planner).then(plannedBy('engineer-2', { windowDays: 60 }));
    given(...approved, plannedBy('engineer-2', { windowDays: 60 })).when(implement, owner).thenRefused('PLAN_NOT_APPROVED', { capaId });
  });
  it('keeps its criterion and window once it is implemented', () =>
    given(...implemented).when(plan({ windowDays: 1 }), planner).thenRefused('CRITERION_FIXED', { capaId, windowEndsAt }));
});

describe('the implementation', () => {
  it('follows the approval, and opens the window', () => {
    given(...planned).when(implement, owner).thenRefused('PLAN_NOT_APPROVED', { capaId });
    given(...approved).when(implement, { ...owner, at: at('2026-03-10') }).then(capaImplemented({ capaId, evidence: 'insert log of March', windowEndsAt }));
    given(...implemented).when(implement, owner).thenNothing();
    given(...implemented).when(Object.assign(new ImplementCapa(), { capaId, evidence: 'another log' }), owner).thenRefused('ALREADY_IMPLEMENTED', { capaId });
  });
  it('cannot be dated back before the approval, so that the window would already be over', () =>
    given(...approved).when(implement, { ...owner, at: at('2026-01-02') })
      .thenRefused('PLAN_NOT_APPROVED', { capaId, approvedAt: at('2026-03-02'), implementedAt: at('2026-01-02') }));
});

describe('effectiveness', () => {
  it('is judged after the window', () => {
    given(...implemented).when(verify({ observed: '0' }), { ...manager, at: '2026-04-09T07:59:59.999Z' }).thenRefused('WINDOW_STILL_OPEN', { windowEndsAt });
    given(...approved).when(verify({ observed: '0' }), afterWindow).thenRefused('NOT_IMPLEMENTED', { capaId });
  });
  it('is judged by somebody other than the owner', () => {
    given(...implemented).when(verify({ observed: '0' }), { ...owner, at: windowEndsAt }).thenRefused('OWNER_CANNOT_VERIFY', { owner: 'engineer-1' });
    given(...implemented).when(verify({ observed: '0' }), { ...robot, at: windowEndsAt }).thenRefused('PERSON_REQUIRED', { actor: robot.actor.id });
  });
  it('follows from the criterion: a value on the threshold keeps it', () => {
    given(...implemented).when(verify({ observed: '1' }), afterWindow).then(verdict('effective', '1'));
    given(...implemented).repeating(verify({ observed: '1' }), afterWindow);
    given(...implemented).when(verify({ observed: '1.001' }), afterWindow).then(verdict('ineffective', '1.001'), capaReopened({ capaId }));
    const atLeast = { ...planning.criterion, comparison: 'at-least' as const };
    const other = [...understood, plannedBy('engineer-2', { criterion: atLeast }), ...implemented.slice(5)];
    given(...other).when(verify({ observed: '1' }), afterWindow).then(verdict('effective', '1'));
    given(...other).when(verify({ observed: '0.999' }), afterWindow).then(verdict('ineffective', '0.999'), capaReopened({ capaId }));
  });
  it('needs a value, or a reason why there is none', () => {
    given(...implemented).when(verify({}), afterWindow).thenRefused('OBSERVATION_MISSING', { metric: 'rings out of specification per 1000' });
    given(...implemented).when(verify({ inconclusive: true }), afterWindow).thenRefused('REASON_MISSING', { capaId });
  });
  it('that cannot be judged yet is observed through another window', () => {
    const extended = effectivenessVerified({ capaId, data: 'lots of April', verdict: 'inconclusive', verifiedBy: 'manager-1', windowEndsAt: at('2026-05-09') });
    given(...implemented).when(verify({ inconclusive: true, reason: 'nothing was made' }), afterWindow).then(extended);
    given(...implemented, extended).when(verify({ observed: '0' }), afterWindow).thenRefused('WINDOW_STILL_OPEN', { windowEndsAt: at('2026-05-09') });
    given(...implemented, extended).when(verify({ observed: '0' }), { ...manager, at: at('2026-05-09') }).then(verdict('effective', '0'));
    given(...implemented, extended).when(close, manager).thenRefused('NOT_EFFECTIVE', { capaId });
  });
  it('that was not reached sends everybody back to the cause', () => {
    const reopened = [...implemented, verdict('ineffective', '5'), capaReopened({ capaId })];
    given(...reopened).when(confirm('coolant too warm'), owner).then(caused('coolant too warm'));
    given(...reopened).when(plan(), planner).thenRefused('ROOT_CAUSE_FIRST', { capaId });
    given(...reopened).when(implement, owner).thenRefused('PLAN_NOT_APPROVED', { capaId });
    given(...reopened).when(close, manager).thenRefused('NOT_EFFECTIVE', { capaId });
    given(...reopened, caused(), plannedBy('engineer-2')).when(implement, owner).thenRefused('PLAN_NOT_APPROVED', { capaId });
  });
});

describe('a corrective action is closed', () => {
  it('when it was effective and the problem is kept from coming back', () => {
    given(...implemented).when(close, manager).thenRefused('NOT_EFFECTIVE', { capaId });
    given(...effective).when(close, manager).thenRefused('PREVENT_RECURRENCE_FIRST', { capaId });
    given(...effective).when(prevent, owner).then(recurrencePrevented({ capaId, measures: 'interval in all control plans' }));
    given(...effective).repeating(prevent, owner);
    given(...prevented).when(close, manager).then(capaClosed({ capaId, nonconformityId, recognition: 'team of line 2' }));
    given(...closed).when(close, manager).thenNothing();
  });
  it('after which nothing moves any more', () => given(...closed).when(extend(at('2026-09-01')), owner).thenRefused('CAPA_CLOSED', { capaId }));
  it('not by measures against its return that came before the actions', () =>
    given(...approved).when(prevent, owner).thenRefused('NOT_IMPLEMENTED', { capaId }));
});

describe('the due date', () => {
  const overdue = capaOverdue({ capaId, dueAt: at('2026-06-01') });
  const extended = capaDueDateExtended({ capaId, dueAt: at('2026-07-01'), was: at('2026-06-01'), reason: 'tool holder comes in June' });
  it('moves only later, only by an extension', () => {
    given(...opened).when(extend(at('2026-07-01')), owner).then(extended);
    given(...opened).repeating(extend(at('2026-07-01')), owner);
    given(...opened).when(extend(at('2026-05-01')), owner).thenRefused('DUE_DATE_NOT_LATER', { dueAt: at('2026-05-01'), was: at('2026-06-01') });
    given(...opened).when(open({ dueAt: at('2026-07-01') }), manager).thenRefused('CAPA_ALREADY_OPENED', { capaId, owner: 'engineer-1' });
  });
  it('that passed is told once', () => {
    given(...opened).when(markOverdue, { ...robot, at: at('2026-06-01') }).then(overdue);
    given(...opened).repeating(markOverdue, { ...robot, at: at('2026-06-01') });
    given(...opened, extended).when(markOverdue, { ...robot, at: at('2026-06-01') }).thenNothing();
    given(...opened, overdue, extended).when(markOverdue, { ...robot, at: at('2026-07-01') }).then(capaOverdue({ capaId, dueAt: at('2026-07-01') }));
    given(...closed).when(markOverdue, { ...robot, at: at('2026-06-01') }).thenNothing();
    given(proposed).when(markOverdue, { ...robot, at: at('2026-06-01') }).thenNothing();
  });
});
