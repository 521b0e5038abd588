import { atFirst, projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import { accountRegistered, contactAdded, customerErased, satisfactionStated, shipToAdded } from '@touchstone/contracts/feedback';
import { accountList, AccountRow } from './account-list.projection.js';
import type { AccountEvent } from './events.js';
import { accountStream } from './events.js';

const one = 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01';
const two = '2b7e1516-28ae-52a6-abf7-158809cf4f3c';
const shipToId = '7b9d1f3a-5c7e-5a9b-8d2f-4b6d8f0a2c37';
const contactId = '6a8c0e2f-4b6d-5f8a-9c1e-3a5c7e9b1d26';
const inLog = ({ type, data }: AccountEvent) => recorded(type, data, { stream: accountStream(data.accountId) });

describe('the list of accounts', () => {
  const spec = projectionSpec(accountList, { database: testDatabase() });
  const log = spec.given(
    ...[
      accountRegistered({ accountId: one, name: 'Muster Maschinenbau GmbH' }),
      shipToAdded({ accountId: one, shipToId, label: 'works-2', country: 'DE' }),
      accountRegistered({ accountId: two, name: 'CDNOW customer 00004', externalSource: 'cdnow', externalId: '00004' }),
      contactAdded({ accountId: one, contactId, name: 'Ada Muster', email: 'ada@example.com' }),
      satisfactionStated({ accountId: one, contactId, score: 9 }),
      satisfactionStated({ accountId: one, score: 4 }),
    ].map(inLog),
  );
  const erasedAt = '2026-11-02T08:00:00.000Z';
  const erased = (scope: 'account' | 'contact', ...subjects: string[]) => inLog(customerErased({ accountId: one, scope, subjects, ground: 'request', erasedAt, deleteBy: '2026-11-30T08:00:00.000Z' }));

  it('has a row for each, with the score stated last, and no word about who the contacts are', () =>
    log.thenRows(AccountRow, [
      {
        accountId: one, name: 'Muster Maschinenbau GmbH', externalSource: null, externalId: null, shipTos: [{ shipToId, label: 'works-2', country: 'DE' }],
        contacts: 1, satisfaction: 4, scores: 2, registeredAt: atFirst, erasedAt: null,
      },
      {
        accountId: two, name: 'CDNOW customer 00004', externalSource: 'cdnow', externalId: '00004', shipTos: [],
        contacts: 0, satisfaction: null, scores: 0, registeredAt: atFirst, erasedAt: null,
      },
    ]));
  it('says since when a customer is erased, and counts no contact who is', async () => {
    const added = [accountRegistered({ accountId: one, name: 'Muster' }), contactAdded({ accountId: one, contactId, name: 'Ada' }), contactAdded({ accountId: one, contactId: two, name: 'Eve' })].map(inLog);
    const row = { accountId: one, name: 'Muster', externalSource: null, externalId: null, shipTos: [], satisfaction: null, scores: 0, registeredAt: atFirst };
    await spec.given(...added, erased('contact', contactId)).thenRows(AccountRow, [{ ...row, contacts: 1, erasedAt: null }]);
    await spec.given(...added, erased('contact', contactId), erased('account', one, two)).thenRows(AccountRow, [{ ...row, contacts: 0, erasedAt }]);
  });
  it('is the same however the log is cut into batches', () => log.survivesRandomBatches());
  it('is the same when built again from nothing', () => log.rebuildEqualsLive());
});
