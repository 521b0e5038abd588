import type { LogGate, ParkedEvent, Retaken } from '@touchstone/event-store';
import type { Delivered } from './deliver.js';
import type { IngestOptions } from './ingest.js';
import { Ingest } from './ingest.js';
import { LogHolder } from './log-holder.js';
import type { Consumer } from './transport.js';

/** The database may be another one since the place in the topic was told: whoever delivers asks for it again. */
export class PlaceUnsure extends Error {
  readonly code = 'PLACE_UNSURE';
}

/**
 * Ingest as services have it: it writes only while the log is known to be whole, others go on without it while it is not, and it
 * says what it was told.
 */
export class GatedIngest extends Ingest implements Consumer {
  readonly holder: LogHolder;
  /** By lane, the round of the gate in which its place was told. */
  private readonly told = new Map<string, number>();

  constructor(options: IngestOptions, private readonly gate: LogGate) {
    super(options);
    this.holder = new LogHolder(options.store.logId, options.store.pool);
  }

  get epoch(): number {
    return this.gate.round;
  }

  away(): boolean {
    return this.gate.closedBecause !== undefined;
  }

  override takenFrom(lane: string): Promise<number> {
    this.told.set(lane, this.gate.round);
    return super.takenFrom(lane);
  }

  override async take(delivered: Delivered): Promise<void> {
    const leave = await this.gate.enter();
    try {
      const round = this.told.get(delivered.topic);
      if (round !== undefined && round !== this.gate.round) throw new PlaceUnsure('the connection was lost: the place in the topic is asked for again');
      await super.take(delivered);
    } finally {
      leave();
    }
  }

  override async retake(events: readonly ParkedEvent[]): Promise<Retaken> {
    const leave = await this.gate.enter();
    try {
      return await super.retake(events);
    } finally {
      leave();
    }
  }
}
