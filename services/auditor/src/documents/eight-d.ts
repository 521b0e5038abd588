import { moment, placeOf, shortName, textOf } from '../recorded.js';
import type { SeenEvent } from '../recorded.js';
import type { EightDData } from './collect-eight-d.js';
import type { Signer } from './collect.js';
import { disciplineOf, disciplines, fieldsOf, meaningOf } from './disciplines.js';
import type { Discipline } from './disciplines.js';
import { markup } from './markup.js';
import type { Content, Markup } from './markup.js';
import { fieldList, page, recordedUpTo, shortHash, time } from './page.js';

interface Told {
  readonly service: string;
  readonly event: SeenEvent;
  /** 1 until the corrective action is reopened. */
  readonly round: number;
}

/** The 8D report of a corrective action as a printable page. The same events give the same bytes. */
export function eightD(data: EightDData): string {
  const told = everything(data);
  const rounds = 1 + reopenings(data).length;
  const closed = data.capa.some(({ type }) => type === 'assurance.CapaClosed.v1');
  const title = `8D report: ${problemOf(data)}`;
  const sections = disciplines.map((each) => section(each, told.filter(({ event }) => disciplineOf(event) === each.code), rounds, data));
  return page(title, markup`<header><h1>8D report</h1>
${summary(data, closed, rounds)}</header>
${sections}
${footer(told)}`);
}

function everything(data: EightDData): Told[] {
  const reopened = reopenings(data);
  const groups: readonly (readonly [string, readonly SeenEvent[]])[] = [
    ['assurance', data.capa], ['control', data.nonconformity], ['control', data.lot], ['analytics', data.exposure], ['planning', data.controlPlan],
  ];
  const told = groups.flatMap(([service, events]) => events.filter((event) => disciplineOf(event) !== undefined).map((event) => ({ service, event, round: roundOf(event, reopened) })));
  return told.toSorted((a, b) => a.event.meta.recordedAt.localeCompare(b.event.meta.recordedAt) || a.event.version - b.event.version);
}

const reopenings = ({ capa }: EightDData): readonly SeenEvent[] => capa.filter(({ type }) => type === 'assurance.CapaReopened.v1');

/** Of the corrective action's own events, the version tells; of others, when they became known. */
const roundOf = (event: SeenEvent, reopened: readonly SeenEvent[]): number =>
  1 + reopened.filter((each) => (event.stream === each.stream ? event.version > each.version : event.meta.recordedAt > each.meta.recordedAt)).length;

const problemOf = ({ capa, capaId }: EightDData): string => textOf(capa[0]?.data ?? {}, 'problem') ?? capaId;

function summary(data: EightDData, closed: boolean, rounds: number): Markup {
  const last = (type: string): SeenEvent | undefined => data.capa.findLast((event) => event.type === type);
  const due = textOf((last('assurance.CapaDueDateExtended.v1') ?? last('assurance.CapaOpened.v1'))?.data ?? {}, 'dueAt');
  const state = closed ? 'closed' : last('assurance.CapaDeclined.v1') ? 'declined' : last('assurance.CapaOpened.v1') ? 'open' : 'proposed';
  return fieldList([
    ['Problem', problemOf(data)], ['State', `${state}${last('assurance.CapaOverdue.v1') && !closed ? ', overdue' : ''}${rounds > 1 ? `, reopened ${rounds - 1} ${rounds === 2 ? 'time' : 'times'}` : ''}`],
    ['Lot number', textOf(data.nonconformity[0]?.data ?? {}, 'lotNumber')], ['Due', due === undefined ? undefined : time(due)],
    ['Corrective action', markup`<code>${data.capaId}</code>`],
  ]);
}

/** Those that a reopening asks for anew. */
const AGAIN = new Set(['D4', 'D5', 'D6']);

function section({ code, title, missing }: Discipline, told: readonly Told[], rounds: number, data: EightDData): Markup {
  const declined = data.capa.some(({ type }) => type === 'assurance.CapaDeclined.v1');
  const absent = declined ? 'Not applicable: the corrective action was declined.' : `Not yet. ${missing}`;
  const lacking = told.length === 0 ? absent : AGAIN.has(code) && !told.some(({ round }) => round === rounds) ? 'Not yet, since the corrective action was reopened.' : partly(code, told, rounds);
  return markup`<section aria-labelledby="${code}">
<h2 id="${code}">${code} ${title}</h2>
${told.map((each) => entry(each, rounds, data.signers))}${lacking === undefined ? undefined : markup`<p class="missing">${lacking}</p>\n`}</section>
`;
}

/** The second half of a discipline, where only the first is recorded. */
function partly(code: string, told: readonly Told[], rounds: number): string | undefined {
  const has = (name: string): boolean => told.some(({ event, round }) => round === rounds && event.type === name);
  if (code === 'D1' && !has('assurance.CapaOpened.v1') && !told.some(({ event }) => /Opened|Declined/.test(event.type))) return 'Not yet. Nobody has opened the corrective action and named a team.';
  if (code === 'D5' && !has('assurance.CapaPlanApproved.v1')) return 'Not yet. The plan has not been approved.';
  if (code === 'D6' && !has('assurance.EffectivenessVerified.v1')) return 'Not yet. The effect has not been verified.';
  return undefined;
}

function entry({ service, event, round }: Told, rounds: number, signers: EightDData['signers']): Markup {
  const heading = rounds > 1 && service === 'assurance' ? markup`<h3>Round ${round} of ${rounds}</h3>\n` : undefined;
  return markup`<article>
${heading}${fieldList(fieldsOf(event))}
${signature(service, event, signers[event.meta.commandId])}
</article>
`;
}

/** Who, as what, meaning what, when by both clocks, and what it can be checked by. */
function signature(service: string, event: SeenEvent, signer: Signer | undefined): Markup {
  const { meta, id } = event;
  return markup`<div class="signature"><strong>${signerText(meta.actor, signer)}</strong> ${meaningOf(event)}.
True from ${time(meta.occurredAt)}, known from ${time(meta.recordedAt)}${meta.reason === undefined ? undefined : markup`; reason: ${meta.reason}`}${marks(event)}.<br>
${shortName(event.type)}, <code>${placeOf(service, event)}</code>, event <code>${id}</code>, SHA-256 <code>${shortHash(event)}</code></div>`;
}

/** What stands in place of a name that may not be seen, or was erased. */
const unreadable: readonly string[] = ['[personal]', '[erased]'];

function signerText(actor: string, signer: Signer | undefined): string {
  if (actor.startsWith('system:')) return `The platform (${actor})`;
  const name = signer?.name === undefined || unreadable.includes(signer.name) ? undefined : signer.name;
  const roles = signer?.roles ?? [];
  return `${name === undefined ? actor : `${name} (${actor})`}${roles.length > 0 ? `, ${roles.join(', ')},` : ''}`;
}

const marks = ({ meta }: SeenEvent): Content => (meta.provenance?.length ? ` (${meta.provenance.join(', ')})` : undefined);

function footer(told: readonly Told[]): Markup {
  const upTo = recordedUpTo(told.map(({ event }) => event));
  return markup`<footer><p>Written from ${told.length} recorded events${upTo === undefined ? undefined : `, known up to ${moment(upTo)} UTC`}. Each can be read and explained by its id or place: touchstone why.
The hash is the beginning of the SHA-256 over the canonical JSON (RFC 8785) of the event's body as its reader may see it.</p></footer>
`;
}
