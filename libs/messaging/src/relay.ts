import type { DomainEvent } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';
import type { EventStore, LogFeed, StoredEvent } from '@touchstone/event-store';
import { epochAt, Follower } from '@touchstone/event-store';
import type { LogGuard } from './log-guard.js';
import type { Message, Publisher } from './transport.js';

export interface RelayOptions {
  readonly store: EventStore;
  /** Its `epoch` tells when what was read may be gone from the log again. */
  readonly feed: Pick<LogFeed, 'readStored' | 'changed' | 'epoch'>;
  /** Of the service's own topic. */
  readonly publisher: Publisher;
  readonly isPublic: (type: string) => boolean;
  /** The event as older versions say it that are still published beside its own. */
  readonly asOlderVersions?: (type: string, data: () => unknown) => readonly DomainEvent[];
  /** Shows, at each start, that the log still has what others were told; throws, and nothing is sent, when it has not. */
  readonly guard?: Pick<LogGuard, 'proven' | 'onTold'>;
}

/**
 * The only publisher: follows the log by seq and sends the service's own public events, with the bytes as they are stored. What
 * it reads may be a moment ahead of the disk, so it waits for the flush before anybody outside hears of it. Events that were
 * taken in from others are never sent on.
 */
export function relay({ store, feed, publisher, isPublic, asOlderVersions = () => [], guard }: RelayOptions): Follower<StoredEvent> {
  return new Follower<StoredEvent>({
    name: 'relay',
    feed: { read: (seq) => feed.readStored(seq), changed: (signal, seq) => feed.changed(signal, seq), get epoch() { return (feed.epoch ?? 0) + (publisher.epoch ?? 0); } },
    start: async () => {
      await guard?.proven();
      return publisher.startAfter();
    },
    handle: async (events) => {
      const own = events.filter(({ stream, type }) => !stream.includes('/') && isPublic(type));
      const last = own.at(-1);
      if (!last) return;
      await store.durable(undefined, last.seq);
      await publisher.publish(own.flatMap((event) => messagesOf(event, epochAt(store.lineage, event.seq).logId, asOlderVersions)));
      guard?.onTold(last);
    },
  });
}

/** What is published of an event: itself, and as the older versions say it that are still beside its own. */
export function messagesOf(event: StoredEvent, logId: string, asOlderVersions: NonNullable<RelayOptions['asOlderVersions']>): Message[] {
  const message = asMessage(event, logId);
  return [message, ...asOlderVersions(event.type, () => JSON.parse(event.body)).map((older) => derived(message, older))];
}

const asMessage = ({ id, stream, seq, type, body, meta }: StoredEvent, logId: string): Message => ({
  key: stream, offset: seq, value: body, headers: { ce_id: id, ce_type: type, ce_source: logId, touchstone_meta: meta },
});

const derived = (message: Message, { type, data }: DomainEvent): Message => {
  const { headers } = message;
  return { ...message, value: canonicalize(data), headers: { ...headers, ce_id: derivedId('older version', headers.ce_id, type), ce_type: type, touchstone_derived_from: headers.ce_id } };
};
