import type { EntityManager } from 'typeorm';
import type { Instant } from '@touchstone/kernel';
import { plusDays } from '@touchstone/kernel';
import { quote } from '@touchstone/event-store';
import type { AccountHistory } from './account-history.js';
import { AccountRow, ComplaintRow, ExposureRow, PromiseRow, PurchaseRow, VoidedNonconformityRow } from './account-facts.projection.js';
import { PROMISE_DAYS } from './figures.js';

/** All that is known about an account at an instant, in one query: what became true later is not known yet. */
export async function accountHistory(manager: EntityManager, accountId: string, at: Instant): Promise<AccountHistory> {
  const [row] = await manager.query<{ history: AccountHistory }[]>(statementFor(manager), [accountId, at, plusDays(at, -PROMISE_DAYS)]);
  if (!row) throw new Error('a query of one row answered none');
  return row.history;
}

const statements = new WeakMap<object, string>();

function statementFor(manager: EntityManager): string {
  const known = statements.get(manager.dataSource) ?? statement(manager);
  statements.set(manager.dataSource, known);
  return known;
}

/** $1 account, $2 instant, $3 since when promises count. Instants are texts that sort as they follow in time. */
function statement(manager: EntityManager): string {
  const table = (entity: new () => object) => manager.dataSource.getMetadata(entity).tablePath.split('.').map(quote).join('.');
  const standing = `not exists (select from ${table(VoidedNonconformityRow)} v where v."nonconformityId" = e."nonconformityId" and v.at <= $2)`;
  // A promise is kept on time, in full and right first time: a delivery of a lot with a nonconformity was not.
  return `select json_build_object(
    'registered', coalesce((select registered from ${table(AccountRow)} where "accountId" = $1), false),
    'scores', coalesce((
      select json_agg(each order by place) from ${table(AccountRow)} a, jsonb_array_elements(a.scores) with ordinality as s(each, place)
      where a."accountId" = $1 and each ->> 'at' <= $2), '[]'),
    'purchases', (
      select json_build_object('count', count(*), 'first', min(at), 'last', max(at)) from ${table(PurchaseRow)} where "accountId" = $1 and at <= $2),
    'promises', (
      select json_build_object('due', count(*), 'kept', count(*) filter (where kept and "arrivedAt" <= $2
        and not exists (select from ${table(ExposureRow)} e where e."deliveryId" = p."deliveryId" and e.at <= $2 and ${standing}))) from ${table(PromiseRow)} p
      where "accountId" = $1 and ("promisedFor" <= $2 or "arrivedAt" <= $2) and "promisedFor" > $3),
    'exposures', coalesce((
      select json_agg(json_build_object('deliveryId', "deliveryId", 'lotId', "lotId", 'severity', severity, 'at', at) order by at, "nonconformityId", "deliveryId")
      from ${table(ExposureRow)} e where "accountId" = $1 and at <= $2 and ${standing}), '[]'),
    'complaints', coalesce((
      select json_agg(json_build_object('complaintId', "complaintId", 'lotId', "lotId", 'deliveryId', "deliveryId", 'severity', severity, 'receivedAt', "receivedAt",
        'resolvedAt', case when "resolvedAt" <= $2 then "resolvedAt" end, 'agreed', case when "resolvedAt" <= $2 then agreed end,
        'closedAt', case when "closedAt" <= $2 then "closedAt" end, 'outcome', case when "closedAt" <= $2 then outcome end) order by "receivedAt", "complaintId")
      from ${table(ComplaintRow)} where "accountId" = $1 and "receivedAt" <= $2), '[]')
  ) as history`;
}
