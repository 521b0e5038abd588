import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runtime } from '@touchstone/event-store';
import { DeadlineRow } from '@touchstone/event-store';
import { derivedId } from '@touchstone/kernel';
import type { Run } from './miniature.spec-kit.js';
import { run } from './miniature.spec-kit.js';

/** Of two services' events that set a deadline to the same instant, either may come first: all is compared but which of them was last. */
async function deadlinesOf(manager: ReturnType<Runtime['query']>): Promise<string> {
  const rows = await manager.find(DeadlineRow, { order: { name: 'asc', key: 'asc' } });
  return JSON.stringify(rows.map(({ causationId: _, correlationId: __, ...rest }) => rest));
}

async function hashesOf({ platform }: Run): Promise<Record<string, string>> {
  const hashes = [...platform.services].flatMap(([service, { runtime }]) => [...runtime.models].map(async ([name, model]) =>
    [`${service} ${name}`, await (name === 'deadlines' ? deadlinesOf(model.manager) : model.hash())] as const));
  return Object.fromEntries(await Promise.all(hashes));
}

/** Two half years of a small company with the same seed, on two platforms of the same name. */
describe('a simulated company', () => {
  let folder: string;
  let first: Run;
  let second: Run;
  const runs: Run[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-same-seed-'));
    runs.push((first = await run(join(folder, 'first'))));
    runs.push((second = await run(join(folder, 'second'))));
  }, 180_000);

  afterAll(async () => {
    await Promise.all(runs.map(({ platform }) => platform.stop()));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }, 30_000);

  it('gives the same read models in every service when it is run again', async () => {
    const hashes = await hashesOf(first);
    expect(Object.keys(hashes).length).toBeGreaterThanOrEqual(10);
    expect(await hashesOf(second)).toEqual(hashes);
  });

  it('leaves read models that are the same when they are built again from the log', async () => {
    const reports = [];
    for (const [service, { runtime }] of first.platform.services) {
      for (const name of runtime.models.keys()) reports.push([service, name, (await runtime.rebuild(name)).equal]);
    }
    expect(reports.filter(([, , equal]) => equal !== true)).toEqual([]);
  }, 60_000);

  interface Recorded {
    readonly type: string;
    readonly data: Readonly<Record<string, unknown>>;
  }
  const history = async (service: string, stream: string) => (await first.api.get<{ events: Recorded[] }>('auditor', `/${service}/history/${stream}`)).events;
  const exposedBy = async (nonconformityId: string) =>
    (await history('analytics', `exposure-${nonconformityId}`)).flatMap(({ data }) => (data['accounts'] as { accountId: string }[] | undefined ?? []).map(({ accountId }) => accountId));

  it('has its bad lot traced to exactly the accounts that received it, and opens a case for each', async () => {
    const { api, company, told } = first;
    const reached = new Set(await exposedBy(told.nonconformityId ?? ''));
    expect([...reached].toSorted()).toEqual([...company.exposed.keys()].toSorted());
    // The rest of the lot of which a sample was scrapped was delivered too: the sample was held, so it concerns nobody.
    await expect(exposedBy(derivedId('nonconformity', 'reported', told.heldLot.lotId))).rejects.toThrow('404');
    const cases = await api.all<{ kind: string; accountId: string }>('auditor', '/feedback/cases');
    expect(new Set(cases.filter(({ kind }) => kind === 'exposure').map(({ accountId }) => accountId))).toEqual(reached);
  });

  it('closes its corrective action as effective, and writes what was learned into the plan', async () => {
    const { told } = first;
    const capa = await history('assurance', `capa-${told.capaId ?? ''}`);
    expect(capa.at(-1)?.type).toBe('assurance.CapaClosed.v1');
    expect(capa.filter(({ type }) => type === 'assurance.EffectivenessVerified.v1').map(({ data }) => data['verdict'])).toEqual(['effective']);
    const noted = (await history('planning', `controlPlan-${told.badLot.product.itemId}`)).filter(({ type }) => type.includes('Noted'));
    expect(noted.map(({ data }) => [data['characteristicId'], data['causeId']])).toEqual([['runout', told.capaId]]);
  });

  it('refuses what must be refused, each time with the same code', () => {
    expect(first.told.refusals.map(({ code }) => code)).toEqual(second.told.refusals.map(({ code }) => code));
    expect(first.told.refusals.map(({ code }) => code).toSorted()).toEqual(['OWNER_CANNOT_APPROVE', 'QUANTITY_NOT_FREE', 'WINDOW_STILL_OPEN']);
  });
});
