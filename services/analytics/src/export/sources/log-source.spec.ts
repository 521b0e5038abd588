import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contracts } from '@touchstone/contracts';
import { derivedId } from '@touchstone/kernel';
import type { NewEvent, StoredEvent } from '@touchstone/event-store';
import { MemoryStore, openPostgresStore } from '@touchstone/event-store';
import { asOwner, testDatabase } from '@touchstone/testing';
import { cloudEventLine } from '../lines/cloud-event.js';
import { askFolder } from '../views/query.js';
import { exportFolder } from '../parquet/export-folder.js';
import { LogSource } from './log-source.js';

const database = testDatabase();
const at = '2026-03-02T08:00:00.000Z';
const event = (name: string, type: string, data: object = {}): NewEvent => {
  const id = derivedId('log source', name);
  return { id, type, body: JSON.stringify(data), meta: JSON.stringify({ actor: 'ada', causationId: id, commandId: id, correlationId: id, decider: 'control.lot@1', occurredAt: at, recordedAt: at }) };
};
const command = (name: string) => ({ id: derivedId('command', name), bodyHash: name, answer: '{}', record: '{}' });

async function filled(store: Pick<MemoryStore, 'append' | 'ingest'>): Promise<void> {
  const ciphertext = { cipher: 'A256GCM', kid: 'k', subject: 'inspector-7', nonce: 'bm9uY2U=', text: 'c2VhbGVk' };
  await store.append({ stream: 'lot-1', expectedVersion: 0, command: command('a'), events: [event('registered', 'control.LotRegistered.v1', { quantity: '500.00' }), event('private', 'control.QuantityCounted.v1')] });
  await store.ingest([{ ...event('foreign', 'planning.ItemRegistered.v1'), stream: 'planning/item-1', topic: 'planning.events.v1', offset: 1 }]);
  await store.append({ stream: 'refusals-lot-1', expectedVersion: 'any', command: command('b'), events: [event('refused', 'CommandRefused')] });
  await store.append({ stream: 'lot-1', expectedVersion: 2, command: command('c'), events: [event('rejected', 'control.LotRejected.v1', { inspectorId: 'inspector-7', inspectorName: ciphertext })] });
}

describe('the log of a service as a source', () => {
  it('gives the service\'s own public events, with the bytes as they are stored: what is personal stays encrypted', async () => {
    const store = new MemoryStore('control:test:1');
    await filled(store);
    const given: StoredEvent[] = [];
    for await (const page of new LogSource('control', store, contracts).pages(0, 5)) given.push(...page);
    expect(given).toEqual([(await store.readAll(0, 1))[0], (await store.readAll(4, 1))[0]]);
    expect(given.at(-1)?.body).toContain('"inspectorName":{"cipher":"A256GCM"');
  });

  it('is settled where the log is on disk, and asks again when a connection was lost meanwhile', async () => {
    const store = new MemoryStore('control:test:1');
    await filled(store);
    const asked: number[] = [];
    const shaken = Object.assign(Object.create(store) as MemoryStore, { durable: (epoch: number) => (asked.push(epoch) < 3 ? Promise.reject(new Error('the connection was lost')) : Promise.resolve()) });
    expect(await new LogSource('control', shaken, contracts).settled()).toBe(5);
    expect(asked).toHaveLength(3);
  });

  it('never gives out what is not on disk', async () => {
    const store = new MemoryStore('control:test:1');
    await filled(store);
    const broken = Object.assign(Object.create(store) as MemoryStore, { durable: () => Promise.reject(new Error('the server is gone')) });
    await expect(new LogSource('control', broken, contracts).settled()).rejects.toThrow('the server is gone');
  });

  it('needs rights to select and no others', async () => {
    const { store, ownerUrl, name } = await database.fresh();
    await filled(store);
    await asOwner(ownerUrl, [
      `create role "${name}_reader" login password 'reader'`, `grant connect on database "${name}" to "${name}_reader"`, `grant usage on schema public to "${name}_reader"`,
      `grant select on event, log_identity to "${name}_reader"`,
    ]);
    const reading = await openPostgresStore({ url: Object.assign(new URL(ownerUrl), { username: `${name}_reader`, password: 'reader' }).href });
    const folder = mkdtempSync(join(tmpdir(), 'touchstone-reader-'));
    try {
      expect(await exportFolder({ folder, sources: [new LogSource('control', reading, contracts)] })).toMatchObject([{ service: 'control', place: 5, events: 2 }]);
      const { rows } = await askFolder(folder, 'select seq::int, type, body::varchar from events order by seq');
      expect(rows).toEqual((await store.readAll(0, 9)).filter(({ seq }) => seq === 1 || seq === 5).map(({ seq, type, body }) => [seq, type, body]));
      await expect(reading.pool.query('select * from subject_key')).rejects.toThrow('permission denied');
    } finally {
      await reading.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('an event as a line', () => {
  it('is CloudEvents 1.0 in JSON, with the stored body inside', async () => {
    const store = new MemoryStore('control:test:1');
    await filled(store);
    const [stored] = await store.readAll(0, 1);
    const line = stored ? cloudEventLine({ service: 'control', logId: store.logId }, stored) : '';
    const id = derivedId('log source', 'registered');
    expect(JSON.parse(line)).toEqual({
      specversion: '1.0', id, source: 'control:test:1', type: 'control.LotRegistered.v1', subject: 'lot-1', time: at, datacontenttype: 'application/json', service: 'control', sequence: '1',
      streamversion: 1, recordedat: at, actor: 'ada', causationid: id, correlationid: id, data: { quantity: '500.00' },
    });
    expect(line.endsWith(`"data":${stored?.body ?? ''}}\n`)).toBe(true);
  });
});
