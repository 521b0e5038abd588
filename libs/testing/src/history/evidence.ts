import type { AppendOperation, History, IngestOperation, KeptCommand, LoggedEvent, ReadOperation } from './history.js';

/** A stored event with what the history says of its time: it came after `begunAt` and was there, for certain, at `knownAt`. */
export interface Placed extends LoggedEvent {
  readonly begunAt: number;
  readonly knownAt: number;
  /** The operations that may have written it; empty for what stood before. */
  readonly writers: readonly (AppendOperation | IngestOperation)[];
}

type Answer = AppendOperation['outcome']['status'] | 'duplicate' | 'incident';

interface Asker {
  readonly operation: AppendOperation | IngestOperation;
  readonly digest: string;
  readonly stream: string;
  readonly answer: Answer;
}

/** A history with its parts found quickly. */
export interface Evidence {
  readonly history: History;
  readonly appends: readonly AppendOperation[];
  readonly ingests: readonly IngestOperation[];
  readonly reads: readonly ReadOperation[];
  readonly stored: readonly Placed[];
  readonly byId: ReadonlyMap<string, Placed>;
  readonly bySeq: ReadonlyMap<number, Placed>;
  readonly byStream: ReadonlyMap<string, readonly Placed[]>;
  /** Who asked for an event, by its id. */
  readonly askers: ReadonlyMap<string, readonly Asker[]>;
  readonly byCommand: ReadonlyMap<string, readonly AppendOperation[]>;
  readonly kept: ReadonlyMap<string, KeptCommand>;
}

export function evidenceOf(history: History): Evidence {
  const { operations } = history;
  const appends = operations.filter((operation) => operation.kind === 'append');
  const ingests = operations.filter((operation) => operation.kind === 'ingest');
  const askers = Map.groupBy([...appends.flatMap(askersOfAppend), ...ingests.flatMap(askersOfIngest)], ({ id }) => id);
  const once = new Set<string>();
  const stored = history.stored.map((event) => {
    const again = once.has(event.id);
    once.add(event.id);
    return placed(event, history.before, askers.get(event.id) ?? [], again);
  });
  return {
    history, appends, ingests, stored, askers,
    reads: operations.filter((operation) => operation.kind === 'read'),
    byId: new Map(stored.toReversed().map((event) => [event.id, event])),
    bySeq: new Map(stored.map((event) => [event.seq, event])),
    byStream: Map.groupBy(stored, ({ stream }) => stream),
    byCommand: Map.groupBy(appends, ({ command }) => command.id),
    kept: new Map(history.commands.map((command) => [command.id, command])),
  };
}

const askersOfAppend = (operation: AppendOperation) =>
  operation.events.map(({ id, digest }) => ({ id, digest, operation, stream: operation.stream, answer: operation.outcome.status }));

function askersOfIngest(operation: IngestOperation) {
  const { outcome } = operation;
  return operation.events.map(({ id, digest, stream }, index) =>
    ({ id, digest, operation, stream, answer: outcome.status === 'ingested' ? outcome.results[index] ?? 'unknown' : outcome.status }));
}

function placed(event: LoggedEvent, before: number, askers: readonly Asker[], again: boolean): Placed {
  if (event.seq <= before) return { ...event, begunAt: -Infinity, knownAt: -Infinity, writers: [] };
  const writers = writersAmong(askers).map(({ operation }) => operation);
  const told = again ? [] : askers.filter((asker) => toldOf(asker, event)).map(({ operation }) => operation.answeredAt ?? Infinity);
  const begunAt = writers.length > 0 ? Math.min(...writers.map((writer) => writer.begunAt)) : -Infinity; // who wrote it is another violation
  return { ...event, writers, begunAt, knownAt: Math.min(...told) };
}

/** Who was told that he wrote it; else who was told nothing; else nobody that was allowed to. */
export function writersAmong(askers: readonly Asker[]): readonly Asker[] {
  const told = askers.filter(({ answer }) => answer === 'appended');
  return told.length > 0 ? told : askers.filter(({ answer }) => answer === 'unknown');
}

function toldOf({ operation, answer }: Asker, { seq }: LoggedEvent): boolean {
  if (operation.kind === 'ingest') return answer === 'appended' || answer === 'duplicate';
  const { outcome, events } = operation;
  const last = outcome.status === 'appended' ? outcome.seq : outcome.status === 'repeated' ? outcome.command.seq : 0;
  return last - events.length < seq && seq <= last;
}

/** The version at which a stream stood when the log had come to `seq`. */
export const versionAt = ({ byStream }: Evidence, stream: string, seq: number): number =>
  (byStream.get(stream) ?? []).findLast((event) => event.seq <= seq)?.version ?? 0;

/** The stored events of an append, as far as they are stored; in the order in which they were asked for. */
export const storedOf = ({ byId }: Evidence, { events }: AppendOperation): readonly Placed[] =>
  events.flatMap(({ id }) => byId.get(id) ?? []);

/** Acknowledged, and still there where the client was told. Whatever was lost or moved is a violation of its own. */
export function standing(evidence: Evidence, operation: AppendOperation): boolean {
  const { outcome, events, command } = operation;
  if (outcome.status !== 'appended' || !evidence.kept.has(command.id)) return false;
  return events.every(({ id }, index) => evidence.byId.get(id)?.seq === outcome.seq - events.length + index + 1);
}

/** Some of many numbers, for words. */
export const some = (numbers: readonly (number | string)[]): string =>
  numbers.length <= 8 ? numbers.join(', ') : `${numbers.slice(0, 8).join(', ')} … (${numbers.length} in all)`;
