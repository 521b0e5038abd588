import type { Linked } from './together.js';
import type { Append, AppendResult, ForeignEvent, IngestResult, StoredEvent } from '../store.js';

/** A turn at the turnstile: a command's outcome, or foreign events. */
export type Turn = { readonly kind: 'append'; readonly append: Linked<Append> } | ForeignTurn;
export type ForeignTurn =
  | { readonly kind: 'ingest'; readonly events: readonly Linked<ForeignEvent>[] }
  | { readonly kind: 'ingest-new'; readonly events: readonly Linked<ForeignEvent>[]; readonly consumer: string };

export type Outcome = AppendResult | { readonly status: 'ingested'; readonly statuses: readonly IngestResult[] } | { readonly status: 'in the way' };

/** What a call came to. */
export interface Called {
  readonly results: readonly Outcome[];
  /** What was written, in order; left out when it is not known. */
  readonly written?: readonly StoredEvent[];
  readonly durable: boolean;
}

const MAX_GATHERED = 256;
/** Foreign events of a call, or those of one turn: while the server writes some, their senders make the next ready. All at once, both would wait in turn. */
const MAX_FOREIGN = 500;

/** How many from the head of the queue go in one call: appends, or foreign events. */
export function howManyTogether(waiting: readonly { readonly turn: Turn }[]): number {
  const kind = waiting[0]?.turn.kind;
  let foreign = 0;
  const other = waiting.findIndex(({ turn }, index) => {
    if (index >= MAX_GATHERED || turn.kind !== kind || foreign >= MAX_FOREIGN) return true;
    foreign += turn.kind === 'append' ? 0 : turn.events.length;
    return false;
  });
  return other < 0 ? waiting.length : other;
}

/** As `append_batch` takes it. */
export function asItem(turn: Turn): object {
  if (turn.kind !== 'append') return turn;
  const { stream, expectedVersion, events, command, guard, claims = [] } = turn.append;
  return {
    kind: 'append', stream, expected: String(expectedVersion), guard, claims, events,
    command: command.id, hash: command.bodyHash, answer: command.answer, record: command.record,
  };
}
