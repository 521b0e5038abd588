import type { Append, AppendResult, ForeignEvent, NewEvent } from '../store.js';

/** With what is indexed of an event's metadata beside it. */
export type Linked<T> = T extends Append ? Omit<Append, 'events'> & { readonly events: readonly Linked<NewEvent>[] } : T & { readonly causation: string; readonly correlation: string };

/** Throws when the metadata is no JSON: before the event shares a call with others. */
export function linked<E extends NewEvent>(event: E): E & { readonly causation: string; readonly correlation: string } {
  const { causationId, correlationId } = JSON.parse(event.meta) as { causationId: string; correlationId: string };
  return { ...event, causation: causationId, correlation: correlationId };
}

export const linkedAppend = (append: Append): Linked<Append> => ({ ...append, events: append.events.map(linked) });

/** True when these appends leave each other alone: no stream, command or claim occurs twice, and none guards what another writes. */
export function standAlone(appends: readonly Linked<Append>[]): boolean {
  const streams = new Set(appends.map(({ stream }) => stream));
  const claims = appends.flatMap((append) => append.claims ?? []);
  return streams.size === appends.length
    && new Set(appends.map(({ command }) => command.id)).size === appends.length
    && new Set(claims).size === claims.length
    && appends.every(({ guard, stream }) => !guard || (guard.stream !== stream && !streams.has(guard.stream)));
}

/** The arguments of `append_together`, in its order. */
export function togetherArguments(appends: readonly Linked<Append>[]): unknown[] {
  const claims = appends.flatMap(({ claims: names = [], command }) => names.map((name) => ({ name, command: command.id })));
  const events = appends.flatMap(({ events: added }, index) => added.map((event, nth) => ({ event, owner: index + 1, nth: nth + 1 })));
  let upto = 0;
  return [
    appends.map(({ stream }) => stream),
    appends.map(({ expectedVersion }) => (expectedVersion === 'any' ? null : expectedVersion)),
    appends.map(({ guard }) => guard?.stream ?? null),
    appends.map(({ guard }) => guard?.version ?? null),
    appends.map(({ events: added }) => (upto += added.length)),
    appends.map(({ command }) => command.id),
    appends.map(({ command }) => command.bodyHash),
    appends.map(({ command }) => command.answer),
    appends.map(({ command }) => command.record),
    claims.map(({ name }) => name),
    claims.map(({ command }) => command),
    events.map(({ owner }) => owner),
    events.map(({ nth }) => nth),
    ...columnsOf(events.map(({ event }) => event)),
  ];
}

/** The arguments of `ingest_together`, in its order. */
export const ingestArguments = (events: readonly Linked<ForeignEvent>[]): unknown[] =>
  [events.map(({ stream }) => stream), ...columnsOf(events), events.map(({ topic }) => topic), events.map(({ offset }) => offset)];

/** What each append is told, from where the log and each stream stood. */
export function togetherResults(appends: readonly Linked<Append>[], head: number, versions: readonly number[]): AppendResult[] {
  let seq = head;
  return appends.map(({ events }, index) => ({ status: 'appended', version: (versions[index] ?? 0) + events.length, seq: (seq += events.length) }));
}

const columnsOf = (events: readonly Linked<NewEvent>[]): unknown[] => [
  events.map(({ id }) => id), events.map(({ type }) => type), events.map(({ causation }) => causation), events.map(({ correlation }) => correlation),
  events.map(({ body }) => body), events.map(({ meta }) => meta),
];
