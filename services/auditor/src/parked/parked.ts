/** `touchstone parked`: what no consumer could take, in any service, and what a person decides about it. */
import type { Api } from '../api.js';
import { ApiFault, Unusable } from '../api.js';

export interface ParkedEvent {
  readonly service: string;
  readonly consumer: string;
  readonly stream: string;
  readonly eventId: string;
  readonly position: number;
  /** As received, JSON text. */
  readonly event: string;
  readonly error: string;
  readonly attempts: number;
  readonly firstSeen: string;
  readonly state: 'parked' | 'replayed' | 'discarded';
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly reason: string | null;
}

export interface ParkedCount {
  readonly service: string;
  readonly consumer: string;
  readonly state: ParkedEvent['state'];
  readonly count: number;
  readonly streams: number;
  readonly oldest: string;
}

export interface ParkedWish {
  readonly service?: string;
  readonly consumer?: string;
  readonly stream?: string;
  readonly state: ParkedEvent['state'] | 'any';
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

export interface ParkedPage {
  readonly counts: readonly ParkedCount[];
  readonly items: readonly ParkedEvent[];
  readonly next?: string;
}

export interface Decision {
  readonly service: string;
  readonly consumer: string;
  readonly stream: string;
  readonly decision: 'replayed' | 'discarded';
  readonly dryRun: boolean;
  /** What was decided, or would be, in the order of the stream. */
  readonly eventIds: readonly string[];
  readonly failed?: { readonly eventId: string; readonly error: string };
  readonly left: number;
}

/** The service in which a page ended, and its own cursor. */
const BETWEEN = ':';
const MOST_ROUNDS = 1_000;
const MOST_OF_ONE_PAGE = 500;

/** One page over all services, in their order. */
export async function listParked(api: Api, { service, cursor, limit, ...wish }: ParkedWish): Promise<ParkedPage> {
  const services = service === undefined ? await api.services() : [await known(api, service)];
  const [from, after] = placeIn(cursor, services);
  const counts = (await Promise.all(services.map(async (each) =>
    ((await api.get(`/${each}/parked/counts`)) as { items: readonly Omit<ParkedCount, 'service'>[] }).items.map((count) => ({ service: each, ...count }))))).flat()
    .filter(({ consumer, state }) => (wish.consumer === undefined || consumer === wish.consumer) && (wish.state === 'any' || state === wish.state));
  const items: ParkedEvent[] = [];
  for (let at = from, inside = after; at < services.length; at += 1, inside = undefined) {
    const each = services[at] ?? '';
    const page = await pageOf(api, each, { ...wish, limit: limit - items.length, ...(inside !== undefined && { after: inside }) });
    items.push(...page.items);
    if (page.next !== undefined) return { counts, items, next: `${each}${BETWEEN}${page.next}` };
    if (items.length >= limit && at + 1 < services.length) return { counts, items, next: `${services[at + 1] ?? ''}${BETWEEN}` };
  }
  return { counts, items };
}

/** The event; it may have been parked by several consumers. */
export async function showParked(api: Api, service: string, eventId: string): Promise<ParkedEvent[]> {
  const { items } = await pageOf(api, await known(api, service), { eventId, state: 'any', limit: 50 });
  if (items.length === 0) throw new Unusable(`${service} has never parked an event ${eventId}: touchstone parked list --service ${service} --state any`);
  return [...items];
}

export interface DecisionWish {
  readonly service: string;
  readonly consumer: string;
  /** A stream, or the id of an event. */
  readonly target: string;
  readonly decision: Decision['decision'];
  readonly reason: string;
  readonly dryRun: boolean;
}

/** All of the stream, however long it is: a service decides about so many in one request. */
export async function decideParked(api: Api, { service, consumer, target, decision, reason, dryRun }: DecisionWish): Promise<Decision> {
  await known(api, service);
  const isEvent = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(target);
  const ask = async (about: object) => (await api.post(`/${service}/parked/decisions`, { consumer, ...about, decision, why: reason, ...(dryRun && { dryRun }) })) as Answer;
  let answer = await stoppedOrDone(ask(isEvent ? { eventId: target.toLowerCase() } : { stream: target }));
  const eventIds = [...answer.eventIds];
  const goesOn = !dryRun && (decision === 'replayed' || !isEvent);
  for (let round = 1; goesOn && answer.failed === undefined && answer.left > 0 && answer.eventIds.length > 0 && round < MOST_ROUNDS; round += 1) {
    answer = await stoppedOrDone(ask({ stream: answer.stream }), answer);
    eventIds.push(...answer.eventIds);
  }
  return { service, ...answer, decision, dryRun, eventIds };
}

type Answer = Omit<Decision, 'service' | 'dryRun'>;

/** An event that fails still is where the replay stopped. That nothing is left of the stream is an error in the first request only. */
async function stoppedOrDone(asked: Promise<Answer>, before?: Answer): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    if (error.status === 404 && before) return { ...before, eventIds: [], left: 0 };
    if (error.status === 404 || error.code === 'NOT_FIRST_PARKED') throw new Unusable(error.detail);
    if (error.code !== 'PARKED_STILL_FAILS') throw error;
    const { consumer, stream, failed, left } = error.body as Answer;
    return { consumer, stream, decision: 'replayed', eventIds: [], failed, left };
  }
}

async function known(api: Api, service: string): Promise<string> {
  const services = await api.services();
  if (!services.includes(service)) throw new Unusable(`there is no service ${service}: there are ${services.join(', ')}`);
  return service;
}

function placeIn(cursor: string | undefined, services: readonly string[]): [number, string | undefined] {
  if (cursor === undefined) return [0, undefined];
  const at = services.indexOf(cursor.slice(0, cursor.indexOf(BETWEEN)));
  if (at < 0) throw new Unusable('--cursor must be the "next" of the page before, asked with the same filters');
  const inside = cursor.slice(cursor.indexOf(BETWEEN) + 1);
  return [at, inside === '' ? undefined : inside];
}

async function pageOf(api: Api, service: string, query: { consumer?: string; stream?: string; eventId?: string; state: string; limit: number; after?: string }): Promise<Omit<ParkedPage, 'counts'>> {
  const { consumer, stream, eventId, state, limit, after } = query;
  const wanted = Object.entries({ consumer, stream, eventId, state, limit: String(Math.min(MOST_OF_ONE_PAGE, limit)), after });
  const asked = new URLSearchParams(wanted.filter((pair): pair is [string, string] => pair[1] !== undefined));
  const { items, next } = (await api.get(`/${service}/parked?${asked.toString()}`)) as { items: readonly Omit<ParkedEvent, 'service'>[]; next?: string };
  return { items: items.map((item) => ({ service, ...item })), ...(next !== undefined && { next }) };
}
