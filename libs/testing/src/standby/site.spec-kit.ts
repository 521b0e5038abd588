import { rmSync } from 'node:fs';
import type { PostgresStore } from '@touchstone/event-store';
import { migrate, openPostgresStore, pause } from '@touchstone/event-store';
import type { TemporaryPostgres } from '../database.js';
import { asOwner, startTemporaryPostgres } from '../database.js';
import type { Doorway } from '../doorway.js';
import { openDoorway } from '../doorway.js';
import type { Standby } from './standby.js';
import { startStandby } from './standby.js';

/** A log on a primary with a standby, and its clients at a port that stays. */
export interface Site {
  readonly primary: TemporaryPostgres;
  readonly standby: Standby;
  readonly door: Doorway;
  readonly store: PostgresStore;
}

export async function atSite<T>(synchronous: boolean, work: (site: Site) => Promise<T>): Promise<T> {
  const primary = await startTemporaryPostgres();
  const door = await openDoorway();
  const opened: { standby?: Standby; store?: PostgresStore } = {};
  try {
    const url = new URL(await primary.createDatabase('control', 'app-password'));
    await migrate({ ownerUrl: primary.ownerUrl('control'), applicationRole: 'control_app', logId: 'control:test:1' });
    const standby = (opened.standby = await startStandby(primary, { synchronous }));
    door.lead(primary.port);
    const store = (opened.store = await openPostgresStore({ url: Object.assign(url, { port: String(door.port) }).href }));
    return await work({ primary, standby, door, store });
  } finally {
    await opened.store?.close();
    door.close();
    await opened.standby?.remove();
    await primary.remove();
    rmSync(primary.dataDir, { recursive: true, force: true });
  }
}

export const rowsOf = async (url: string, text: string) => (await asOwner(url, [text]))[0]?.rows as Record<string, unknown>[];

export async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 20) {
    if (await holds()) return;
    await pause(20);
  }
  throw new Error(`it never came to this: ${what}`);
}

/** Sessions of clients that wait for the standby. */
export const waiting = `select pid, query from pg_stat_activity where wait_event = 'SyncRep' and datname = 'control'`;
