import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { BenchServer } from '../database.js';
import { startBenchServer } from '../database.js';
import type { SlowDisk } from './slow-disk.js';
import { slowDisk } from './slow-disk.js';

const made = slowDisk();
const [describeHere, suffix] = 'why' in made ? [describe.skip, ` (not run: ${made.why})`] : [describe, ''];

describe('a disk that cannot be made slow', () => {
  it('is not made slow silently: the reason is told', () => {
    expect([slowDisk(['touchstone-has-no-such-compiler']), slowDisk(['cc'], 'darwin')]).toEqual([{ why: 'no C compiler' }, { why: 'libraries are preloaded on Linux only' }]);
    expect(slowDisk(['false'])).toEqual({ why: 'no C compiler' });
  });
});

describeHere(`a PostgreSQL on a disk made slow${suffix}`, () => {
  let server: BenchServer;
  let client: pg.Client;
  const disk = made as SlowDisk;
  beforeAll(async () => {
    server = await startBenchServer(disk.environment);
    const { url } = await server.database('slow');
    client = new pg.Client({ connectionString: url });
    await client.connect();
  });
  afterAll(async () => {
    disk.setDelayUs(0);
    await client.end();
    await server.remove();
    disk.remove();
  });
  const commit = async () => {
    const calls = disk.calls();
    const began = performance.now();
    await client.query(`insert into deadline_sent values (gen_random_uuid())`);
    return { elapsedMs: performance.now() - began, calls: disk.calls() - calls };
  };

  it('has its library loaded and waits in the calls that the library slows', async () => {
    expect(disk.calls()).toBeGreaterThan(0);
    const { rows } = await client.query<{ wal_sync_method: string }>('show wal_sync_method');
    expect(['fdatasync', 'fsync']).toContain(rows[0]?.wal_sync_method);
  });

  it('answers a commit only after a call that took the delay, from the moment that the delay is set', async () => {
    const asItIs = await commit();
    expect(asItIs.calls).toBeGreaterThanOrEqual(1);
    disk.setDelayUs(700_000);
    const slowed = await commit();
    expect(slowed.calls).toBeGreaterThanOrEqual(1);
    expect(slowed.elapsedMs).toBeGreaterThanOrEqual(690);
  });
});
