import type { Evidence } from './evidence.js';
import type { IngestOperation, Violation } from './history.js';

/** Foreign events: taken in once by their id, answered as they are stored, a call as a whole or not at all. */
export const checkIngest = (evidence: Evidence): Violation[] => [...takenInTwice(evidence), ...evidence.ingests.flatMap((operation) => checkCall(evidence, operation))];

function takenInTwice({ askers }: Evidence): Violation[] {
  return [...askers].flatMap(([id, asked]): Violation[] => {
    const taken = asked.filter(({ operation, answer }) => operation.kind === 'ingest' && answer === 'appended');
    if (taken.length < 2) return [];
    return [{ kind: 'taken-in-twice', what: `foreign event ${id} was answered ${taken.length} times as new`, operations: taken.map(({ operation }) => operation.id) }];
  });
}

function checkCall(evidence: Evidence, operation: IngestOperation): Violation[] {
  const { id, events, outcome } = operation;
  const found: Violation[] = [];
  if (outcome.status === 'unknown') {
    const own = events.filter((event) => evidence.askers.get(event.id)?.length === 1);
    const count = own.filter((event) => evidence.byId.has(event.id)).length;
    if (count > 0 && count < own.length) found.push({ kind: 'half-stored', what: `${count} of the ${own.length} foreign events of one call are stored`, operations: [id] });
  }
  if (outcome.status !== 'ingested') return found;
  events.forEach((event, index) => {
    const answer = outcome.results[index];
    const stored = evidence.byId.get(event.id);
    const same = stored?.digest === event.digest && stored.stream === event.stream;
    if (!stored) found.push({ kind: 'acknowledged-lost', what: `foreign event ${event.id} was answered with ${answer}, and is not in the log`, operations: [id] });
    else if (answer === 'duplicate' && !(same && broughtBefore(evidence, operation, index))) {
      found.push({ kind: 'answer-unfounded', what: `foreign event ${event.id} was called a duplicate, and nobody had brought it so`, operations: [id] });
    } else if (answer === 'incident' && same) {
      found.push({ kind: 'answer-unfounded', what: `foreign event ${event.id} was called an incident, and stands in the log as it came`, operations: [id] });
    }
  });
  return found;
}

function broughtBefore({ history, askers, byId }: Evidence, operation: IngestOperation, index: number): boolean {
  const { events, answeredAt = Infinity } = operation;
  const id = events[index]?.id ?? '';
  if ((byId.get(id)?.seq ?? 0) <= history.before || events.findIndex((event) => event.id === id) < index) return true;
  return (askers.get(id) ?? []).some((asker) => asker.operation !== operation && (asker.answer === 'appended' || asker.answer === 'unknown') && asker.operation.begunAt < answeredAt);
}
