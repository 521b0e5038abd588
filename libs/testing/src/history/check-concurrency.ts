import type { Evidence, Placed } from './evidence.js';
import { standing, versionAt } from './evidence.js';
import type { AppendOperation, Violation } from './history.js';

/**
 * Optimistic concurrency, linearizable: the order of `seq` must be an order in which the appends could have happened one after
 * the other, each between its question and its answer, with each client's expectation true at its place (Herlihy and Wing 1990).
 */
export function checkConcurrency(evidence: Evidence): Violation[] {
  const done = evidence.appends.filter((operation) => standing(evidence, operation));
  return [
    ...done.flatMap((operation) => expectations(evidence, operation)), ...sameVersionTwice(done), ...claimsTwice(evidence),
    ...againstTime(evidence), ...done.flatMap((operation) => emptyAgainstTime(evidence, operation)),
    ...evidence.appends.flatMap((operation) => refusals(evidence, operation)),
  ];
}

function expectations(evidence: Evidence, { id, stream, expectedVersion, events, guard, outcome }: AppendOperation): Violation[] {
  if (outcome.status !== 'appended') return [];
  const found: Violation[] = [];
  const { seq, version } = outcome;
  if (expectedVersion !== 'any' && version !== expectedVersion + events.length) {
    found.push({ kind: 'expected-version-ignored', what: `${events.length} events on ${stream} expected version ${expectedVersion} and were answered with ${version}`, operations: [id] });
  } else if (events.length === 0 && versionAt(evidence, stream, seq) !== version) {
    found.push({ kind: 'expected-version-ignored', what: `${stream} was said to stand at version ${version} at seq ${seq}, and stood at ${versionAt(evidence, stream, seq)}`, operations: [id] });
  }
  const guarded = guard && versionAt(evidence, guard.stream, seq - events.length);
  if (guard && guarded !== guard.version) {
    found.push({ kind: 'guard-ignored', what: `the append to ${stream} wanted ${guard.stream} at version ${guard.version}, and it stood at ${guarded}`, operations: [id] });
  }
  return found;
}

function sameVersionTwice(done: readonly AppendOperation[]): Violation[] {
  const wanting = done.filter(({ events, expectedVersion }) => events.length > 0 && expectedVersion !== 'any');
  return [...Map.groupBy(wanting, ({ stream, expectedVersion }) => `${stream} at version ${expectedVersion}`)].flatMap(([place, operations]): Violation[] => {
    if (operations.length < 2) return [];
    return [{ kind: 'same-version-twice', what: `${operations.length} acknowledged appends expected ${place}`, operations: operations.map(({ id }) => id) }];
  });
}

function claimsTwice({ appends, kept }: Evidence): Violation[] {
  const holders = new Map<string, Map<string, number>>();
  for (const { id, claims = [], outcome, command } of appends) {
    if (outcome.status !== 'appended' || !kept.has(command.id)) continue;
    for (const claim of claims) holders.set(claim, (holders.get(claim) ?? new Map<string, number>()).set(command.id, id));
  }
  return [...holders].flatMap(([claim, of]): Violation[] =>
    (of.size < 2 ? [] : [{ kind: 'claim-given-twice', what: `${claim} was given to ${of.size} commands`, operations: [...of.values()] }]));
}

/** For each place, the event behind it (or on it) that was known first. */
function knownFirst(stored: readonly Placed[]): (Placed | undefined)[] {
  const first: (Placed | undefined)[] = [];
  for (let index = stored.length - 1; index >= 0; index -= 1) {
    const [event, next] = [stored[index], first[index + 1]];
    first[index] = next && event && next.knownAt <= event.knownAt ? next : event;
  }
  return first;
}

/** What was known before an append began lies before it. */
function againstTime({ stored }: Evidence): Violation[] {
  const first = knownFirst(stored);
  return stored.flatMap((event, index): Violation[] => {
    const behind = first[index + 1];
    if (!behind || behind.knownAt >= event.begunAt) return [];
    return [{
      kind: 'order-against-time', operations: [...behind.writers, ...event.writers].map(({ id }) => id),
      what: `seq ${behind.seq} was known before the append of seq ${event.seq} began, and lies behind it`,
    }];
  });
}

/** A command without events has its place too: at the seq that it was answered with. */
function emptyAgainstTime({ stored }: Evidence, { id, events, outcome, begunAt, answeredAt = Infinity }: AppendOperation): Violation[] {
  if (events.length > 0 || outcome.status !== 'appended') return [];
  const wrong = stored.find(({ seq, ...event }) => (seq > outcome.seq ? event.knownAt < begunAt : event.begunAt > answeredAt));
  if (!wrong) return [];
  const what = wrong.seq > outcome.seq ? `seq ${wrong.seq} was known before it began` : `the append of seq ${wrong.seq} began after it was answered`;
  return [{ kind: 'order-against-time', what: `a command without events was placed at seq ${outcome.seq}, and ${what}`, operations: [id, ...wrong.writers.map((writer) => writer.id)] }];
}

/** A conflict or a taken name is an answer like another: it must have been so at some moment before the client was told. */
function refusals(evidence: Evidence, operation: AppendOperation): Violation[] {
  const { id, stream, expectedVersion, guard, outcome, command, answeredAt = Infinity } = operation;
  if (outcome.status === 'conflict') {
    const founded = expectedVersion !== 'any' && outcome.version !== expectedVersion && couldStandAt(evidence, stream, outcome.version, operation);
    const byGuard = guard && outcome.version !== guard.version && couldStandAt(evidence, guard.stream, outcome.version, operation);
    if (founded || byGuard) return [];
    return [{ kind: 'conflict-unfounded', what: `an append to ${stream} that expected version ${expectedVersion} was refused for version ${outcome.version}, where it cannot have stood`, operations: [id] }];
  }
  if (outcome.status !== 'claimed' || evidence.history.before > 0) return [];
  const holders = evidence.appends.filter((other) => other.command.id !== command.id && evidence.kept.has(other.command.id) && other.begunAt < answeredAt && other.claims?.includes(outcome.claim));
  if (holders.some((other) => other.outcome.status === 'appended' || other.outcome.status === 'unknown')) return [];
  return [{ kind: 'answer-unfounded', what: `${outcome.claim} was said to be taken, and nobody had it`, operations: [id] }];
}

/** Whether a stream may have stood at a version at some moment of an operation. */
function couldStandAt({ byStream }: Evidence, stream: string, version: number, { begunAt, answeredAt = Infinity }: AppendOperation): boolean {
  const events = byStream.get(stream) ?? [];
  const lowest = events.findLast((event) => event.knownAt < begunAt)?.version ?? 0;
  const highest = events.findLast((event) => event.begunAt < answeredAt)?.version ?? 0;
  return lowest <= version && version <= highest;
}
