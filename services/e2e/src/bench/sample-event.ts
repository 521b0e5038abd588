import { randomUUID } from 'node:crypto';
import type { EventMeta } from '@touchstone/kernel';
import type { Append, NewEvent } from '@touchstone/event-store';

export const GAUGE_READ = 'bench.GaugeRead.v1';

/** What a reading of a gauge says. As canonical JSON about 200 bytes. */
export const readingOf = (reading: number) => ({
  characteristicId: 'bore-diameter', gaugeId: 'G-0117', inspectionId: '6f0b8d0e-7d0e-4a55-9f0e-3c1f6f3f2a10',
  lotId: '0d5b6a52-3f5e-4b1c-8f5c-5a3a1e2b7c44', reading, unit: 'mm', value: '74.002',
});

export const bodyOf = (reading: number): string => JSON.stringify(readingOf(reading));

/** Metadata as a command's events carry it. */
export const metaOf = (commandId: string): EventMeta => ({
  actor: 'inspector-7', causationId: commandId, commandId, correlationId: commandId, decider: 'bench.gauge@1',
  occurredAt: '2026-03-02T08:00:00.000Z', recordedAt: '2026-03-02T08:00:00.000Z',
});

export const metaText = (commandId: string): string => JSON.stringify(metaOf(commandId));

/** A stream of its own for each of `count` writers, all at their beginning. */
export const newStreams = (count: number): { readonly name: string; version: number }[] =>
  Array.from({ length: count }, () => ({ name: `gauge-${randomUUID()}`, version: 0 }));

/** An append of `count` readings after `version`, recorded as any command is. */
export function appendOf(stream: string, version: number, count = 1): Append {
  const id = randomUUID();
  const meta = metaText(id);
  const events = Array.from({ length: count }, (_, index): NewEvent => ({ id: randomUUID(), type: GAUGE_READ, body: bodyOf(version + index), meta }));
  return { stream, expectedVersion: version, events, command: { id, bodyHash: id, answer: '{"outcome":"accepted"}', record: '{"command":{"type":"ReadGauge"}}' } };
}
