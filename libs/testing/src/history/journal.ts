import type { EventStore } from '@touchstone/event-store';
import type { History, Operation, Subscriber, SubscriberStep, Subscription } from './history.js';
import { storedIn } from './stored-in.js';

/** One thing that a recorder has recorded; plain JSON. An operation comes twice: when it was asked, and when it was answered. */
export type JournalEntry =
  | { readonly operation: Operation }
  | Subscription & { readonly subscriber: string; readonly step?: SubscriberStep; readonly drained?: true }
  | { readonly crash: number };

/**
 * One history of what several recorders kept, e.g. in processes that were killed: whoever was not answered before the end of his
 * process was not answered. A subscriber that went on in another process is one subscriber. Reads what is stored at the end.
 */
export async function historyOf(journals: readonly (readonly JournalEntry[])[], store: EventStore, before = 0): Promise<History> {
  const operations = new Map<string, Operation>();
  const subscribers = new Map<string, Omit<Subscriber, 'steps'> & { readonly steps: SubscriberStep[] }>();
  const crashes: number[] = [];
  journals.forEach((journal, index) => {
    for (const entry of journal) {
      if ('operation' in entry) operations.set(`${index}/${entry.operation.id}`, entry.operation);
      else if ('crash' in entry) crashes.push(entry.crash);
      else {
        const { subscriber: name, step, drained, ...subscription } = entry;
        const known = subscribers.get(name) ?? { ...subscription, name, steps: [], drained: false };
        subscribers.set(name, { ...subscription, ...known, drained: known.drained || drained === true });
        if (step) known.steps.push(step);
      }
    }
  });
  const inOrder = [...operations.values()].toSorted((a, b) => a.begunAt - b.begunAt).map((operation, index) => ({ ...operation, id: index + 1 }));
  const commandIds = inOrder.flatMap((operation) => (operation.kind === 'append' ? [operation.command.id] : []));
  return {
    before, operations: inOrder, crashes: crashes.toSorted((a, b) => a - b), ...(await storedIn(store, new Set(commandIds))),
    subscribers: [...subscribers.values()].map((each) => ({ ...each, steps: each.steps.toSorted((a, b) => a.at - b.at) })),
  };
}
