// PostgreSQL for the specs of messaging, and messages as a producer would send them.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DomainEvent } from '@touchstone/kernel';
import { derivedId, systemClock } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import type { PostgresStore } from '@touchstone/event-store';
import { LogGate, migrate, openPostgresStore, Parking } from '@touchstone/event-store';
import { startLocalPostgres } from '@touchstone/event-store/local';
import { GatedIngest } from './gated-ingest.js';
import type { Message } from './transport.js';

export interface Log {
  readonly name: string;
  readonly url: string;
  readonly store: PostgresStore;
  readonly parking: Parking;
  /** As after a start of the process: what is not in the database is forgotten. */
  ingest(interests?: readonly string[], check?: (event: DomainEvent) => void): GatedIngest;
  /** `stream: version type` of all that is in the log, in order. */
  content(): Promise<string[]>;
  parked(): Promise<string[]>;
}

export interface Logs {
  fresh(service?: string): Promise<Log>;
  stop(): Promise<void>;
}

export async function openLogs(): Promise<Logs> {
  const dataDir = mkdtempSync(join(tmpdir(), 'touchstone-messaging-'));
  const postgres = await startLocalPostgres({ dataDir, fsync: false });
  const open: PostgresStore[] = [];
  return {
    fresh: async (service = 'feedback') => {
      const name = `${service}_${randomBytes(4).toString('hex')}`;
      const url = await postgres.createDatabase(name, 'secret');
      await migrate({ ownerUrl: postgres.ownerUrl(name), applicationRole: `${name}_app`, logId: `${service}:test:1` });
      const store = await openPostgresStore({ url });
      open.push(store);
      const parking = new Parking(store.pool, systemClock);
      return {
        name, url, store, parking,
        ingest: (interests = ['control/lot'], check = (event) => contracts.check(event)) => new GatedIngest({ store, parking, interests, check }, new LogGate()),
        content: async () => (await store.readAll(0, 10_000)).map(({ stream, version, type }) => `${stream}: ${version} ${type}`),
        parked: async () => (await parking.list()).map(({ stream, position, error }) => `${stream}@${position}: ${error}`),
      };
    },
    stop: async () => {
      for (const store of open) await store.close().catch(() => undefined); // a spec may have closed it
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export const metaOf = (id: string): string => JSON.stringify({
  actor: 'ada', causationId: id, commandId: id, correlationId: id, decider: 'control.lot@1', occurredAt: '2026-03-02T07:00:00.000Z', recordedAt: '2026-03-02T07:00:00.000Z',
});

/** `control.QuantityReleased.v1` of a lot, as control would send it. */
export function released(offset: number, key = 'lot-1', change: { type?: string; value?: string; id?: string; meta?: string } = {}): Message {
  const id = change.id ?? derivedId('released', key, offset);
  const value = change.value ?? JSON.stringify({ lotId: derivedId(key), quantity: String(offset) });
  return { key, offset, value, headers: { ce_id: id, ce_type: change.type ?? 'control.QuantityReleased.v1', ce_source: 'control:test:1', touchstone_meta: change.meta ?? metaOf(derivedId('command', offset)) } };
}
