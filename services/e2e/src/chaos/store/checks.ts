/**
 * What a history of the log alone does not show: decisions on events that no longer exist, answers of the command layer, effects of
 * reactions and deadlines, what subscribers outside the database acted on. Pure: the same evidence, the same findings.
 */
import { derivedId } from '@touchstone/kernel';
import type { StoredCommand, StoredEvent } from '@touchstone/event-store';
import type { History, Subscriber } from '@touchstone/testing/history';
import { checkHistory } from '@touchstone/testing/history';
import type { ClientEntry } from './clients.js';
import type { Entry } from './moulds.js';

export interface TrialEvidence {
  readonly history: History;
  readonly events: readonly StoredEvent[];
  readonly commands: ReadonlyMap<string, StoredCommand>;
  readonly clients: readonly ClientEntry[];
  readonly parked: readonly { readonly consumer: string; readonly eventId: string; readonly error: string }[];
  readonly entryRows: readonly { readonly entry: string; readonly times: number }[];
  readonly logId: string;
}

/** In words; empty when all is as it should be. */
export function findings(evidence: TrialEvidence): string[] {
  const { history } = evidence;
  return [
    ...checkHistory(history).map(({ kind, what }) => `${kind}: ${what}`),
    ...history.subscribers.flatMap((subscriber) => checkSeen(evidence, subscriber)),
    ...checkChains(evidence), ...checkFacts(evidence), ...checkRefusals(evidence), ...checkAnswers(evidence), ...checkEffects(evidence), ...checkRows(evidence),
  ];
}

const bodyOf = <T = Entry>(event: StoredEvent): T => JSON.parse(event.body) as T;
const isMould = ({ stream }: StoredEvent) => stream.startsWith('mould-');

/** Each event was decided on the one before it. */
function checkChains({ events }: TrialEvidence): string[] {
  return [...Map.groupBy(events.filter(isMould), ({ stream }) => stream).values()].flatMap((own) => own.flatMap((event, index) => {
    const before = own[index - 1];
    const [wanted, found] = [before ? bodyOf(before).entry : '', bodyOf(event).after];
    return wanted === found ? [] : [`decided-on-nothing: ${event.stream} version ${event.version} was decided after entry "${found}", and after it stands "${wanted}"`];
  }));
}

interface Recorded {
  readonly facts?: { readonly beside?: { readonly value: string; readonly refs: readonly { readonly stream: string; readonly version: number }[] } };
}

/** Each fact says what stands in the log at the place that it names. */
function checkFacts({ commands, events }: TrialEvidence): string[] {
  const at = new Map(events.map((event) => [`${event.stream}@${event.version}`, event]));
  return [...commands.values()].flatMap(({ id, record }) => {
    const beside = (JSON.parse(record) as Recorded).facts?.beside;
    const [ref] = beside?.refs ?? [];
    if (!beside || !ref) return [];
    const event = at.get(`${ref.stream}@${ref.version}`);
    if (event && bodyOf(event).entry === beside.value) return [];
    return [`fact-of-nothing: command ${id} used entry "${beside.value}" of ${ref.stream} version ${ref.version}, and there stands "${event ? bodyOf(event).entry : 'nothing'}"`];
  });
}

/** Each refusal judged the state that the stream had at the version it names. */
function checkRefusals({ events }: TrialEvidence): string[] {
  const at = new Map(events.map((event) => [`${event.stream}@${event.version}`, event]));
  return events.filter(({ type }) => type === 'CommandRefused').flatMap((event) => {
    const { code, details, stream, atVersion } = bodyOf<{ code: string; details: { last: string }; stream: string; atVersion: number }>(event);
    if (code === 'CAUSE_UNSEEN') return [`cause-unseen: a reaction at seq ${event.seq} asked a read model that had not seen its cause`];
    const judged = at.get(`${stream}@${atVersion}`);
    const last = judged ? bodyOf(judged).entry : '';
    return last === details.last ? [] : [`refused-on-nothing: ${stream} was refused at version ${atVersion} after entry "${details.last}", and there stands "${last}"`];
  });
}

/** The same command id is answered once as new and always the same, and what was answered is what is stored. */
function checkAnswers({ clients, commands, logId }: TrialEvidence): string[] {
  const told = clients.filter((entry) => 'told' in entry);
  const answered = new Set(told.map(({ told: id }) => id));
  const open = new Set(clients.flatMap((entry) => ('asked' in entry && !answered.has(entry.asked) ? [entry.asked] : [])));
  const wrong = [...open].map((id) => `unanswered: command ${id} never had an answer`);
  for (const [id, answers] of Map.groupBy(told.filter(({ answer }) => answer !== undefined), ({ told: each }) => each)) {
    const command = commands.get(id);
    const texts = new Set(answers.map(({ answer }) => JSON.stringify({ ...answer, repeated: undefined }, Object.keys(answer ?? {}).toSorted())));
    if (!command) wrong.push(`acknowledged-lost: command ${id} was answered, and is not in the log`);
    if (texts.size > 1) wrong.push(`answered-otherwise: command ${id} had ${texts.size} different answers`);
    if (answers.filter(({ answer }) => answer?.repeated === false).length > 1) wrong.push(`command-done-twice: command ${id} was answered as new more than once`);
    const position = answers[0]?.answer?.position;
    if (command && position !== `${logId}@${command.seq}`) wrong.push(`acknowledged-elsewhere: command ${id} was answered with ${position}, and stands at ${command.seq}`);
  }
  return wrong;
}

/** What follows from an event has followed, and nothing was put aside only because the database was away. */
function checkEffects({ events, commands, parked }: TrialEvidence): string[] {
  const wrong = parked.map(({ consumer, eventId, error }) => `parked: ${consumer} put event ${eventId} aside: ${error}`);
  const aside = new Set(parked.map(({ consumer, eventId }) => `${consumer} ${eventId}`));
  const led = (event: StoredEvent, reaction: string) => {
    if (!commands.has(derivedId('reaction', 'moulding', reaction, event.id, 0)) && !aside.has(`reaction:${reaction} ${event.id}`)) wrong.push(`effect-missing: ${event.type} at seq ${event.seq} led to no ${reaction}`);
  };
  for (const event of events) {
    const { mouldId, dueAt, reason } = bodyOf<Entry & { dueAt?: string; reason?: string }>(event);
    if (event.type === 'moulding.MouldDamaged.v1') led(event, 'block-damaged');
    if (event.type === 'moulding.MouldBlocked.v1' && reason === 'damaged') led(event, 'release-repaired');
    if (event.type === 'moulding.MouldRegistered.v1' && dueAt !== undefined && !commands.has(derivedId('deadline', 'inspection-due', mouldId, dueAt))) {
      wrong.push(`effect-missing: the deadline of ${event.stream} at ${dueAt} led to no command`);
    }
  }
  return wrong;
}

/** What is kept with its checkpoint is kept once. */
function checkRows({ entryRows, events }: TrialEvidence): string[] {
  const wanted = new Set(events.filter(isMould).map((event) => bodyOf(event).entry));
  const twice = entryRows.filter(({ times }) => times !== 1).map(({ entry, times }) => `applied-again: entry ${entry} was applied ${times} times`);
  const unknown = entryRows.filter(({ entry }) => !wanted.has(entry)).map(({ entry }) => `applied-of-nothing: entry ${entry} is in the read model and not in the log`);
  return [...twice, ...unknown, ...(entryRows.length < wanted.size ? [`never-applied: ${wanted.size - entryRows.length} entries are not in the read model`] : [])];
}

/** In the end each event has been seen by everybody who wants it: what stands at a seq, not only something that stood there once. */
function checkSeen({ history }: TrialEvidence, { name, steps, wants, drained }: Subscriber): string[] {
  const seen = new Set(steps.flatMap((step) => (step.kind === 'delivered' ? [step.eventId] : [])));
  const missed = history.stored.filter(({ id, type }) => !seen.has(id) && (wants?.includes(type) ?? true));
  return drained && missed.length > 0 ? [`never-delivered: ${name} never saw seq ${missed.slice(0, 5).map(({ seq }) => seq).join(', ')} (${missed.length} in all)`] : [];
}
