import type { Append, AppendResult, ForeignEvent, NewEvent, StoredEvent } from '../store.js';

/** With what is indexed of an event's metadata beside it. */
export type Linked<T> = T extends Append ? Omit<Append, 'events'> & { readonly events: readonly Linked<NewEvent>[] } : T & { readonly causation: string; readonly correlation: string };

/** Throws when the metadata is no JSON: before the event shares a call with others. */
export function linked<E extends NewEvent>(event: E): E & { readonly causation: string; readonly correlation: string } {
  const { causationId, correlationId } = JSON.parse(event.meta) as { causationId: string; correlationId: string };
  return { ...event, causation: causationId, correlation: correlationId };
}

/** Events of one command mostly share their metadata, which are then read once. */
export function linkedAppend(append: Append): Linked<Append> {
  let last: Linked<NewEvent> | undefined;
  return { ...append, events: append.events.map((event) => (last = last?.meta === event.meta ? { ...event, causation: last.causation, correlation: last.correlation } : linked(event))) };
}

/** True when these appends leave each other alone: no stream, command or claim occurs twice, and none guards what another writes. */
export function standAlone(appends: readonly Linked<Append>[]): boolean {
  const streams = new Set(appends.map(({ stream }) => stream));
  const claims = appends.flatMap((append) => append.claims ?? []);
  return streams.size === appends.length
    && new Set(appends.map(({ command }) => command.id)).size === appends.length
    && new Set(claims).size === claims.length
    && appends.every(({ guard, stream }) => !guard || (guard.stream !== stream && !streams.has(guard.stream)));
}

/** Arguments of a call, and the expressions that make the function's arrays of them; undefined when a text cannot travel this way. */
export interface Call {
  readonly expressions: readonly string[];
  readonly values: readonly unknown[];
}

/** A prepared statement, by its name. */
export interface Question {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** Stands between texts that travel as one; canonical JSON cannot hold it. Quoting an array's elements one by one would take longer than all else here. */
const BETWEEN = '\u001f';

type Column = { readonly texts: readonly string[] } | { readonly plain: readonly (string | number | null)[] };
const texts = (values: readonly string[]): Column => ({ texts: values });
/** Numbers, ids and nulls: nothing in them needs quotes. */
const plain = (values: readonly (string | number | null)[]): Column => ({ plain: values });

function callOf(columns: readonly Column[]): Call | undefined {
  const values = columns.map((column) => ('texts' in column ? column.texts.join(BETWEEN) : `{${column.plain.map((value) => value ?? 'null').join(',')}}`));
  const safe = columns.every((column, index) => ('texts' in column ? separable(column.texts, values[index] ?? '') : true));
  const expressions = columns.map((column, index) => ('texts' in column ? `string_to_array($${index + 1}, U&'\\001f')` : `$${index + 1}`));
  return safe ? { expressions, values } : undefined;
}

const separable = (values: readonly string[], joined: string): boolean =>
  (joined !== '' || values.length === 0) && !values.some((value) => value.includes(BETWEEN));

/** The arguments of `append_together`, in its order. */
export function togetherCall(appends: readonly Linked<Append>[]): Call | undefined {
  const claims = appends.flatMap(({ claims: names = [], command }) => names.map((name) => ({ name, command: command.id })));
  const guarded = appends.some(({ guard }) => guard) ? appends : [];
  let end = 0;
  return callOf([
    texts(appends.map(({ stream }) => stream)),
    plain(appends.map(({ expectedVersion }) => (expectedVersion === 'any' ? null : expectedVersion))),
    texts(guarded.map(({ guard, stream }) => guard?.stream ?? stream)), // an append without a guard has no guarded version either
    plain(guarded.map(({ guard }) => guard?.version ?? null)),
    plain(appends.map(({ command }) => command.id)),
    plain(appends.map(({ events: added }) => (end += added.length))),
    texts(appends.map(({ command }) => command.bodyHash)),
    texts(appends.map(({ command }) => command.answer)),
    texts(appends.map(({ command }) => command.record)),
    texts(claims.map(({ name }) => name)),
    plain(claims.map(({ command }) => command)),
    ...eventColumns(appends),
  ]);
}

/** Metadata go once for all neighbours that share them; a cause that is the command itself goes not at all. */
function eventColumns(appends: readonly Linked<Append>[]): Column[] {
  const events = appends.flatMap(({ events: added }) => added);
  const [owners, nths, contexts]: [number[], number[], number[]] = [[], [], []];
  const metas: string[] = [];
  const [causations, correlations]: [(string | null)[], (string | null)[]] = [[], []];
  appends.forEach(({ events: added, command }, index) => {
    added.forEach(({ meta, causation, correlation }, nth) => {
      if (nth === 0 || meta !== metas.at(-1)) {
        metas.push(meta);
        causations.push(causation === command.id ? null : causation);
        correlations.push(correlation === command.id ? null : correlation);
      }
      owners.push(index + 1);
      nths.push(nth + 1);
      contexts.push(metas.length);
    });
  });
  const linksOf = (ids: readonly (string | null)[]): Column => plain(ids.some((id) => id !== null) ? ids : []);
  return [
    plain(owners), plain(nths), plain(events.map(({ id }) => id)), texts(events.map(({ type }) => type)), texts(events.map(({ body }) => body)),
    plain(contexts), texts(metas), linksOf(causations), linksOf(correlations),
  ];
}

/** The arguments of `ingest_together`, in its order. `consumers`: of each event who may have parked it, or none at all. */
export const ingestCall = (events: readonly Linked<ForeignEvent>[], consumers: readonly string[]): Call | undefined => callOf([
  texts(events.map(({ stream }) => stream)), ...columnsOf(events), texts(events.map(({ topic }) => topic)), plain(events.map(({ offset = null }) => offset)), texts(consumers),
]);

/** What is asked with a call: of those who may be alone, each with its flush in the same round trip. */
export const append = ({ expressions, values }: Call): Question => ({ name: 'append-together', text: `select head, versions from append_together(${expressions.join(', ')})`, values: [...values] });
export const appendAndFlush = ({ expressions, values }: Call): Question => ({ name: 'append-and-flush', text: `call append_and_flush(${expressions.join(', ')}, null, null)`, values: [...values] });
export const ingest = ({ expressions, values }: Call): Question => ({ name: 'ingest-together', text: `select head, versions from ingest_together(${expressions.join(', ')})`, values: [...values] });
export const ingestAndFlush = ({ expressions, values }: Call): Question => ({ name: 'ingest-and-flush', text: `call ingest_and_flush(${expressions.join(', ')}, null, null)`, values: [...values] });

/** What each append is told, from where the log and each stream stood. */
export function togetherResults(appends: readonly Linked<Append>[], head: number, versions: readonly number[]): AppendResult[] {
  let seq = head;
  return appends.map(({ events }, index) => ({ status: 'appended', version: (versions[index] ?? 0) + events.length, seq: (seq += events.length) }));
}

/** What they wrote, as it is read from the log. */
export const writtenBy = (appends: readonly Linked<Append>[], head: number, versions: readonly number[]): StoredEvent[] =>
  appends.flatMap(({ stream, events }, index) => events.map((event, nth) => ({ event, stream, version: (versions[index] ?? 0) + nth + 1 })))
    .map(({ event, stream, version }, index) => storedEvent(event, stream, head + index + 1, version));

export const storedEvent = ({ id, type, body, meta }: NewEvent, stream: string, seq: number, version: number): StoredEvent => ({ seq, id, stream, version, type, body, meta });

const columnsOf = (events: readonly Linked<NewEvent>[]): Column[] => [
  plain(events.map(({ id }) => id)), texts(events.map(({ type }) => type)), plain(events.map(({ causation }) => causation)),
  plain(events.map(({ correlation }) => correlation)), texts(events.map(({ body }) => body)), texts(events.map(({ meta }) => meta)),
];
