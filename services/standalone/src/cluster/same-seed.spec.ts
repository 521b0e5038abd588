import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openPostgresStore } from '@touchstone/event-store';
import { SimulatedClock, systemClock } from '@touchstone/kernel';
import { refuseOtherTime } from '@touchstone/platform';
import { writeDocuments } from '../demo/documents.js';
import type { Findings } from '../demo/findings.js';
import { collectFindings } from '../demo/findings.js';
import type { Run } from '../demo/miniature.spec-kit.js';
import { ofMiniature, run, runOn } from '../demo/miniature.spec-kit.js';
import { rebuildAll } from '../demo/rebuild.js';
import type { RunningPlatform } from '../platform.js';
import { advance, settled } from '../time.js';
import type { Cluster } from './cluster.js';
import { ClusterFolder, describeWithKafka } from './cluster.spec-kit.js';

const START_MS = 240_000;

/** Which of two commands that come at once finds the stream first is nobody's promise: no versions are compared, nor the order within an instant. */
const steps = (loop: Findings['loop']) => loop.map(({ version: _, ...step }) => step).toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1));

/** Half a year of a small company with the same seed, in one process and over processes of their own and Kafka. */
describeWithKafka('a simulated company on a cluster', () => {
  let folder: ClusterFolder;
  let [inProcess, onCluster]: [Run?, Run<Cluster>?] = [];
  let [expected, found]: [Findings?, Findings?] = [];

  beforeAll(async () => {
    folder = new ClusterFolder();
    inProcess = await run(join(folder.path, 'one-process'));
    expected = await findingsOf(inProcess);
    await inProcess.platform.stop();
    onCluster = await runOn(await folder.start('cluster', ofMiniature()));
    found = await findingsOf(onCluster);
  }, 2 * START_MS);

  afterAll(async () => {
    await onCluster?.platform.stop();
    rmSync(folder.path, { recursive: true, force: true, maxRetries: 5 });
  }, 60_000);

  async function findingsOf({ platform, api, company, told }: Run<RunningPlatform>): Promise<Findings> {
    const rebuilt = await rebuildAll(api, [...platform.databases.keys()]);
    const documents = await writeDocuments(platform, told, company, join(folder.path, 'documents'));
    return collectFindings({ platform, api, company, story: told, imported: [], rebuilt, documents, timings: {} });
  }

  const cluster = (): Cluster => {
    if (!onCluster) throw new Error('there is no cluster');
    return onCluster.platform;
  };

  it('is found to have done exactly the same, event by event of its story', () => {
    const told = ({ api: _, readModels: __, loop, ...rest }: Findings) => ({ ...rest, loop: steps(loop) });
    expect(found && told(found)).toEqual(expected && told(expected));
    expect(found?.loop.length).toBeGreaterThan(20);
    expect(found?.company.cases).toBeGreaterThan(0);
  });

  it('leaves read models that are what the logs say, with the rows that they have in one process', () => {
    // A deadline names the event that set it last, and a recurrence its place in the log: of events of two streams either may come first.
    const byOrder = ['deadlines', 'recurrences'];
    const hashes = (findings: Findings | undefined) => Object.fromEntries((findings?.readModels ?? []).filter(({ name }) => !byOrder.includes(name)).map(({ service, name, hash }) => [`${service} ${name}`, hash]));
    expect(found?.readModels.filter(({ equal }) => !equal)).toEqual([]);
    expect(hashes(found)).toEqual(hashes(expected));
    expect(found?.readModels.length).toBeGreaterThan(20);
  });

  it('lets nobody but operators move its time', async () => {
    const { url, issuer } = cluster();
    const status = async (method: string, path: string, role: string) =>
      (await fetch(url + path, { method, headers: { authorization: `Bearer ${await issuer.issue({ id: 'one', roles: [role] })}`, 'content-type': 'application/json' }, ...(method === 'POST' && { body: '{}' }) })).status;
    for (const role of ['quality-manager', 'auditor', 'integration']) {
      expect([await status('GET', '/control/clock', role), await status('POST', '/control/clock', role), await status('POST', '/control/clock/deadlines', role)]).toEqual([403, 403, 403]);
    }
    expect([await status('GET', '/control/clock', 'operator'), await status('POST', '/control/clock', 'operator')]).toEqual([200, 400]);
  });

  it('keeps its time when a service is started again, and goes on', async () => {
    const { clock } = cluster();
    const analytics = cluster().processes.get('analytics');
    await analytics?.restart();
    const later = new Date(Date.parse(clock.now()) + 86_400_000).toISOString();
    await advance(cluster(), later);
    await settled(cluster());
    expect(clock.now()).toBe(later);
  }, 120_000);

  it('is never continued under the real clock: neither the folder nor a single service', async () => {
    await expect(folder.start('cluster', { clock: systemClock })).rejects.toMatchObject({ code: 'SIMULATED_DATA' });
    const store = await openPostgresStore({ url: cluster().databases.get('control') ?? '' });
    await refuseOtherTime(store, true);
    await expect(refuseOtherTime(store, false)).rejects.toMatchObject({ code: 'SIMULATED_DATA', message: expect.stringContaining('TOUCHSTONE_SIMULATED_CLOCK') });
    await store.close();
  });

  it('has marked all that it recorded as simulated', async () => {
    const { events } = await (onCluster as Run<Cluster>).api.get<{ events: { meta: { provenance?: string[] } }[] }>('auditor', `/assurance/history/capa-${found?.ids.capaId}`);
    expect(new Set(events.map(({ meta }) => meta.provenance?.join()))).toEqual(new Set(['simulated']));
    expect(cluster().clock).toBeInstanceOf(SimulatedClock);
  });
});
