import type { Command, Decider, DomainEvent } from '@touchstone/kernel';
import { slice } from '@touchstone/event-store';
import { GAUGE_READ, readingOf } from './sample-event.js';

export interface Gauge {
  readonly readings: number;
  readonly latest: string | null;
}

export type GaugeRead = DomainEvent<typeof GAUGE_READ, ReturnType<typeof readingOf>>;

export class ReadGauge implements Command {
  readonly type = 'ReadGauge';
  gaugeId!: string;
}

/** The decision that every contender takes: small, but it needs the state. */
export const gaugeDecider: Decider<Gauge, ReadGauge, GaugeRead, object> = {
  name: 'bench.gauge', version: 1,
  initialState: () => ({ readings: 0, latest: null }),
  evolve: ({ readings }, { data }) => ({ readings: readings + 1, latest: data.value }),
  decide: ({ readings }) => [{ type: GAUGE_READ, data: readingOf(readings) }],
};

/** What any library needs to take it: the events that follow from a state. */
export const decideReading = (state: Gauge): GaugeRead[] =>
  gaugeDecider.decide(state, Object.assign(new ReadGauge(), { gaugeId: 'G-0117' }), {}, { actor: { id: 'inspector-7', roles: [] }, at: '2026-03-02T08:00:00.000Z' }) as GaugeRead[];

export const gaugeSlice = slice({ decider: gaugeDecider, commands: { ReadGauge }, privateEvents: [GAUGE_READ], stream: ({ gaugeId }: ReadGauge) => gaugeId });
