import type { Evidence } from './evidence.js';
import type { AppendOperation, KeptCommand, Violation } from './history.js';

/** The same command id is done once, and answered with the same answer whenever it is asked again. */
export const checkCommands = (evidence: Evidence): Violation[] =>
  [...evidence.byCommand].flatMap(([id, group]) => [...doneTwice(id, group), ...answers(evidence, id, group), ...askedLater(id, group)]);

const ids = (operations: readonly AppendOperation[]) => operations.map(({ id }) => id);
const having = (group: readonly AppendOperation[], ...statuses: readonly AppendOperation['outcome']['status'][]) => group.filter(({ outcome }) => statuses.includes(outcome.status));

function doneTwice(id: string, group: readonly AppendOperation[]): Violation[] {
  const done = having(group, 'appended');
  return done.length < 2 ? [] : [{ kind: 'command-done-twice', what: `command ${id} was answered ${done.length} times as new`, operations: ids(done) }];
}

const answerOf = ({ stream, command, outcome }: AppendOperation): Omit<KeptCommand, 'id' | 'seq'> & { seq?: number } =>
  ({ stream, bodyHash: command.bodyHash, answer: command.answer, ...(outcome.status === 'appended' && { seq: outcome.seq }) });

const agrees = (told: KeptCommand, original: ReturnType<typeof answerOf>): boolean =>
  told.answer === original.answer && told.bodyHash === original.bodyHash && told.stream === original.stream && (original.seq ?? told.seq) === told.seq;

function answers({ history, kept }: Evidence, id: string, group: readonly AppendOperation[]): Violation[] {
  const found: Violation[] = [];
  const stored = kept.get(id);
  const done = having(group, 'appended');
  const originals = done.length > 0 ? done : having(group, 'unknown');
  for (const operation of group) {
    const { outcome, answeredAt = Infinity } = operation;
    if (outcome.status !== 'repeated') continue;
    const told = outcome.command;
    const earlier = originals.filter(({ begunAt }) => begunAt < answeredAt);
    const differs = (what: string, others: readonly AppendOperation[]) => found.push({ kind: 'answered-otherwise', what: `command ${id} was answered again with another answer than ${what}`, operations: ids([...others, operation]) });
    if (told.id !== id) differs('its own', []);
    else if (!stored) found.push({ kind: 'acknowledged-lost', what: `command ${id} was answered from the log, and is not in it`, operations: ids([operation]) });
    else if (!agrees(told, stored)) differs('is stored', []);
    else if (earlier.length === 0 && (history.before === 0 || told.seq > history.before)) found.push({ kind: 'answer-unfounded', what: `command ${id} was answered as repeated, and nobody had given it`, operations: ids([operation]) });
    else if (earlier.length > 0 && !earlier.some((original) => agrees(told, answerOf(original)))) differs('the first time', earlier);
  }
  for (const operation of done) {
    if (stored && !agrees(stored, { ...answerOf(operation), seq: stored.seq })) found.push({ kind: 'answered-otherwise', what: `command ${id} is stored with another answer than it was given`, operations: ids([operation]) });
  }
  return found;
}

/** Who asks again after an answer is told that it was done: never a conflict, nor that it is done now. */
function askedLater(id: string, group: readonly AppendOperation[]): Violation[] {
  const answered = having(group, 'appended', 'repeated');
  return having(group, 'conflict', 'claimed', 'appended').flatMap((operation): Violation[] => {
    const before = answered.filter(({ answeredAt = Infinity, outcome }) => answeredAt < operation.begunAt && (operation.outcome.status !== 'appended' || outcome.status === 'repeated'));
    if (before.length === 0) return [];
    return [{ kind: 'answered-otherwise', what: `command ${id} was done, and then answered with ${operation.outcome.status}`, operations: ids([...before, operation]) }];
  });
}
