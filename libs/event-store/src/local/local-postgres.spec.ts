import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { LocalPostgres } from './local-postgres.js';
import { DataFolderInUse, secret, startLocalPostgres } from './local-postgres.js';

async function query<R extends pg.QueryResultRow>(url: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the local PostgreSQL', () => {
  let parent: string;
  let dataDir: string;
  let server: LocalPostgres;
  beforeAll(async () => {
    parent = mkdtempSync(join(tmpdir(), 'touchstone-local-')); // only its owner may enter, and root lends the server another user
    dataDir = join(parent, 'data');
    server = await startLocalPostgres({ dataDir, fsync: false });
  }, 30_000);
  afterAll(async () => {
    await server.stop();
    rmSync(parent, { recursive: true, force: true });
  }, 30_000);

  it('gives each database a role that does not own it and cannot enter another', async () => {
    const [control, planning] = [await server.createDatabase('control', 'one'), await server.createDatabase('planning', 'two')];
    expect(await query(control, 'select current_user as role, rolsuper as super from pg_roles where rolname = current_user')).toEqual([{ role: 'control_app', super: false }]);
    await expect(query(control.replace(/control$/, 'planning'), 'select 1')).rejects.toThrow('permission denied for database');
    await expect(query(planning.replace('two', 'three'), 'select 1')).rejects.toThrow('password authentication failed');
    expect(await server.createDatabase('control', 'one')).toBe(control);
  });
  it('keeps its data in UTF-8 and UTC, and its secrets to their owner', async () => {
    expect(await query(server.ownerUrl('control'), `select current_setting('server_encoding') as e, current_setting('timezone') as z`)).toEqual([{ e: 'UTF8', z: 'UTC' }]);
    expect(statSync(join(dataDir, 'owner-password')).mode & 0o077).toBe(0);
    expect(secret(join(parent, 'made-once'))).toBe(secret(join(parent, 'made-once')));
  });
  it('refuses a folder that another process works on', async () => {
    const taken = join(parent, 'taken');
    mkdirSync(taken);
    writeFileSync(join(taken, 'host.pid'), String(process.ppid));
    await expect(startLocalPostgres({ dataDir: taken })).rejects.toThrow(DataFolderInUse);
  });
  it('takes over from a host that was killed and left its server running', async () => {
    await query(server.ownerUrl('control'), 'create table kept as select 42 as answer');
    const heir = await startLocalPostgres({ dataDir, fsync: false });
    expect([heir.tookOver, heir.pid === server.pid]).toEqual([true, false]);
    expect(await query(heir.ownerUrl('control'), 'select answer from kept')).toEqual([{ answer: 42 }]);
    server = heir;
  });
  it('starts after the server was killed, and after the file of one of another boot was left', async () => {
    for (const leave of [() => undefined, () => writeFileSync(join(dataDir, 'cluster', 'postmaster.pid'), `${process.ppid}\n`)]) {
      await server.kill();
      leave();
      server = await startLocalPostgres({ dataDir, fsync: false });
      expect(server.tookOver).toBe(false);
      expect(await query(server.ownerUrl('control'), 'select answer from kept')).toEqual([{ answer: 42 }]);
    }
    expect(existsSync(join(dataDir, 'host.pid'))).toBe(true);
  }, 30_000);
});
