import type { View } from './view.js';
import { decimal, of, text } from './view.js';

export const customers: View = {
  name: 'customers',
  meaning: 'An account, as its events leave it: what it bought, received and said. Who its contacts are stays encrypted in the events.',
  columns: {
    account_id: 'the account', name: 'of the company; a private customer has a pseudonym', external_source: 'system that knows him too', external_id: 'his id there',
    registered_at: 'since when', ship_tos: 'places delivered to', contacts: 'people who speak for it', satisfaction: 'score stated last, 0 to 10', scores: 'scores stated',
    purchases: 'purchases recorded', last_purchase_at: 'the latest of them', deliveries: 'dispatched to it', complaints: 'received from it',
  },
  select: `
    with account as (
      select ${text('accountId')} as account_id, any_value(${text('name')}) filter (type = 'feedback.AccountRegistered.v1') as name,
        any_value(${text('externalSource')}) as external_source, any_value(${text('externalId')}) as external_id,
        min(occurred_at) filter (type = 'feedback.AccountRegistered.v1') as registered_at,
        count(*) filter (type = 'feedback.ShipToAdded.v1') as ship_tos, count(*) filter (type = 'feedback.ContactAdded.v1') as contacts,
        arg_max((body->>'$.score')::int, version) filter (type = 'feedback.SatisfactionStated.v1') as satisfaction,
        count(*) filter (type = 'feedback.SatisfactionStated.v1') as scores
      from ${of('feedback.AccountRegistered.v1', 'feedback.ShipToAdded.v1', 'feedback.ContactAdded.v1', 'feedback.SatisfactionStated.v1')} group by 1
    ),
    purchase as (select ${text('accountId')} as account_id, count(*) as purchases, max(occurred_at) as last_purchase_at from ${of('feedback.PurchaseRecorded.v1')} group by 1),
    delivery as (select ${text('accountId')} as account_id, count(*) as deliveries from ${of('control.DeliveryDispatched.v1')} group by 1),
    complaint as (select ${text('accountId')} as account_id, count(*) as complaints from ${of('feedback.ComplaintReceived.v1')} group by 1)
    select account_id, name, external_source, external_id, registered_at, ship_tos, contacts, satisfaction, scores,
      coalesce(purchases, 0) as purchases, last_purchase_at, coalesce(deliveries, 0) as deliveries, coalesce(complaints, 0) as complaints
    from account left join purchase using (account_id) left join delivery using (account_id) left join complaint using (account_id)
    where registered_at is not null`,
};

export const purchases: View = {
  name: 'purchases',
  meaning: 'A purchase, as the system of the shop tells of it.',
  columns: { purchase_id: 'the purchase', account_id: 'who bought', purchased_at: 'when', units: 'bought, in pieces', amount: 'paid, in currency', currency: 'ISO 4217 code', source: 'system that tells of it' },
  select: `
    select ${text('purchaseId')} as purchase_id, ${text('accountId')} as account_id, occurred_at as purchased_at, ${decimal('units')} as units, ${decimal('amount')} as amount,
      ${text('currency')} as currency, ${text('source')} as source
    from ${of('feedback.PurchaseRecorded.v1')}`,
};

export const complaints: View = {
  name: 'complaints',
  meaning: 'A complaint, as its events leave it. What the customer said stays encrypted in the events.',
  columns: {
    complaint_id: 'the complaint', account_id: 'whose it is; the unassigned account when nobody could be named', channel: 'how it came in', category: 'what it is about, as filed',
    lot_id: 'the lot that it is about', delivery_id: 'the delivery that it is about', status: 'received, acknowledged, assessed, responded, resolved, or how it was closed',
    severity: 'as assessed last', about: 'what it was assessed to be about', team: 'who looks after it', customer_agrees: 'whether the customer agreed to the resolution', escalated: 'whether it was',
    received_at: 'when it came in', acknowledge_by: '2 days after receipt', respond_by: '10 days after receipt', closed_at: 'when it was closed',
  },
  // An assessment counts as a status only while nothing but the acknowledgement came before it.
  select: `
    with each_complaint as (
      select ${text('complaintId')} as complaint_id, version, body, occurred_at, type[19:-4] as what
      from ${of(...['Received', 'Acknowledged', 'Assessed', 'Responded', 'Resolved', 'Escalated', 'Closed'].map((what) => `feedback.Complaint${what}.v1`))}
    ),
    folded as (
      select complaint_id, any_value(body) filter (what = 'Received') as received, min(occurred_at) filter (what = 'Received') as received_at,
        arg_max(what, version) filter (what not in ('Assessed', 'Escalated')) as step, max(version) filter (what = 'Acknowledged') as acknowledged, max(version) filter (what = 'Assessed') as assessed,
        arg_max(body, version) filter (what = 'Assessed') as assessment, arg_max(body, version) filter (what = 'Resolved') as resolution,
        arg_max(body, version) filter (what = 'Closed') as closing, max(occurred_at) filter (what = 'Closed') as closed_at, count(*) filter (what = 'Escalated') > 0 as escalated
      from each_complaint group by complaint_id
    )
    select complaint_id, received->>'$.accountId' as account_id, received->>'$.channel' as channel, received->>'$.category' as category, received->>'$.lotId' as lot_id,
      received->>'$.deliveryId' as delivery_id,
      case when step = 'Closed' then closing->>'$.outcome' when step = 'Acknowledged' and assessed > acknowledged then 'assessed' else lower(step) end as status,
      assessment->>'$.severity' as severity, assessment->>'$.about' as about, assessment->>'$.team' as team, (resolution->>'$.customerAgrees')::boolean as customer_agrees, escalated,
      received_at, (received->>'$.acknowledgeBy')::timestamptz as acknowledge_by, (received->>'$.respondBy')::timestamptz as respond_by, closed_at
    from folded where received is not null`,
};

export const deliveries: View = {
  name: 'deliveries',
  meaning: 'A delivery: one line of an order, from one lot. What was promised and what became of it.',
  columns: {
    delivery_id: 'the delivery', order_id: 'order of the customer', line: 'of the order, from 1', account_id: 'who ordered', lot_id: 'the lot that it is taken from', item_id: 'what the lot is of',
    status: 'planned, allocated, dispatched or arrived', quantity: 'ordered, in the unit of the lot', requested_for: 'when the customer wanted it', first_confirmed_for: 'the first date confirmed',
    last_confirmed_for: 'the date confirmed last', promised_for: 'the promise that holds', dispatched_at: 'when it left', arrived_at: 'when it arrived', arrived_quantity: 'that arrived, in the unit of the lot',
    on_time: 'whether it arrived by the promise', in_full: 'whether all of it arrived',
  },
  // What is set aside is told by the lot, all else by the delivery; both are in one log, whose order is seq.
  select: `
    with each_delivery as (
      select ${text('deliveryId')} as delivery_id, seq, type, body, occurred_at
      from ${of('control.DeliveryPlanned.v1', 'control.DeliveryReconfirmed.v1', 'control.QuantityAllocated.v1', 'control.DeliveryDispatched.v1', 'control.DeliveryArrived.v1')}
    ),
    folded as (
      select delivery_id, any_value(body) filter (type = 'control.DeliveryPlanned.v1') as planned, min(seq) filter (type = 'control.DeliveryPlanned.v1') as planned_seq,
        arg_max(body, seq) filter (type = 'control.DeliveryReconfirmed.v1') as reconfirmed, arg_max(type, seq) filter (type <> 'control.DeliveryReconfirmed.v1') as last_type,
        max(occurred_at) filter (type = 'control.DeliveryDispatched.v1') as dispatched_at, max(occurred_at) filter (type = 'control.DeliveryArrived.v1') as arrived_at,
        arg_max(body, seq) filter (type = 'control.DeliveryArrived.v1') as arrival
      from each_delivery group by delivery_id
    )
    select delivery_id, planned->>'$.orderId' as order_id, (planned->>'$.line')::int as line, planned->>'$.accountId' as account_id, planned->>'$.lotId' as lot_id, planned->>'$.itemId' as item_id,
      case last_type when 'control.DeliveryPlanned.v1' then 'planned' when 'control.QuantityAllocated.v1' then 'allocated' when 'control.DeliveryDispatched.v1' then 'dispatched' else 'arrived' end as status,
      (planned->>'$.quantity')::decimal(38, 12) as quantity, (planned->>'$.requestedFor')::timestamptz as requested_for, (planned->>'$.confirmedFor')::timestamptz as first_confirmed_for,
      coalesce(reconfirmed->>'$.confirmedFor', planned->>'$.confirmedFor')::timestamptz as last_confirmed_for,
      coalesce(reconfirmed->>'$.promisedFor', planned->>'$.confirmedFor')::timestamptz as promised_for,
      dispatched_at, arrived_at, (arrival->>'$.quantity')::decimal(38, 12) as arrived_quantity, (arrival->>'$.onTime')::boolean as on_time, (arrival->>'$.inFull')::boolean as in_full
    from folded where planned is not null`,
};

export const loyaltyOverTime: View = {
  name: 'loyalty_over_time',
  meaning: 'An assessment of an account: what was known then, told apart, and what the policy in force made of it.',
  columns: {
    event_id: 'the event, for `touchstone why`', account_id: 'the account', assessed_at: 'when', because: 'event, month or command: what led to it', churn_risk: 'as the policy answered',
    previous_risk: 'of the assessment before', open_case: 'whether the policy wanted somebody to look after the account', exposures: 'deliveries of lots with a nonconformity, of 180 days',
    exposure_weight: 'of these, weighted by severity', promises_kept: 'of those due: arrived on time and in full', promises_due: 'deliveries promised within 365 days', promise_rate: 'kept ÷ due, 0 to 1; null below 3 due',
    complaints_received: 'ever', complaints_open: 'still open', burden: 'weight of what has gone wrong for the account', satisfaction: 'score stated last, 0 to 10', satisfaction_mean: 'of all scores',
    scores: 'scores stated', repeat_purchases: 'purchases after the first', recency_days: 'whole days since the last purchase', policy_version: 'version of the policy that decided',
  },
  select: `
    select id as event_id, ${text('accountId')} as account_id, occurred_at as assessed_at, ${text('because')} as because, ${text('churnRisk')} as churn_risk, ${text('previousRisk')} as previous_risk,
      (body->>'$.openCase')::boolean as open_case, (body->>'$.exposure.count')::int as exposures, ${decimal('exposure.weight')} as exposure_weight,
      (body->>'$.promiseKeeping.kept')::int as promises_kept, (body->>'$.promiseKeeping.due')::int as promises_due, ${decimal('promiseKeeping.rate')} as promise_rate,
      (body->>'$.complaints.received')::int as complaints_received, (body->>'$.complaints.open')::int as complaints_open, ${decimal('complaints.burden')} as burden,
      (body->>'$.satisfaction.latest')::int as satisfaction, ${decimal('satisfaction.mean')} as satisfaction_mean, (body->>'$.satisfaction.n')::int as scores,
      (body->>'$.repeatPurchase.frequency')::int as repeat_purchases, (body->>'$.repeatPurchase.recencyDays')::int as recency_days, (body->>'$.policy.version')::int as policy_version,
      seq
    from ${of('analytics.LoyaltyAssessed.v1')}`,
};

export const loyalty: View = {
  name: 'loyalty',
  meaning: 'The last assessment of an account.',
  columns: loyaltyOverTime.columns,
  select: `select * from loyalty_over_time qualify row_number() over (partition by account_id order by seq desc) = 1`,
};

export const exposures: View = {
  name: 'exposures',
  meaning: 'One delivery of a lot with a nonconformity: what an account was exposed to.',
  columns: {
    nonconformity_id: 'the nonconformity', delivery_id: 'the delivery', account_id: 'who received it', lot_id: 'the lot', severity: 'minor, major or critical', quantity: 'dispatched, in the unit of the lot',
    identified_at: 'when it was known',
  },
  select: `
    select body->>'$.nonconformityId' as nonconformity_id, each->>'$.deliveryId' as delivery_id, each->>'$.accountId' as account_id, body->>'$.lotId' as lot_id,
      body->>'$.severity' as severity, (each->>'$.quantity')::decimal(38, 12) as quantity, occurred_at as identified_at
    from (select body, occurred_at, unnest((body->'$.accounts')::json[]) as each from ${of('analytics.ExposureIdentified.v1')})`,
};

