import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredEvent } from '@touchstone/event-store';
import { exportTo } from '../parquet/export-folder.spec-kit.js';
import type { Source } from '../sources/source.js';
import { askFolder } from './query.js';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'touchstone-lots-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const meta = JSON.stringify({ actor: 'ada', causationId: 'c', commandId: 'c', correlationId: 'c', decider: 'control.lot@1', occurredAt: '2026-03-02T08:00:00.000Z', recordedAt: '2026-03-02T08:00:00.000Z' });

/** The row of a lot of 100 to which these things happened, in this order. */
async function lotAfter(...happened: (readonly [type: string, data: object])[]): Promise<unknown> {
  const all = [['LotRegistered', { number: 'L-1', itemId: 'i', unit: 'pcs', site: 'ulm', quantity: '100' }] as const, ...happened];
  const events = all.map(([type, data], index): StoredEvent => ({ seq: index + 1, id: `e${index}`, stream: 'lot-1', version: index + 1, type: `control.${type}.v1`, body: JSON.stringify({ lotId: '1', ...data }), meta }));
  const source: Source = { service: 'control', logId: 'control:lots:1', settled: () => Promise.resolve(events.length), async *pages() { yield await Promise.resolve(events); } };
  await exportTo(folder, source);
  const { rows } = await askFolder(folder, 'select status, columns(c -> c in (\'pending\', \'accepted\', \'rejected\', \'consumed\', \'held\', \'free\', \'released\', \'allocated\'))::double from lots');
  const [status, ...quantities] = rows[0] ?? [];
  return [status, ...quantities];
}

/** Status, then: pending, accepted, rejected, consumed, held, free, released, allocated. Worked out by hand from docs of the events. */
describe('a lot', () => {
  const accepted = ['LotAccepted', { quantity: '100' }] as const;

  it('waits for inspection when it is registered', async () => expect(await lotAfter()).toEqual(['pending inspection', 100, 0, 0, 0, 0, 0, 0, 0]));

  it('is free as far as no hold that stands wants it', async () =>
    expect(await lotAfter(accepted, ['QuantityHeld', { holdId: 'a', quantity: '30' }], ['QuantityHeld', { holdId: 'b', quantity: '25.5' }], ['HoldLifted', { holdId: 'a', quantity: '30' }]))
      .toEqual(['accepted', 0, 100, 0, 0, 25.5, 74.5, 0, 0]));

  it('holds no more than there is, however much its holds want together', async () =>
    expect(await lotAfter(accepted, ['QuantityHeld', { holdId: 'a', quantity: '80' }], ['QuantityHeld', { holdId: 'b', quantity: '90' }])).toEqual(['accepted', 0, 100, 0, 0, 100, 0, 0, 0]));

  it('counts what a concession releases beyond the accepted as accepted, from then on', async () => {
    expect(await lotAfter(['QuantityReleased', { quantity: '40', concessionId: 'c' }])).toEqual(['pending inspection', 60, 40, 0, 0, 0, 0, 40, 0]);
  });

  it('counts it once: what inspection accepts later is the rest', async () =>
    expect(await lotAfter(['QuantityReleased', { quantity: '40', concessionId: 'c' }], ['LotAccepted', { quantity: '60' }], ['QuantityReleased', { quantity: '60' }], ['QuantityAllocated', { deliveryId: 'd', quantity: '15' }]))
      .toEqual(['released', 0, 100, 0, 0, 0, 0, 100, 15]));

  it('loses what is scrapped, gets back what is used as it is, and waits again for what is reworked', async () =>
    expect(await lotAfter(['LotRejected', { quantity: '100' }], ['QuantityDispositioned', { disposition: 'scrap', quantity: '10', rejected: '10' }],
      ['QuantityDispositioned', { disposition: 'use-as-is', quantity: '50', rejected: '50' }], ['QuantityDispositioned', { disposition: 'rework', quantity: '20', rejected: '20' }]))
      .toEqual(['rejected', 20, 50, 20, 10, 0, 50, 0, 0]));

  it('is consumed when nothing is left', async () =>
    expect(await lotAfter(accepted, ['QuantityDispositioned', { disposition: 'return', quantity: '100', rejected: '0' }])).toEqual(['consumed', 0, 0, 0, 100, 0, 0, 0, 0]));
});
