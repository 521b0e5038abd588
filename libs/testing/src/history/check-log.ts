import type { Evidence } from './evidence.js';
import { some, storedOf, writersAmong } from './evidence.js';
import type { AppendOperation, Violation } from './history.js';

/** What is stored at the end against what was asked for and acknowledged. */
export const checkLog = (evidence: Evidence): Violation[] =>
  [...shape(evidence), ...origins(evidence), ...acknowledged(evidence), ...[...evidence.byCommand.values()].flatMap((group) => wholeOrNot(evidence, group))];

function shape({ stored, byStream }: Evidence): Violation[] {
  const found: Violation[] = [];
  const writersOf = (...events: readonly ((typeof stored)[number] | undefined)[]) => events.flatMap((event) => event?.writers.map(({ id }) => id) ?? []);
  stored.forEach((event, index) => {
    const last = stored[index - 1];
    if (event.seq !== (last?.seq ?? 0) + 1) found.push({ kind: 'seq-gap', what: `seq ${last?.seq ?? 0} is followed by ${event.seq}`, operations: writersOf(last, event) });
  });
  for (const [stream, events] of byStream) {
    events.forEach((event, index) => {
      const last = events[index - 1];
      if (event.version === (last?.version ?? 0) + 1) return;
      found.push({ kind: 'version-gap', what: `${stream}: version ${last?.version ?? 0} is followed by ${event.version}`, operations: writersOf(last, event) });
    });
  }
  return found;
}

/** Each stored event was asked for, once, with these bytes, by somebody who was not refused. */
function origins({ history, stored, askers }: Evidence): Violation[] {
  const found: Violation[] = [];
  for (const [id, events] of Map.groupBy(stored, (event) => event.id)) {
    const [first] = events;
    const asked = askers.get(id) ?? [];
    const operations = asked.map(({ operation }) => operation.id);
    if (events.length > 1) found.push({ kind: 'event-stored-twice', what: `event ${id} is stored at seq ${some(events.map(({ seq }) => seq))}`, operations });
    if (!first || first.seq <= history.before) continue;
    const writers = writersAmong(asked);
    if (asked.length === 0) found.push({ kind: 'stored-unasked', what: `nobody asked for event ${id} at seq ${first.seq}`, operations });
    else if (writers.length === 0 && asked.every(({ answer }) => answer !== 'repeated' && answer !== 'duplicate' && answer !== 'incident')) {
      found.push({ kind: 'refused-but-stored', what: `event ${id} is stored at seq ${first.seq}, and who asked for it was told ${asked.map(({ answer }) => answer).join(', ')}`, operations });
    } else if (writers.length > 0 && !writers.some(({ digest, stream }) => digest === first.digest && stream === first.stream)) {
      found.push({ kind: 'bytes-changed', what: `event ${id} at seq ${first.seq} of ${first.stream} is not what was asked for`, operations });
    }
  }
  return found;
}

/** Acknowledged is stored, at the place that was told. */
function acknowledged(evidence: Evidence): Violation[] {
  return evidence.appends.flatMap((operation): Violation[] => {
    const { id, outcome, events, stream, command } = operation;
    if (outcome.status !== 'appended') return [];
    const found = storedOf(evidence, operation);
    const kept = evidence.kept.get(command.id);
    if (found.length < events.length || !kept) {
      const missing = [...(found.length < events.length ? [`${events.length - found.length} of ${events.length} events`] : []), ...(kept ? [] : ['the command'])].join(' and ');
      return [{ kind: 'acknowledged-lost', what: `the append to ${stream} was answered with seq ${outcome.seq}, and ${missing} are not in the log`, operations: [id] }];
    }
    const last = found.at(-1);
    const place = last ?? { seq: kept.seq, version: outcome.version, stream: kept.stream };
    if (place.seq === outcome.seq && place.version === outcome.version && place.stream === stream) return [];
    return [{
      kind: 'acknowledged-elsewhere', operations: [id],
      what: `the append to ${stream} was answered with seq ${outcome.seq} and version ${outcome.version}; stored is seq ${place.seq}, version ${place.version} of ${place.stream}`,
    }];
  });
}

/** Of a command all is stored, events in one piece, or nothing. */
function wholeOrNot(evidence: Evidence, group: readonly AppendOperation[]): Violation[] {
  const [first] = group;
  if (!first) return [];
  const kept = evidence.kept.has(first.command.id);
  const operations = group.map(({ id }) => id);
  const half = (what: string): Violation => ({ kind: 'half-stored', what: `command ${first.command.id}: ${what}`, operations });
  const candidates = group.filter(({ outcome }) => outcome.status === 'appended' || outcome.status === 'unknown');
  for (const operation of candidates) {
    const found = storedOf(evidence, operation);
    const wanted = operation.events.length;
    if (found.length > 0 && found.length < wanted && operation.outcome.status === 'unknown') return [half(`${found.length} of ${wanted} events are stored`)];
    const torn = found.some((event, index) => index > 0 && event.seq !== (found[index - 1]?.seq ?? 0) + 1);
    if (found.length === wanted && torn) return [half(`its events stand apart, at seq ${some(found.map(({ seq }) => seq))}`)];
  }
  if (candidates.some(({ outcome }) => outcome.status === 'appended') || candidates.length === 0) return [];
  const whole = candidates.some((operation) => operation.events.length > 0 && storedOf(evidence, operation).length === operation.events.length);
  if (whole && !kept) return [half('its events are stored, the command is not')];
  if (kept && !whole && candidates.every(({ events }) => events.length > 0)) return [half('the command is stored, its events are not')];
  return [];
}
