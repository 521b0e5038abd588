import { derivedId } from '@touchstone/kernel';
import type { RecordedEvent } from '@touchstone/kernel';
import { ExposureIdentifiedV1, LoyaltyAssessedV1 } from '@touchstone/contracts/analytics';
import { LotRejectedV1 } from '@touchstone/contracts/control';
import type { Ports, Reaction } from '@touchstone/event-store';
import { recorded } from '@touchstone/testing';
import { openCaseForAccountAtRisk } from './open-case-for-account-at-risk.reaction.js';
import { openCaseForExposedAccount } from './open-case-for-exposed-account.reaction.js';
import { openCaseForRejectedLot } from './open-case-for-rejected-lot.reaction.js';

const id = '1c2d3e4f-5a6b-5c7d-8e9f-0a1b2c3d4e5f';
const accountId = '2b7e1516-28ae-52a6-abf7-158809cf4f3c';
const other = 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01';
const noPorts = { at: '' } as Ports;

async function sentBy(reaction: Reaction, data: object, occurredAt = '2026-03-02T08:00:00.000Z'): Promise<unknown[]> {
  const event: RecordedEvent = { ...recorded(reaction.on[0] ?? '', data, { stream: 'foreign/stream-1', meta: { occurredAt } }), id, seq: 1, version: 1 };
  return (await reaction.send(event, noPorts)).map(({ command }) => ({ ...command }));
}

describe('a rejected lot', () => {
  it('opens a case inside the company', async () => {
    const [lot] = LotRejectedV1.samples;
    if (!lot) throw new Error('no sample');
    expect(await sentBy(openCaseForRejectedLot, lot)).toEqual([
      { type: 'OpenCase', caseId: derivedId('case', id), kind: 'internal', subject: `Lot ${lot.number} rejected at ${lot.stage} inspection`, causeId: lot.lotId },
    ]);
  });
});

describe('an exposure', () => {
  const [exposure] = ExposureIdentifiedV1.samples;
  if (!exposure) throw new Error('no sample');
  const { nonconformityId, lotId } = exposure;
  const to = (...ids: string[]) => ({ ...exposure, accounts: ids.map((each, index) => ({ accountId: each, deliveryId: derivedId('delivery', index), quantity: '40' })) });
  const caseOf = (account: string) => ({
    type: 'OpenCase', caseId: derivedId('case', 'exposure', nonconformityId, account), kind: 'exposure', accountId: account,
    subject: `Received goods of lot ${lotId}, which has a major nonconformity`, causeId: nonconformityId,
  });

  it('opens a case for every account that it reached', async () => expect(await sentBy(openCaseForExposedAccount, to(accountId, other))).toEqual([caseOf(accountId), caseOf(other)]));
  it('opens one case an account, however many deliveries it came in', async () =>
    expect(await sentBy(openCaseForExposedAccount, to(accountId, other, accountId))).toEqual([caseOf(accountId), caseOf(other)]));
});

describe('an assessment of loyalty', () => {
  const [assessment] = LoyaltyAssessedV1.samples;
  const atRisk = { ...assessment, churnRisk: 'high', openCase: true, fired: ['exposed', 'promise-broken'] };
  const inMonth = (month: string) => derivedId('case', 'churn-risk', accountId, month);

  it('opens a case when the policy wants one, and says by which rules', async () =>
    expect(await sentBy(openCaseForAccountAtRisk, atRisk)).toEqual([{
      type: 'OpenCase', caseId: inMonth('2026-03'), kind: 'churn-risk', accountId, subject: 'Churn risk high by policy loyalty version 1: exposed, promise-broken', causeId: id,
    }]));
  it('opens none when the policy wants none', async () => expect(await sentBy(openCaseForAccountAtRisk, { ...atRisk, openCase: false })).toEqual([]));
  it('names the same case within a month, and another in the next', async () => {
    expect(await sentBy(openCaseForAccountAtRisk, atRisk, '2026-03-31T23:59:59.999Z')).toMatchObject([{ caseId: inMonth('2026-03') }]);
    expect(await sentBy(openCaseForAccountAtRisk, atRisk, '2026-04-01T00:00:00.000Z')).toMatchObject([{ caseId: inMonth('2026-04') }]);
  });
  it('keeps the subject short enough for its event', async () => {
    const [command] = await sentBy(openCaseForAccountAtRisk, { ...atRisk, fired: Array.from({ length: 50 }, (_, index) => `a-rule-with-a-long-name-${index}`) });
    expect((command as { subject: string }).subject).toHaveLength(500);
  });
});
