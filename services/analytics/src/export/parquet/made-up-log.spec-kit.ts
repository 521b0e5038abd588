import type { StoredEvent } from '@touchstone/event-store';
import type { Source } from '../sources/source.js';

const TYPES = ['control.LotRegistered.v1', 'control.QuantityHeld.v1', 'control.DeliveryArrived.v1', 'control.MeasurementsRecorded.v1', 'control.LotAccepted.v1'];
const DAY_MS = 86_400_000;
const BEGAN_MS = Date.UTC(2026, 2, 1);
const PAGE = 1_000;

/** Some places hold what is nobody else's business. */
export const isExported = (seq: number): boolean => seq % 7 !== 3;

/** The event at a place, the same each time. It became true up to a month before it was recorded. */
export function madeUpEvent(seq: number, eventsADay: number): StoredEvent {
  const recordedMs = BEGAN_MS + Math.floor((seq / eventsADay) * DAY_MS);
  const [recordedAt, occurredAt] = [recordedMs, recordedMs - (seq % 31) * DAY_MS].map((ms) => new Date(ms).toISOString());
  const id = `00000000-0000-5000-8000-${String(seq).padStart(12, '0')}`;
  const causationId = `00000000-0000-5000-9000-${String(seq).padStart(12, '0')}`;
  return {
    seq, id, stream: `lot-${Math.floor(seq / 20)}`, version: (seq % 20) + 1, type: TYPES[(seq * 11) % TYPES.length] ?? '',
    body: JSON.stringify({ lotId: String(Math.floor(seq / 20)), quantity: `${seq}.50`, reason: seq % 3 === 0 ? 'too wide – Ø 74' : 'the inspector\'s "no"' }),
    meta: JSON.stringify({ actor: `inspector-${seq % 5}`, causationId, commandId: causationId, correlationId: causationId, decider: 'control.lot@1', occurredAt, recordedAt }),
  };
}

/** A log of any length that takes no memory. */
export class MadeUpLog implements Source {
  readonly service = 'control';

  constructor(private readonly length: number, private readonly eventsADay = 500, readonly logId = 'control:made-up:1') {}

  settled(): Promise<number> {
    return Promise.resolve(this.length);
  }

  async *pages(after: number, to: number): AsyncGenerator<readonly StoredEvent[]> {
    for (let from = after + 1; from <= to; from += PAGE) {
      await Promise.resolve();
      const seqs = Array.from({ length: Math.min(PAGE, to - from + 1) }, (_, index) => from + index);
      yield seqs.filter(isExported).map((seq) => madeUpEvent(seq, this.eventsADay));
    }
  }
}

export const exportedIn = (length: number): number => Array.from({ length }, (_, index) => index + 1).filter(isExported).length;
