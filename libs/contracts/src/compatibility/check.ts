import type { Upcaster } from '@touchstone/kernel';
import { NOTICE_DAYS } from '../define-event.js';
import type { Deprecation } from '../define-event.js';
import type { AnyPublicEvent, Json, JsonSchema } from '../published-schema.js';
import { familyOf, frozenSchema, versionOf } from '../published-schema.js';
import type { Narrowing } from './narrowings.js';
import { inShort, narrowings, same } from './narrowings.js';
import type { Finding } from './rules.js';
import { isBridged } from './rules.js';

/** One line of the record of releases. Lines are only ever added. */
export type Release =
  | { readonly kind: 'version'; readonly on: string; readonly type: string; readonly schema: JsonSchema; readonly samples: readonly Json[] }
  | { readonly kind: 'samples'; readonly on: string; readonly type: string; readonly samples: readonly Json[] }
  | ({ readonly kind: 'notice'; readonly on: string; readonly type: string } & Deprecation);

/** What the sources declare today: a `Catalogue`. */
export interface Declared {
  readonly events: readonly AnyPublicEvent[];
  readonly upcasters: readonly Upcaster[];
  /** Whether events of the type still come on its topic: written, or made from its successor. */
  isPublished(type: string): boolean;
  /** Throws when the body is not as declared. */
  check(event: { readonly type: string; readonly data: unknown }): void;
}

/** Everything the declared contracts break of what was released. `today` as an ISO 8601 date, UTC. */
export function checkReleases(releases: readonly Release[], declared: Declared, today: string): Finding[] {
  const versions = releases.filter((each) => each.kind === 'version');
  return [
    ...versions.flatMap(({ type, schema }) => frozen(type, schema, declared)),
    ...releases.flatMap((each) => (each.kind === 'notice' ? [] : samplesKept(each.type, each.samples, declared))),
    ...families(declared).flatMap((versionsOfOne) => family(versionsOfOne, declared)),
    ...declared.events.flatMap((event) => (event.deprecated ? notice(event.type, event.deprecated, releases, declared, today) : [])),
    ...versions.flatMap(({ type }) => withdrawn(type, declared, today)),
  ];
}

/** What the sources declare and the record of releases does not have yet. What is planned is not released: it may turn out otherwise. */
export function unreleased(releases: readonly Release[], { events }: Pick<Declared, 'events'>, on: string): Release[] {
  const known = new Set(releases.flatMap((each) => (each.kind === 'version' ? [each.type] : [])));
  return events.filter(({ planned }) => !planned).flatMap((event): Release[] => {
    const { type, deprecated } = event;
    const samples = JSON.parse(JSON.stringify(event.samples)) as Json[];
    const fresh = samples.filter((sample) => !releases.some((each) => each.kind !== 'notice' && each.type === type && each.samples.some((other) => same(other, sample))));
    const version = known.has(type) ? fresh.length > 0 && { kind: 'samples' as const, on, type, samples: fresh } : { kind: 'version' as const, on, type, schema: frozenSchema(event), samples };
    const told = deprecated && (!sameNotice(lastNotice(type, releases), deprecated) ? { kind: 'notice' as const, on, type, ...deprecated } : undefined);
    return [...(version ? [version] : []), ...(told ? [told] : [])];
  });
}

/** Differences that an upcaster takes up between a version and each older one: what a consumer does who reads both. */
export function bridged(type: string, { events, upcasters }: Pick<Declared, 'events' | 'upcasters'>): (Narrowing & { readonly from: string })[] {
  const newer = events.find((event) => event.type === type);
  const older = events.filter((event) => familyOf(event.type) === familyOf(type) && versionOf(event.type) < versionOf(type));
  return older.flatMap((event) => (newer && way(event.type, type, upcasters) ? narrowings(frozenSchema(event), frozenSchema(newer)).map((each) => ({ ...each, from: event.type })) : []));
}

function frozen(type: string, released: JsonSchema, { events }: Declared): Finding[] {
  const event = events.find((each) => each.type === type);
  if (!event) return [{ rule: 'VERSION_REMOVED', of: type, at: '', message: 'its contract is gone; logs and topics hold its events for ever' }];
  return differences(released, frozenSchema(event)).map(({ at, was, is }) =>
    ({ rule: 'RELEASED_VERSION_EDITED', of: type, at, message: `was ${inShort(was)}, is ${inShort(is)}: leave it as it was released, and add version ${versionOf(type) + 1}` }));
}

/** Where two schemas differ, by the pointers of the keywords. */
export function differences(before: Json, now: Json, at = ''): { at: string; was?: Json; is?: Json }[] {
  if (same(before, now)) return [];
  if (!isObject(before) || !isObject(now)) return [{ at, was: before, is: now }];
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((name) => {
    const [was, is] = [before[name], now[name]];
    if (was === undefined || is === undefined) return [{ at: `${at}/${name}`, ...(was !== undefined && { was }), ...(is !== undefined && { is }) }];
    return differences(was, is, `${at}/${name}`);
  });
}

const isObject = (value: Json): value is { readonly [name: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value);

function samplesKept(type: string, samples: readonly Json[], { events }: Declared): Finding[] {
  const event = events.find((each) => each.type === type);
  const kept = event ? (JSON.parse(JSON.stringify(event.samples)) as Json[]) : samples;
  return samples.filter((sample) => !kept.some((each) => same(each, sample)))
    .map((sample) => ({ rule: 'SAMPLE_REMOVED', of: type, at: '/examples', message: `the sample ${inShort(sample)} is gone or was edited` }));
}

const families = ({ events }: Declared): AnyPublicEvent[][] =>
  [...Map.groupBy(events, ({ type }) => familyOf(type)).values()].map((all) => all.toSorted((a, b) => versionOf(a.type) - versionOf(b.type)));

function family(all: readonly AnyPublicEvent[], declared: Declared): Finding[] {
  return all.flatMap((newer, index): Finding[] => {
    const number = versionOf(newer.type);
    const skipped: Finding[] = number === index + 1 ? [] : [{ rule: 'VERSION_SKIPPED', of: newer.type, at: '', message: `version ${index + 1} is missing` }];
    return [...skipped, ...all.slice(0, index).flatMap((older) => between(older, newer, declared))];
  });
}

/** A reader of `newer` must be able to read all of `older`: as it is, or upcast. */
function between(older: AnyPublicEvent, newer: AnyPublicEvent, declared: Declared): Finding[] {
  const moved: Finding[] = older.stream === newer.stream ? [] : [{ rule: 'STREAM_CHANGED', of: newer.type, at: '/x-stream', message: `${older.type} is in ${older.stream}, this in ${newer.stream}` }];
  const upcasters = way(older.type, newer.type, declared.upcasters);
  const found = narrowings(frozenSchema(older), frozenSchema(newer)).filter(({ rule }) => !upcasters || !isBridged(rule));
  return [
    ...moved,
    ...found.map((each) => ({ ...each, of: newer.type, message: `${each.message} (against ${older.type}${upcasters ? '' : ', from which no upcaster leads here'})` })),
    ...(upcasters ? brokenUpcasts(older, newer, upcasters, declared) : []),
  ];
}

function brokenUpcasts(older: AnyPublicEvent, newer: AnyPublicEvent, upcasters: readonly Upcaster[], declared: Declared): Finding[] {
  return older.samples.flatMap((sample, index): Finding[] => {
    try {
      declared.check({ type: newer.type, data: upcasters.reduce((data: unknown, { upcast }) => upcast(data), sample) });
      return [];
    } catch (error) {
      return [{ rule: 'UPCAST_BROKEN', of: newer.type, at: '', message: `sample ${index + 1} of ${older.type}: ${error instanceof Error ? error.message : String(error)}` }];
    }
  });
}

/** The upcasters from one version to another; nothing when there is no way. */
function way(from: string, to: string, upcasters: readonly Upcaster[]): readonly Upcaster[] | undefined {
  const steps: Upcaster[] = [];
  for (let at = from; at !== to;) {
    const step = upcasters.find((each) => each.from === at);
    if (!step || steps.includes(step)) return undefined;
    steps.push(step);
    at = step.to;
  }
  return steps;
}

const DAY_MS = 86_400_000;
/** Days since 1970-01-01 of an ISO date; NaN for what is none. */
const dayOf = (date: string): number => (/^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) / DAY_MS : NaN);

function notice(type: string, told: Deprecation, releases: readonly Release[], { events }: Declared, today: string): Finding[] {
  const { since, until, successor } = told;
  const known = events.some((event) => event.type === successor) && successor !== type && (familyOf(successor) !== familyOf(type) || versionOf(successor) > versionOf(type));
  const days = dayOf(until) - dayOf(since);
  if (!known || Number.isNaN(days)) {
    return [{ rule: 'NOTICE_UNSOUND', of: type, at: '/x-deprecation', message: known ? `${since} to ${until} are no days of the calendar` : `${successor} is no newer event` }];
  }
  const before = lastNotice(type, releases);
  const fresh = !sameNotice(before, told);
  const finding = (rule: Finding['rule'], message: string): Finding => ({ rule, of: type, at: '/x-deprecation', message });
  return [
    ...(days < NOTICE_DAYS ? [finding('NOTICE_TOO_SHORT', `${days} days from ${since} to ${until}; ${NOTICE_DAYS} are promised`)] : []),
    ...(fresh && before === undefined && since < today ? [finding('NOTICE_BACKDATED', `begins on ${since}, and is not released on ${today}`)] : []),
    ...(before && until < before.until ? [finding('NOTICE_SHORTENED', `until ${until}; ${before.until} was promised`)] : []),
  ];
}

const lastNotice = (type: string, releases: readonly Release[]): Deprecation | undefined =>
  releases.flatMap((each) => (each.kind === 'notice' && each.type === type ? [each] : [])).at(-1);
const sameNotice = (a: Deprecation | undefined, b: Deprecation): boolean => a?.since === b.since && a.until === b.until && a.successor === b.successor;

function withdrawn(type: string, declared: Declared, today: string): Finding[] {
  const event = declared.events.find((each) => each.type === type);
  if (!event || declared.isPublished(type)) return [];
  if (!event.deprecated) return [{ rule: 'WITHDRAWN_WITHOUT_NOTICE', of: type, at: '/x-deprecation', message: `nobody publishes it any more; say so ${NOTICE_DAYS} days before` }];
  const { until } = event.deprecated;
  return today > until ? [] : [{ rule: 'WITHDRAWN_BEFORE_UNTIL', of: type, at: '/x-deprecation', message: `nobody publishes it any more, and it was promised up to ${until}` }];
}
