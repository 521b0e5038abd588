import type { EventMeta } from '@touchstone/kernel';

/** A body of about 200 bytes: one reading of a gauge. */
export const bodyOf = (reading: number): string => JSON.stringify({
  characteristicId: 'bore-diameter', gaugeId: 'G-0117', inspectionId: '6f0b8d0e-7d0e-4a55-9f0e-3c1f6f3f2a10',
  lotId: '0d5b6a52-3f5e-4b1c-8f5c-5a3a1e2b7c44', reading, unit: 'mm', value: '74.002',
});

/** Metadata as a command's events carry it. */
export const metaText = (commandId: string): string => JSON.stringify({
  actor: 'inspector-7', causationId: commandId, commandId, correlationId: commandId, decider: 'bench.gauge@1',
  occurredAt: '2026-03-02T08:00:00.000Z', recordedAt: '2026-03-02T08:00:00.000Z',
} satisfies EventMeta);
