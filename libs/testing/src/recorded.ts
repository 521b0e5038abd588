import type { EventMeta, RecordedEvent } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import { atFirst, inspector } from './decider-spec.js';

export interface RecordedOptions {
  /** `lot-4711`, or `control/lot-4711` for a foreign event. */
  readonly stream: string;
  readonly meta?: Partial<EventMeta>;
}

/** An event as it would come out of a log; the log that it is given to numbers it. */
export type Unnumbered<T extends string = string, D = unknown> = Omit<RecordedEvent, 'seq' | 'version' | 'id' | 'type' | 'data'> & { readonly type: T; readonly data: D };

export function recorded<T extends string, D extends object>(type: T, data: D, { stream, meta }: RecordedOptions): Unnumbered<T, D> {
  const commandId = derivedId('recorded', type, stream, JSON.stringify(data));
  return {
    type, data, stream,
    meta: {
      actor: inspector.id, commandId, causationId: commandId, correlationId: commandId, occurredAt: atFirst, recordedAt: atFirst,
      decider: `${type.split('.', 1)[0] ?? ''}.given@1`, ...meta,
    },
  };
}
