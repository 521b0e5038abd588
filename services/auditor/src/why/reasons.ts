/**
 * `touchstone why`: why an event is in a log, or a command was refused, and what came of it in all services. Everything is read
 * from the logs themselves; nothing is guessed.
 */
import { isUuid } from '@touchstone/kernel';
import type { Fact } from '@touchstone/kernel';
import type { PolicyDecision } from '@touchstone/decisions';
import { ApiFault, found, sideBySide, Unusable } from '../api.js';
import type { Api } from '../api.js';
import { onlyAnswer, placeNamed } from '../locate.js';
import { asEvents, placeOf } from '../recorded.js';
import type { SeenEvent } from '../recorded.js';
import { causes } from './causes.js';
import type { Consequences } from './causes.js';

/** The command as it was recorded with its events. */
export interface RecordedCommand {
  readonly stream: string;
  readonly version: number;
  readonly decider: { readonly name: string; readonly version: number };
  readonly command: Readonly<Record<string, unknown>> & { readonly type: string };
  readonly actor: { readonly id: string; readonly name?: string; readonly roles: readonly string[] };
  readonly facts: Readonly<Record<string, Fact>>;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly reason?: string;
  readonly provenance?: readonly string[];
}

export interface Reasons {
  readonly service: string;
  readonly event: SeenEvent;
  /** Missing where its service could not tell it. */
  readonly command?: RecordedCommand;
  readonly together: readonly SeenEvent[];
  /** Set when the command was refused: the rule, and on which values. */
  readonly refusal?: { readonly command: string; readonly code: string; readonly details: Readonly<Record<string, unknown>> };
  /** Decisions of policies among the facts, by name of the fact. */
  readonly policies: Readonly<Record<string, PolicyDecision>>;
  /** What it follows from, nearest first. */
  readonly because: readonly { readonly service: string; readonly event: SeenEvent }[];
  readonly consequences: Consequences;
}

interface Explained {
  readonly service: string;
  readonly event: SeenEvent;
  readonly command?: RecordedCommand;
  readonly together: readonly SeenEvent[];
}

const MAX_CAUSES = 8;

export async function readReasons(api: Api, name: string): Promise<Reasons> {
  const services = await api.services();
  const { service, event, command, together } = await explained(api, services, name);
  const because = await chainOfCauses(api, services, event);
  const consequences = await causes(api, services, event);
  const refusal = refusalIn(event);
  return { service, event, ...(command && { command }), together, ...(refusal && { refusal }), policies: policiesIn(command), because, consequences };
}

/** `<stream>@<version>`, with or without its service, or the id of an event. */
async function explained(api: Api, services: readonly string[], name: string): Promise<Explained> {
  if (isUuid(name)) {
    const explanation = await byId(api, services, name);
    if (!explanation) throw new Unusable(`no service knows an event ${name}: ids of events stand in the history of their stream (touchstone history)`);
    return explanation;
  }
  const [, whole = '', version = ''] = /^(.+)@([1-9]\d{0,8})$/.exec(name) ?? [];
  if (whole === '') throw new Unusable(`${name} names no event: give <stream>@<version>, e.g. lot-<lotId>@3, or the id of an event`);
  const place = placeNamed(whole, services);
  const { answer } = await onlyAnswer(name, place.services, (each) => api.get(`/${each}/why?stream=${encodeURIComponent(place.stream)}&version=${version}`));
  return explainedIn(answer);
}

/** The explanation by the service whose event it is; others only know that it happened. Undefined when nobody knows it. */
async function byId(api: Api, services: readonly string[], id: string): Promise<Explained | undefined> {
  const answers = await sideBySide(services, services.length, async (service) => found(api.get(`/${service}/why/${id}`)));
  const known = answers.filter((answer) => answer !== undefined).map(explainedIn);
  return known.find(({ command }) => command !== undefined) ?? known[0];
}

function explainedIn(answer: unknown): Explained {
  const { service, event, command, together } = answer as Partial<Explained>;
  if (service === undefined || event === undefined) throw new ApiFault('ANSWER_UNREADABLE', 'the explanation names no event: is the platform of the same release?');
  return { service, event, ...(command && { command }), together: asEvents(together) };
}

async function chainOfCauses(api: Api, services: readonly string[], event: SeenEvent): Promise<Reasons['because']> {
  const chain: { service: string; event: SeenEvent }[] = [];
  for (let at = event; chain.length < MAX_CAUSES && at.meta.causationId !== at.meta.commandId; ) {
    const cause = await byId(api, services, at.meta.causationId);
    if (!cause) break; // it followed from something that is no event, e.g. a command that somebody sent on
    chain.push({ service: cause.service, event: cause.event });
    at = cause.event;
  }
  return chain;
}

function refusalIn({ type, data }: SeenEvent): Reasons['refusal'] {
  const { command, code, details } = data;
  if (type !== 'CommandRefused' || typeof command !== 'string' || typeof code !== 'string') return undefined;
  return { command, code, details: (details ?? {}) as Readonly<Record<string, unknown>> };
}

function policiesIn(command: RecordedCommand | undefined): Record<string, PolicyDecision> {
  const decisions = Object.entries(command?.facts ?? {}).map(([name, { value }]) => [name, value] as const);
  return Object.fromEntries(decisions.filter((entry): entry is [string, PolicyDecision] => isPolicyDecision(entry[1])));
}

function isPolicyDecision(value: unknown): value is PolicyDecision {
  const { policy, fired, resultHash } = (typeof value === 'object' && value !== null ? value : {}) as Partial<PolicyDecision>;
  return typeof policy?.sha256 === 'string' && Array.isArray(fired) && typeof resultHash === 'string';
}

/** Where the event stands, by a name that `touchstone why` takes again. */
export const nameOf = ({ service, event }: { readonly service: string; readonly event: SeenEvent }): string => placeOf(service, event);
