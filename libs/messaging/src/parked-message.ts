import type { ParkedEvent, ToPark } from '@touchstone/event-store';
import { keepable } from '@touchstone/event-store';
import type { Uuid } from '@touchstone/kernel';
import { derivedId, isUuid } from '@touchstone/kernel';
import type { Message } from './transport.js';

/** Longer keys no index can hold, and no service sends. */
export const MAX_KEY_LENGTH = 300;

/** A message as it is parked: as received, with the lane that it came by. */
export const parkedMessage = (lane: string, message: Message, eventId: Uuid): ToPark =>
  ({ stream: streamOf(message), eventId, position: message.offset, event: JSON.stringify({ ...message, lane }) });

/** The stream under which it is parked, whatever its key held. */
export const streamOf = ({ key }: Message): string => keepable(key).slice(0, MAX_KEY_LENGTH);

/** What was parked before lanes were noted came by the first one of its topic. */
export function messageIn({ event, consumer }: Pick<ParkedEvent, 'event' | 'consumer'>): { lane: string; message: Message } {
  const { lane, ...message } = JSON.parse(event) as Message & { lane?: string };
  return { lane: lane ?? consumer.slice(consumer.indexOf(':') + 1), message };
}

/** The id of what it says, for a message whose own id is none, or is another's. */
export const contentId = ({ key, value, headers: { ce_id: id, ce_type: type, touchstone_meta: meta } }: Message): Uuid => derivedId('parked', key, id, type, meta, value);

export const idOf = (message: Message): Uuid => (isUuid(message.headers.ce_id) ? message.headers.ce_id : contentId(message));

/** Whether two say the same, wherever they stand in the topic. */
export const sameContent = (one: Message, other: Message): boolean =>
  one.key === other.key && one.value === other.value
  && one.headers.ce_id === other.headers.ce_id && one.headers.ce_type === other.headers.ce_type && one.headers.touchstone_meta === other.headers.touchstone_meta;
