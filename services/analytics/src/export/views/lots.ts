import type { View } from './view.js';
import { decimal, of, text } from './view.js';

const LOT_EVENTS = ['control.LotRegistered.v1', 'control.LotAccepted.v1', 'control.LotRejected.v1', 'control.QuantityReleased.v1', 'control.QuantityDispositioned.v1'];

export const lots: View = {
  name: 'lots',
  meaning: 'A lot: where its quantity stands. Pending, accepted, rejected and consumed add up to the quantity.',
  columns: {
    lot_id: 'the lot', number: 'as printed on it', item_id: 'what it is a quantity of', unit: 'of all quantities of the row', site: 'where it was made or received', registered_at: 'when',
    status: 'pending inspection, accepted, partly released, released, rejected or consumed', quantity: 'registered', pending: 'waits for inspection', accepted: 'accepted, with what a concession let go',
    rejected: 'not accepted', consumed: 'scrapped or returned', held: 'may not be released now', free: 'accepted, on no hold, not yet released', released: 'may be shipped', allocated: 'of that: set aside for deliveries',
  },
  // Released never exceeds accepted: what a concession lets go beyond it counts as accepted from then on. With B accepted otherwise and
  // R released, each up to a release, that is the most that R − B ever was.
  select: `
    with each_lot as (
      select ${text('lotId')} as lot_id, type, body, version, occurred_at, ${decimal('quantity')} as quantity, coalesce(${decimal('rejected')}, 0) as was_rejected, ${text('disposition')} as disposition
      from ${of(...LOT_EVENTS)}
    ),
    moved as (
      select lot_id, version, type = 'control.QuantityReleased.v1' as is_release,
        case type when 'control.LotAccepted.v1' then quantity when 'control.QuantityDispositioned.v1' then was_rejected - if(disposition = 'use-as-is', 0, quantity) else 0 end as accepted,
        case type when 'control.LotRejected.v1' then quantity when 'control.QuantityDispositioned.v1' then -was_rejected else 0 end as rejected,
        if(type = 'control.QuantityDispositioned.v1' and disposition in ('scrap', 'return'), quantity, 0) as consumed,
        if(type = 'control.QuantityReleased.v1', quantity, 0) as released
      from each_lot
    ),
    running as (
      select *, sum(released) over so_far - sum(accepted) over so_far as beyond from moved window so_far as (partition by lot_id order by version rows unbounded preceding)
    ),
    ledger as (
      select lot_id, sum(accepted) + greatest(coalesce(max(beyond) filter (is_release), 0), 0) as accepted, sum(rejected) as rejected, sum(consumed) as consumed, sum(released) as released
      from running group by lot_id
    ),
    hold as (
      select ${text('lotId')} as lot_id, ${text('holdId')} as hold_id, arg_max(type, version) = 'control.QuantityHeld.v1' as stands, arg_max(${decimal('quantity')}, version) as wanted
      from ${of('control.QuantityHeld.v1', 'control.HoldLifted.v1')} group by 1, 2
    ),
    held as (select lot_id, sum(wanted) as wanted from hold where stands group by lot_id),
    allocation as (
      select ${text('lotId')} as lot_id, ${text('deliveryId')} as delivery_id, arg_max(${decimal('quantity')}, version) as quantity from ${of('control.QuantityAllocated.v1')} group by 1, 2
    ),
    allocated as (select lot_id, sum(quantity) as allocated from allocation group by lot_id),
    lot as (
      select lot_id, body->>'$.number' as number, body->>'$.itemId' as item_id, body->>'$.unit' as unit, body->>'$.site' as site, occurred_at as registered_at, quantity,
        quantity - accepted - rejected - consumed as pending, accepted, rejected, consumed, released, least(coalesce(wanted, 0), quantity - consumed) as held, coalesce(allocated, 0) as allocated
      from each_lot join ledger using (lot_id) left join held using (lot_id) left join allocated using (lot_id) where type = 'control.LotRegistered.v1'
    )
    select lot_id, number, item_id, unit, site, registered_at,
      case when quantity = consumed then 'consumed' when released = quantity - consumed then 'released' when rejected <> 0 then 'rejected' when pending <> 0 then 'pending inspection'
        when released = 0 then 'accepted' else 'partly released' end as status,
      quantity, pending, accepted, rejected, consumed, held, greatest(accepted - held - released, 0) as free, released, allocated
    from lot`,
};
