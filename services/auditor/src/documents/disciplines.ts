/** The eight disciplines, and which recorded events are told under each. */
import { textOf, valueText } from '../recorded.js';
import type { SeenEvent } from '../recorded.js';
import { time } from './page.js';
import type { Field } from './page.js';

export interface Discipline {
  readonly code: string;
  readonly title: string;
  /** Said when nothing of it is recorded. */
  readonly missing: string;
}

export const disciplines = [
  { code: 'D1', title: 'Team', missing: 'Nobody has opened the corrective action and named a team.' },
  { code: 'D2', title: 'Problem', missing: 'The problem has not been described.' },
  { code: 'D3', title: 'Containment', missing: 'No containment has been recorded.' },
  { code: 'D4', title: 'Root cause', missing: 'No root cause has been confirmed.' },
  { code: 'D5', title: 'Chosen corrective actions', missing: 'No actions have been planned.' },
  { code: 'D6', title: 'Implemented corrective actions and their effect', missing: 'Nothing has been implemented.' },
  { code: 'D7', title: 'Prevention of recurrence', missing: 'Nothing has been changed to prevent recurrence.' },
  { code: 'D8', title: 'Recognition of the team', missing: 'The corrective action has not been closed.' },
] as const satisfies readonly Discipline[];

export type DisciplineCode = (typeof disciplines)[number]['code'];

interface Telling {
  readonly under: DisciplineCode;
  /** What the signer vouches for by the event. */
  readonly meaning: string;
  /** Fields shown: label and name in the event's body. */
  readonly fields: readonly (readonly [label: string, name: string])[];
}

const tellings: Readonly<Record<string, Telling>> = {
  'assurance.CapaOpened.v1': { under: 'D1', meaning: 'opened the corrective action', fields: [['Owner', 'owner'], ['Team', 'team'], ['Due', 'dueAt']] },
  'assurance.CapaDeclined.v1': { under: 'D1', meaning: 'declined the corrective action', fields: [['Rationale', 'rationale']] },
  'assurance.CapaDueDateExtended.v1': { under: 'D1', meaning: 'extended the due date', fields: [['Due until then', 'was'], ['Due now', 'dueAt'], ['Reason', 'reason']] },
  'assurance.CapaOverdue.v1': { under: 'D1', meaning: 'found the due date missed', fields: [['Due', 'dueAt']] },
  'assurance.CapaProposed.v1': { under: 'D2', meaning: 'proposed the corrective action', fields: [['Problem', 'problem'], ['Proposed because of', 'why'], ['Characteristic', 'characteristicId'], ['Item', 'itemId'], ['Lot', 'lotId'], ['Nonconformity', 'nonconformityId']] },
  'control.NonconformityReported.v1': { under: 'D2', meaning: 'reported the nonconformity', fields: [['Requirement not met', 'requirement'], ['Lot number', 'lotNumber'], ['Quantity', 'quantity'], ['Severity', 'severity'], ['Found by', 'source']] },
  'control.NonconformityVoided.v1': { under: 'D2', meaning: 'voided the nonconformity', fields: [['Reason', 'reason']] },
  'assurance.ContainmentRecorded.v1': { under: 'D3', meaning: 'recorded containment', fields: [['Actions', 'actions']] },
  'control.NonconformityContained.v1': { under: 'D3', meaning: 'contained the nonconformity', fields: [['Actions', 'actions']] },
  'control.QuantityHeld.v1': { under: 'D3', meaning: 'held quantity of the lot', fields: [['Quantity', 'quantity'], ['Reason', 'reason']] },
  'control.HoldLifted.v1': { under: 'D3', meaning: 'lifted a hold', fields: [['Quantity', 'quantity'], ['Reason', 'reason']] },
  'control.DispositionDecided.v1': { under: 'D3', meaning: 'decided the disposition', fields: [['Disposition', 'disposition'], ['Quantity', 'quantity'], ['Rationale', 'rationale'], ['Customer\'s consent', 'customerConsent']] },
  'analytics.ExposureIdentified.v1': { under: 'D3', meaning: 'identified who had received the lot', fields: [['Severity', 'severity']] },
  'assurance.RootCauseConfirmed.v1': { under: 'D4', meaning: 'confirmed the root cause', fields: [['Root cause', 'rootCause'], ['Method', 'method']] },
  'assurance.CapaPlanned.v1': { under: 'D5', meaning: 'planned the actions and fixed how their effect will be judged', fields: [] },
  'assurance.CapaPlanApproved.v1': { under: 'D5', meaning: 'approved the plan', fields: [['Counts from', 'approvedAt']] },
  'assurance.CapaImplemented.v1': { under: 'D6', meaning: 'implemented the actions', fields: [['Evidence', 'evidence'], ['Effect judged from', 'windowEndsAt']] },
  'assurance.EffectivenessVerified.v1': { under: 'D6', meaning: 'verified the effect', fields: [['Verdict', 'verdict'], ['Observed', 'observed'], ['Data', 'data'], ['Observed further until', 'windowEndsAt']] },
  'assurance.CapaReopened.v1': { under: 'D6', meaning: 'reopened the corrective action', fields: [] },
  'assurance.RecurrencePrevented.v1': { under: 'D7', meaning: 'recorded what prevents recurrence', fields: [['Measures', 'measures']] },
  'planning.CharacteristicNoted.v1': { under: 'D7', meaning: 'noted it on the control plan', fields: [['Characteristic', 'characteristicId'], ['Plan revision', 'revision'], ['Note', 'note']] },
  'assurance.CapaClosed.v1': { under: 'D8', meaning: 'closed the corrective action', fields: [['Recognition', 'recognition']] },
};

export const disciplineOf = ({ type }: SeenEvent): DisciplineCode | undefined => tellings[type]?.under;
export const meaningOf = ({ type }: SeenEvent): string => tellings[type]?.meaning ?? type;

/** What an event says, for people. */
export function fieldsOf(event: SeenEvent): Field[] {
  const { type, data } = event;
  const plain = (tellings[type]?.fields ?? []).map(([label, name]): Field => [label, named(name, data)]);
  if (type === 'assurance.CapaPlanned.v1') return planned(data);
  if (type === 'analytics.ExposureIdentified.v1') return [...plain, ...exposed(data)];
  return plain;
}

function named(name: string, data: SeenEvent['data']): Field[1] {
  const value = data[name];
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return time(value);
  return value === undefined ? undefined : valueText(value);
}

function planned(data: SeenEvent['data']): Field[] {
  const actions = Array.isArray(data['actions']) ? (data['actions'] as readonly Readonly<Record<string, unknown>>[]) : [];
  const { metric, comparison, threshold } = (data['criterion'] ?? {}) as Readonly<Record<string, unknown>>;
  const judged = metric === undefined ? undefined : `${valueText(metric)} ${valueText(comparison).replace('-', ' ')} ${valueText(threshold)}`;
  const days = textOf(data, 'windowDays');
  return [
    ...actions.map((each, index): Field => [`Action ${index + 1}`, `${valueText(each['action'])} (${valueText(each['owner'])})`]),
    ['Effective when', judged],
    ['Observed for', days === undefined ? undefined : `${days} days after implementation`],
  ];
}

function exposed(data: SeenEvent['data']): Field[] {
  const accounts = Array.isArray(data['accounts']) ? (data['accounts'] as readonly Readonly<Record<string, unknown>>[]) : [];
  return accounts.map((each): Field => ['Delivered to', `account ${valueText(each['accountId'])}: ${valueText(each['quantity'])}, by delivery ${valueText(each['deliveryId'])}`]);
}
