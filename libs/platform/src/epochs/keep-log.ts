import type { Logger } from 'pino';
import type { PostgresStore } from '@touchstone/event-store';
import { LogGate } from '@touchstone/event-store';
import type { Publisher, Transport } from '@touchstone/messaging';
import { LogGuard, topicOf } from '@touchstone/messaging';
import type { Part } from '../operations.js';
import { unfinished } from './log-epochs.js';

/** What guards one service's log against being put back unnoticed. */
export interface LogKeeping {
  readonly gate: LogGate;
  readonly guard: LogGuard;
  /** Stream categories that a service takes in: those it listens to, and what their producers say about their logs. */
  readonly interests: readonly string[];
  readonly producers: readonly string[];
  /** Of the service's own topic; there is none without a transport. */
  readonly publisher?: Publisher;
  readonly part: Part;
}

export function keepLog(service: string, store: PostgresStore, listensTo: readonly string[], transport: Transport | undefined, log: Logger): LogKeeping {
  const gate = new LogGate();
  const topic = topicOf(service);
  const publisher = transport?.publisher(topic, () => store.lineage);
  const guard = new LogGuard({
    store, gate, topic, holders: () => publisher?.holders?.() ?? [],
    unfinished: (epoch) => unfinished(store, epoch),
    onClosed: (why) => log.error({ code: 'LOG_RESTORED', why }, 'the log was put back: nothing is recorded until an operator starts a new epoch'),
  });
  const producers = [...new Set(listensTo.map((interest) => interest.slice(0, interest.indexOf('/'))))];
  return {
    gate, guard, producers, publisher, interests: [...listensTo, ...producers.map((producer) => `${producer}/epoch`)],
    part: {
      name: 'log',
      ready: async () => {
        if (!gate.isOpen) await gate.proven();
        return gate.isOpen;
      },
      detail: () => `log: ${gate.closedBecause === undefined ? 'not known to be whole' : `LOG_RESTORED: ${gate.closedBecause}`}`,
    },
  };
}
