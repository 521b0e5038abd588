import type { ImportResult } from '@touchstone/auditor/import';
import { runImport } from '@touchstone/auditor/import';
import type { Act, Api } from '@touchstone/infra';
import { datasets, people } from '@touchstone/infra';
import type { RunningPlatform } from '../platform.js';
import { settled } from '../time.js';

export interface Imported {
  readonly name: string;
  readonly service: string;
  readonly result: ImportResult;
}

/** The real data sets, through the public bulk interface; the plans of what they measured first, written by one person and approved by another. */
export async function importDatasets(platform: RunningPlatform, api: Api, say: (what: string) => void): Promise<Imported[]> {
  for (const { item } of datasets) {
    if (!item) continue;
    const { itemId, number, name, characteristic } = item;
    const act = (by: 'planner' | 'manager', type: string, body: object): Act => ({ by, service: 'planning', type, occurredAt: platform.clock.now(), body: { itemId, ...body } });
    await api.must(act('planner', 'RegisterItem', { number, name, unit: 'pcs' }));
    await api.must(act('planner', 'DraftControlPlan', { title: name, requiredInspections: ['in-process'], characteristics: [characteristic] }));
    await api.must(act('manager', 'ApproveControlPlan', { revision: 1 }));
    await api.must(act('manager', 'PutControlPlanInForce', { revision: 1 }));
  }
  await settled(platform);
  const token = await platform.issuer.issue(people.importer);
  const imported: Imported[] = [];
  const quiet = { stdout: { write: () => true }, stderr: { isTTY: false, write: () => true } };
  for (const { name, file, mapping, service } of datasets) {
    const result = await runImport({ file, mapping, to: service, url: platform.url, token, json: true }, quiet);
    if (result.exitCode !== 0) throw new Error(`${name}: ${result.fault?.detail ?? JSON.stringify(result.problems[0])}`);
    imported.push({ name, service, result });
    say(`${name}: ${result.rows.read} lines, ${result.commands.accepted} commands accepted`);
  }
  await settled(platform);
  return imported;
}
