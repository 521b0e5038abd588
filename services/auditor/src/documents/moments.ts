/** What each event means in the story of a customer: its kind, and a sentence. */
import { moment, shortName, textOf, valueText } from '../recorded.js';
import type { SeenEvent } from '../recorded.js';

export const kinds = ['bought', 'promised', 'received', 'exposed', 'said', 'answered', 'assessed', 'known'] as const;
export type Kind = (typeof kinds)[number];

type Say = (text: (name: string) => string, data: SeenEvent['data']) => string;

const yes = (text: string, whenTrue: string, whenFalse: string): string => (text === 'true' ? whenTrue : whenFalse);

const moments: Readonly<Record<string, readonly [Kind, Say]>> = {
  'feedback.AccountRegistered.v1': ['known', (text) => `Became known as ${text('name')}.`],
  'feedback.ShipToAdded.v1': ['known', (text) => `A place to ship to was added: ${text('label')}, ${text('country')}.`],
  'feedback.ContactAdded.v1': ['known', (text) => `A contact was added: ${text('name')}.`],
  'feedback.PurchaseRecorded.v1': ['bought', (text) => `Bought ${text('units')} units for ${text('amount')} ${text('currency')} (${text('source')} ${text('externalId')}).`],
  'control.DeliveryPlanned.v1': ['promised', (text) => `Ordered ${text('quantity')} (order ${text('orderId')}, line ${text('line')}), wanted by ${moment(text('requestedFor'))}; promised for ${moment(text('confirmedFor'))}.`],
  'control.DeliveryReconfirmed.v1': ['promised', (text) => `The date became ${moment(text('confirmedFor'))}, ${yes(text('requestedByCustomer'), 'as the customer wished', 'not by the customer\'s wish')}.`],
  'control.DeliveryDispatched.v1': ['received', (text) => `${text('quantity')} of lot ${text('lotId')} left for the customer.`],
  'control.DeliveryArrived.v1': ['received', (text) => `Received ${text('quantity')} of lot ${text('lotId')}, ${yes(text('onTime'), 'on time', 'late')} (promised for ${moment(text('promisedFor'))}) and ${yes(text('inFull'), 'in full', 'not in full')}.`],
  'analytics.ExposureIdentified.v1': ['exposed', (text, data) => `Had received quantity of a lot with a ${text('severity')} nonconformity: ${quantities(data)} of lot ${text('lotId')}.`],
  'feedback.ComplaintReceived.v1': ['said', (text, data) => `Complained by ${text('channel')}: ${text('category')}.${data['text'] === undefined ? '' : ` “${text('text')}”`}`],
  'feedback.SatisfactionStated.v1': ['said', (text) => `Would recommend: ${text('score')} of 10.`],
  'feedback.ComplaintAcknowledged.v1': ['answered', (text) => `The complaint was acknowledged, ${yes(text('inTime'), 'in time', 'late')}.`],
  'feedback.ComplaintAssessed.v1': ['answered', (text) => `The complaint was assessed: ${text('severity')}, about ${text('about')}, with ${text('team')}.`],
  'feedback.ComplaintResponded.v1': ['answered', (text) => `Was answered, ${yes(text('inTime'), 'in time', 'late')}: ${text('response')}`],
  'feedback.ComplaintResolved.v1': ['answered', (text) => `The complaint was resolved: ${text('recovery')}. The customer ${yes(text('customerAgrees'), 'agrees', 'does not agree')}.`],
  'feedback.ComplaintEscalated.v1': ['answered', (text) => `The complaint was escalated: ${text('why')}.`],
  'feedback.ComplaintClosed.v1': ['answered', (text) => `The complaint was closed: ${text('outcome')}.`],
  'feedback.CaseOpened.v1': ['answered', (text) => `A case was opened (${text('kind')}): ${text('subject')}, first action due ${moment(text('dueAt'))}.`],
  'feedback.CaseActionRecorded.v1': ['answered', (text) => `Something was done: ${text('action')}`],
  'feedback.CaseOverdue.v1': ['answered', () => 'The first action was not recorded by its date.'],
  'feedback.CaseClosed.v1': ['answered', (text) => `The case was closed: ${text('outcome')}; cause: ${text('rootCause')}.`],
  'analytics.LoyaltyAssessed.v1': ['assessed', (_text, data) => assessment(data)],
};

export const kindOf = ({ type }: SeenEvent): Kind => moments[type]?.[0] ?? 'known';

/** In one sentence; an event nobody has words for is told by its fields. */
export function sentenceOf({ type, data }: SeenEvent): string {
  const say = moments[type]?.[1];
  return say ? say((name) => textOf(data, name) ?? '–', data) : `${shortName(type)}: ${valueText(data)}`;
}

function quantities(data: SeenEvent['data']): string {
  const accounts = Array.isArray(data['accounts']) ? (data['accounts'] as readonly Readonly<Record<string, unknown>>[]) : [];
  return accounts.map((each) => `${valueText(each['quantity'])} by delivery ${valueText(each['deliveryId'])}`).join(', ') || '–';
}

const member = (data: SeenEvent['data'], name: string): SeenEvent['data'] => {
  const value = data[name];
  return typeof value === 'object' && value !== null ? (value as SeenEvent['data']) : {};
};

/** Exposure, promises and satisfaction stay apart, each with what it rests on; only the policy draws a conclusion. */
function assessment(data: SeenEvent['data']): string {
  const [exposure, promises, satisfaction, repeat, policy] = ['exposure', 'promiseKeeping', 'satisfaction', 'repeatPurchase', 'policy'].map((name) => member(data, name));
  const of = (from: SeenEvent['data'] | undefined, name: string): string | undefined => textOf(from ?? {}, name);
  const interval = of(promises, 'rate') === undefined ? ', too few for a rate' : `, ${of(promises, 'rate')} (95 %: ${of(promises, 'lower') ?? '–'} to ${of(promises, 'upper') ?? '–'})`;
  const before = textOf(data, 'previousRisk');
  return [
    `Risk of leaving: ${textOf(data, 'churnRisk') ?? '–'}${before === undefined ? '' : ` (before: ${before})`}.`,
    `Exposures: ${of(exposure, 'count') ?? '–'}, weight ${of(exposure, 'weight') ?? '–'}.`,
    `Promises kept: ${of(promises, 'kept') ?? '–'} of ${of(promises, 'due') ?? '–'}${interval}.`,
    `Satisfaction: ${of(satisfaction, 'n') === '0' ? 'never stated' : `${of(satisfaction, 'latest') ?? '–'} of 10, stated ${of(satisfaction, 'n') ?? '–'} times`}.`,
    `Purchases after the first: ${of(repeat, 'frequency') ?? '–'}.`,
    `By policy ${of(policy, 'id') ?? '–'} version ${of(policy, 'version') ?? '–'}, rules ${valueText(data['fired'] ?? '–')}.`,
  ].join(' ');
}
