import { isUuid } from '@touchstone/kernel';
import { sideBySide, Unusable } from '../api.js';
import type { Api } from '../api.js';
import { textOf } from '../recorded.js';
import type { SeenEvent } from '../recorded.js';
import { eventsOf, listed } from './collect.js';
import { shortHash } from './page.js';

export interface TimelineEntry {
  readonly service: string;
  readonly event: SeenEvent;
  /** Of the whole body, where only a part of it is told here. */
  readonly hash?: string;
}

export interface TimelineData {
  readonly accountId: string;
  readonly entries: readonly TimelineEntry[];
  /** What could not be asked, in words. */
  readonly gaps: readonly string[];
}

interface Source {
  readonly service: string;
  readonly list: string;
  readonly what: string;
  /** Stream category, and the column of the list that holds its id. */
  readonly category: string;
  readonly id: string;
}

const sources: readonly Source[] = [
  { service: 'feedback', list: 'purchases', what: 'purchases', category: 'purchase', id: 'purchaseId' },
  { service: 'control', list: 'deliveries', what: 'deliveries', category: 'delivery', id: 'deliveryId' },
  { service: 'analytics', list: 'exposures', what: 'exposures', category: 'exposure', id: 'nonconformityId' },
  { service: 'feedback', list: 'complaints', what: 'complaints', category: 'complaint', id: 'complaintId' },
  { service: 'feedback', list: 'cases', what: 'cases', category: 'case', id: 'caseId' },
];

const WIDTH = 6;

/** Everything recorded about one account, in whatever service. Throws {@link Unusable} when nothing at all is. */
export async function collectTimeline(api: Api, accountId: string): Promise<TimelineData> {
  if (!isUuid(accountId)) throw new Unusable(`${accountId} is no account: give its UUID, as GET /feedback/accounts lists it`);
  const own = await sideBySide([['feedback', `account-${accountId}`], ['analytics', `loyalty-${accountId}`]] as const, WIDTH, async ([service, stream]) =>
    (await eventsOf(api, service, stream)).map((event) => ({ service, event })));
  const found = await sideBySide(sources, sources.length, (source) => about(api, source, accountId));
  const entries = [...own.flat(), ...found.flatMap((each) => each.entries)];
  if (entries.length === 0) throw new Unusable(`nothing is recorded about an account ${accountId}: GET /feedback/accounts lists them`);
  return { accountId, entries: entries.toSorted(inOrder), gaps: found.flatMap(({ gap }) => gap ?? []) };
}

async function about(api: Api, source: Source, accountId: string): Promise<{ entries: readonly TimelineEntry[]; gap?: string }> {
  const { service, list, category, id, what } = source;
  const rows = await listed(api, `/${service}/${list}`, `accountId=${accountId}`);
  if (rows === undefined) return { entries: [], gap: `The ${what} could not be asked for: ${service} lists none by account.` };
  const ids = [...new Set(rows.map((row) => textOf(row, id)).filter((each) => each !== undefined))];
  const histories = await sideBySide(ids, WIDTH, (each) => eventsOf(api, service, `${category}-${each}`));
  const entries = histories.flat().flatMap((event) => {
    if (event.type !== 'analytics.ExposureIdentified.v1') return [{ service, event }];
    const own = ofAccount(event, accountId);
    return own ? [{ service, event: own, hash: shortHash(event) }] : [];
  });
  return { entries };
}

/** An exposure names every account that was reached: one customer's page must not show another. */
function ofAccount(event: SeenEvent, accountId: string): SeenEvent | undefined {
  const accounts = Array.isArray(event.data['accounts']) ? (event.data['accounts'] as readonly Readonly<Record<string, unknown>>[]) : [];
  const own = accounts.filter((each) => each['accountId'] === accountId);
  return own.length === 0 ? undefined : { ...event, data: { ...event.data, accounts: own } };
}

const inOrder = (a: TimelineEntry, b: TimelineEntry): number =>
  a.event.meta.occurredAt.localeCompare(b.event.meta.occurredAt) || a.event.meta.recordedAt.localeCompare(b.event.meta.recordedAt) ||
  a.service.localeCompare(b.service) || a.event.stream.localeCompare(b.event.stream) || a.event.version - b.event.version;
