import type { EventStore } from '@touchstone/event-store';
import { AppendOutcomeUnknown, MemoryStore } from '@touchstone/event-store';
import type { AppendOperation, History, Subscriber, SubscriberStep, Violation, ViolationKind } from './history.js';
import { HistoryRecorder } from './history-recorder.js';
import { HELD, numbers, runWorkload } from './workload.spec-kit.js';

type Below = (limit: number) => number;

/** A log whose line to the client breaks now and then, before the append or after it. */
function onBadLine(store: EventStore, below: Below): EventStore {
  const maybe = async <R>(call: () => Promise<R>): Promise<R> => {
    const fate = below(12);
    if (fate === 0) throw new AppendOutcomeUnknown('before');
    const result = await call();
    if (fate === 1) throw new AppendOutcomeUnknown('after');
    return result;
  };
  return new Proxy(store, { get: (target, name) => {
    if (name === 'append') return (wanted: Parameters<EventStore['append']>[0]) => maybe(() => target.append(wanted));
    if (name === 'ingest') return (events: Parameters<EventStore['ingest']>[0]) => maybe(() => target.ingest(events));
    const member: unknown = Reflect.get(target, name);
    return typeof member === 'function' ? (member as () => unknown).bind(target) : member;
  } });
}

/** A history that a correct log made: a model in memory answers at one moment each, somewhere between question and answer. */
export async function validHistory(seed: number, steps: number): Promise<History> {
  const below = numbers(seed);
  const model = new MemoryStore();
  const recorder = new HistoryRecorder();
  const clients = recorder.wrap(onBadLine(model, below));
  const reading = async () => {
    for (let step = 0; step < steps; step += 1) await clients.readAll(below((await model.head()) + 1), 1 + below(6));
  };
  await Promise.all([runWorkload(clients, { seed, writers: 3, steps, claims: true }), reading()]);
  const history = await recorder.finish(model);
  const moved = history.operations.map((operation) => ({ ...operation, begunAt: operation.begunAt - below(8), answeredAt: (operation.answeredAt ?? 0) + below(8) }));
  return { ...history, operations: moved, subscribers: [subscriber(history, below, 'at-least-once'), subscriber(history, below, 'exactly-once'), filtered(history, below)] };
}

const BEHIND = 6;

/** Wants one type, reads pages of three, and saves its checkpoint now and then. */
function filtered({ stored }: History, below: Below): Subscriber {
  const steps: SubscriberStep[] = [{ kind: 'started', at: 0, after: 0 }];
  let saved = 0;
  for (let [position, at] = [0, 1_000]; position < stored.length; at += 10) {
    const page = stored.slice(position, position + 3);
    position += page.length;
    steps.push(...page.filter(({ type }) => type === HELD).map(({ seq, id }): SubscriberStep => ({ kind: 'delivered', at, seq, eventId: id })), { kind: 'read', at, seq: position });
    if (below(2) === 0 || position - saved > BEHIND - 3 || position === stored.length) steps.push({ kind: 'checkpoint', at, seq: (saved = position), known: true });
    if (below(4) === 0 && position < stored.length) steps.push({ kind: 'started', at: at + 1, after: (position = saved) });
  }
  return { name: 'filtered', guarantee: 'at-least-once', wants: [HELD], mostBehind: BEHIND, steps, drained: true };
}

function subscriber({ stored }: History, below: Below, guarantee: Subscriber['guarantee']): Subscriber {
  const steps: SubscriberStep[] = [{ kind: 'started', at: 0, after: 0 }];
  let [position, saved, maybeSaved] = [0, 0, 0];
  for (let at = 1_000; position < stored.length; at += 1) {
    const fate = below(8);
    if (fate < 6) {
      position += 1;
      steps.push({ kind: 'delivered', at, seq: position, eventId: stored[position - 1]?.id ?? '' });
    } else if (fate === 6) {
      maybeSaved = position;
      if (below(3) > 0) saved = position;
      steps.push({ kind: 'checkpoint', at, seq: position, known: saved === position });
    } else if (guarantee === 'at-least-once') {
      position = saved = below(2) === 0 ? saved : Math.max(saved, maybeSaved);
      maybeSaved = saved;
      steps.push({ kind: 'started', at, after: position });
    } else steps.push({ kind: 'started', at, after: position });
  }
  return { name: guarantee, guarantee, steps, drained: true };
}

/** A history that no correct log could have made, and what is wrong with it; nothing when this one has no place for the change. */
export type Mutation = (history: History, below: Below) => { readonly history: History; readonly wrong: ViolationKind } | undefined;

const appended = ({ operations }: History): (AppendOperation & { outcome: { status: 'appended'; seq: number } })[] =>
  operations.filter((operation) => operation.kind === 'append').filter((operation) => operation.outcome.status === 'appended') as never;

const replaced = (history: History, changed: { readonly id: number }): History =>
  ({ ...history, operations: history.operations.map((operation) => (operation.id === changed.id ? changed as typeof operation : operation)) });

const one = <T>(list: readonly T[], below: Below): T | undefined => list[below(list.length)];

/** Changes two deliveries that follow each other in one run of a subscriber. */
const deliveries = (wrong: ViolationKind, change: (first: SubscriberStep, second: SubscriberStep) => readonly SubscriberStep[]): Mutation => (history, below) => {
  const which = below(2);
  const chosen = history.subscribers[which];
  const pairs = chosen?.steps.flatMap((step, index) => (step.kind === 'delivered' && chosen.steps[index + 1]?.kind === 'delivered' ? [index] : [])) ?? [];
  const index = one(pairs, below);
  if (!chosen || index === undefined) return undefined;
  const [first, second] = [chosen.steps[index], chosen.steps[index + 1]] as [SubscriberStep, SubscriberStep];
  const steps = [...chosen.steps.slice(0, index), ...change(first, second), ...chosen.steps.slice(index + 2)];
  return { history: { ...history, subscribers: history.subscribers.map((each, place) => (place === which ? { ...chosen, steps } : each)) }, wrong };
};

const withFiltered = (history: History, change: (steps: readonly SubscriberStep[]) => readonly SubscriberStep[]): History =>
  ({ ...history, subscribers: history.subscribers.map((each) => (each.wants ? { ...each, steps: change(each.steps) } : each)) });

/** Changes a step of the filtered subscriber that is of this kind. */
const filteredSteps = (wrong: ViolationKind, change: (steps: readonly SubscriberStep[], at: number) => readonly SubscriberStep[], kind: SubscriberStep['kind']): Mutation => (history, below) => {
  const steps = history.subscribers.find(({ wants }) => wants)?.steps ?? [];
  const at = one(steps.flatMap((step, index) => (step.kind === kind ? [index] : [])), below);
  return at === undefined ? undefined : { history: withFiltered(history, () => change(steps, at)), wrong };
};

const told = (wrong: ViolationKind, change: (operation: AppendOperation & { outcome: { status: 'appended'; seq: number; version: number } }) => object, which: (operation: AppendOperation) => boolean = () => true): Mutation =>
  (history, below) => {
    const operation = one(appended(history).filter(which), below);
    return operation && { history: replaced(history, { ...operation, ...change(operation as never) }), wrong };
  };

/** An operation that is added to those that were. */
const another = (wrong: ViolationKind, make: (operation: AppendOperation & { outcome: { status: 'appended'; seq: number; version: number } }) => Partial<AppendOperation>, which: (operation: AppendOperation) => boolean = () => true): Mutation =>
  (history, below) => {
    const operation = one(appended(history).filter(which), below);
    if (!operation) return undefined;
    const added = { ...operation, id: 1_000_000, begunAt: 1e6, answeredAt: 1e6 + 1, ...make(operation as never) } as AppendOperation;
    return { history: { ...history, operations: [...history.operations, added] }, wrong };
  };

const withEvents = ({ events }: AppendOperation) => events.length > 0;

/** What may go wrong, in words; each a single change of a history that is allowed. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'an acknowledged event is missing at the end': (history, below) => {
    const lost = one(appended(history).filter(withEvents), below)?.events[0]?.id;
    return lost === undefined ? undefined : { history: { ...history, stored: history.stored.filter(({ id }) => id !== lost) }, wrong: 'acknowledged-lost' };
  },
  'an acknowledged command is missing at the end': (history, below) => {
    const lost = one(appended(history), below)?.command.id;
    return lost === undefined ? undefined : { history: { ...history, commands: history.commands.filter(({ id }) => id !== lost) }, wrong: 'acknowledged-lost' };
  },
  'half of an append without an answer is stored': (history, below) => {
    const ids = new Set(history.stored.map(({ id }) => id));
    const groups = Map.groupBy(history.operations.filter((operation) => operation.kind === 'append'), ({ command }) => command.id);
    const unanswered = [...groups.values()].flatMap((group) => (group.some(({ outcome }) => outcome.status === 'appended') ? [] : group));
    const half = one(unanswered.filter(({ outcome, events }) => outcome.status === 'unknown' && events.length > 1 && events.every(({ id }) => ids.has(id))), below);
    return half && { history: { ...history, stored: history.stored.filter(({ id }) => id !== half.events[0]?.id) }, wrong: 'half-stored' };
  },
  'an event that was refused is stored': (history, below) => {
    const written = new Set(history.stored.map(({ id }) => id));
    const refused = one(history.operations.filter((operation) => operation.kind === 'append' && operation.outcome.status === 'conflict')
      .flatMap((operation) => (operation.kind === 'append' ? operation.events : [])).filter(({ id }) => !written.has(id) && !history.operations.some((operation) => operation.kind === 'append' && operation.outcome.status === 'unknown' && operation.events.some((event) => event.id === id))), below);
    const seq = history.stored.length + 1;
    return refused && { history: { ...history, stored: [...history.stored, { ...refused, seq, stream: 'lot-9', version: 1, type: 'control.LotMoved.v1' }] }, wrong: 'refused-but-stored' };
  },
  'the seq of a stored event is another': (history, below) => {
    const place = below(history.stored.length);
    return history.stored.length === 0 ? undefined : { history: { ...history, stored: history.stored.map((event, index) => ({ ...event, seq: event.seq + (index >= place ? 1 : 0) })) }, wrong: 'seq-gap' };
  },
  'the version of a stored event is another': (history, below) => {
    const place = below(history.stored.length);
    return history.stored.length === 0 ? undefined : { history: { ...history, stored: history.stored.map((event, index) => ({ ...event, version: event.version + (index === place ? 1 : 0) })) }, wrong: 'version-gap' };
  },
  'the bytes of a stored event are others': (history, below) => {
    const event = one(appended(history).filter(withEvents), below)?.events[0];
    return event && { history: { ...history, stored: history.stored.map((each) => (each.id === event.id ? { ...each, digest: 'other' } : each)) }, wrong: 'bytes-changed' };
  },
  'the seq of an answer is another': told('acknowledged-elsewhere', ({ outcome }) => ({ outcome: { ...outcome, seq: outcome.seq + 1 } })),
  'the version of an answer is another than was expected': told('expected-version-ignored', ({ expectedVersion }) => ({ expectedVersion: Number(expectedVersion) + 1 }), ({ expectedVersion }) => expectedVersion !== 'any'),
  'a guard was ignored': told('guard-ignored', () => ({ guard: { stream: 'lot-0', version: 1_000 } })),
  'an append lies before one that was answered before it began': (history, below) => {
    const writing = appended(history).filter(withEvents).toSorted((a, b) => a.outcome.seq - b.outcome.seq).slice(0, -1);
    const late = one(writing, below);
    return late && { history: replaced(history, { ...late, begunAt: 1e6, answeredAt: 1e6 + 1 } as AppendOperation), wrong: 'order-against-time' };
  },
  'two reads differ in an event': (history, below) => {
    const read = one(history.operations.filter((operation) => operation.kind === 'read').filter(({ events }) => events.length > 0), below);
    return read && { history: replaced(history, { ...read, events: read.events.map((event, index) => (index === 0 ? { ...event, id: 'another' } : event)) } as never), wrong: 'seq-changed' };
  },
  'a read lacks what was acknowledged before it': (history) => {
    const read = { kind: 'read', id: 1_000_000, begunAt: 1e6, answeredAt: 1e6 + 1, after: 0, limit: 1_000, events: [] } as const;
    return appended(history).some(withEvents) ? { history: { ...history, operations: [...history.operations, read] }, wrong: 'read-behind' } : undefined;
  },
  'a command is repeated with another answer': another('answered-otherwise', ({ command, stream, outcome }) => ({ outcome: { status: 'repeated', command: { ...command, stream, seq: outcome.seq, answer: 'other' } } })),
  'a command is done again': another('command-done-twice', () => ({})),
  'a command that was done is answered with a conflict': another('answered-otherwise', ({ outcome }) => ({ outcome: { status: 'conflict', version: outcome.version } })),
  'a conflict is told where none was': another('conflict-unfounded', ({ stream }) => ({ stream, guard: undefined, command: { id: 'another', bodyHash: '', answer: '' }, events: [], expectedVersion: 1_000, outcome: { status: 'conflict', version: 1_001 } })),
  'two deliveries are swapped': deliveries('delivered-out-of-order', (first, second) => [second, first]),
  'a delivery comes twice': deliveries('delivered-again', (first, second) => [first, first, second]),
  'a delivery is missing': deliveries('skipped', (_, second) => [second]),
  'a delivery is of another event': deliveries('seq-changed', (first, second) => [{ ...first, eventId: 'another' } as SubscriberStep, second]),
  'a checkpoint is ahead of what was seen': deliveries('checkpoint-ahead', (first, second) => [first, { kind: 'checkpoint', at: first.at, seq: 1_000, known: true }, second]),
  'a subscriber begins again elsewhere': (history) => {
    const [first, ...others] = history.subscribers;
    const head = history.stored.length;
    return first && { history: { ...history, subscribers: [{ ...first, steps: [...first.steps, { kind: 'started', at: 1e6, after: head + 1 }] }, ...others] }, wrong: 'restarted-elsewhere' };
  },
  'a filtered delivery is missing': filteredSteps('skipped', (steps, at) => steps.toSpliced(at, 1), 'delivered'),
  'a filtered subscriber is given what it does not want': (history) => {
    const unwanted = history.stored.find(({ type }) => type !== HELD);
    const step = unwanted && { kind: 'delivered' as const, at: 1e6, seq: unwanted.seq, eventId: unwanted.id };
    return step && { history: withFiltered(history, (steps) => [...steps, step]), wrong: 'delivered-unwanted' };
  },
  'a filtered subscriber saves a checkpoint before it has read so far': filteredSteps('checkpoint-ahead', (steps, at) => steps.map((step, index) => (index === at && step.kind === 'checkpoint' ? { ...step, seq: step.seq + 1 } : step)), 'checkpoint'),
  'a filtered subscriber saves no checkpoint while nothing is for it': (history) => (history.stored.length <= BEHIND ? undefined
    : { history: withFiltered(history, (steps) => steps.filter(({ kind }, index) => kind !== 'checkpoint' && (kind !== 'started' || index === 0))), wrong: 'checkpoint-behind' }),
  'a filtered subscriber stops before the end': (history) => (history.stored.length === 0 ? undefined
    : { history: withFiltered(history, (steps) => steps.slice(0, steps.findLastIndex(({ kind }) => kind === 'started') + 1)), wrong: 'not-reached' }),
  'a subscriber stops before the end': (history) => {
    const [first, ...others] = history.subscribers;
    const end = first?.steps.findLastIndex(({ kind }) => kind === 'delivered') ?? -1;
    return first && end >= 0 ? { history: { ...history, subscribers: [{ ...first, steps: first.steps.slice(0, end) }, ...others] }, wrong: 'not-reached' } : undefined;
  },
};

export const kindsIn = (violations: readonly Violation[]): ReadonlySet<ViolationKind> => new Set(violations.map(({ kind }) => kind));
