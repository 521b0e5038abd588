import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { BulkCommand, MappedCommand } from '@touchstone/auditor/import';
import { compileMapping, ConnectionFault, readRows, runImport, sendBulk } from '@touchstone/auditor/import';
import type { Act, Person } from '@touchstone/infra';
import { Api, datasets, people, Random } from '@touchstone/infra';
import { SimulatedClock } from '@touchstone/kernel';
import { localIssuer, openLog } from '@touchstone/platform';
import { HostProcess, prepareFolder } from './host.spec-kit.js';
import { startPlatform } from './platform.js';
import { allServices } from './services.js';
import { settled } from './time.js';

const NOW = '2026-01-05T08:00:00.000Z';
const LINES = 600;
const KILLS_PER_IMPORT = 5;
const SERVICES = allServices.map(({ name }) => name);

interface Source {
  readonly file: string;
  readonly mapping: string;
  readonly service: string;
}

/** What can be compared between two runs: where each log ends, and what each read model holds. */
type Outcome = Record<string, { readonly head: string; readonly hashes: Record<string, string> }>;

describe('an import during which the host or its PostgreSQL is killed', () => {
  let folder: string;
  let sources: Source[];
  let commands: ReadonlyMap<Source, readonly MappedCommand[]>;
  let undisturbed: Outcome;
  const ringItem = datasets.find(({ name }) => name === 'montgomery-pistonrings')?.item;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-chaos-'));
    sources = ['cdnow', 'montgomery-pistonrings'].map((name) => {
      const found = datasets.find((each) => each.name === name);
      if (!found) throw new Error(`no data set ${name}`);
      if (name !== 'cdnow') return found;
      const file = join(folder, 'CDNOW_sample.txt');
      writeFileSync(file, `${readFileSync(found.file, 'utf8').split(/\r?\n/, LINES).join('\n')}\n`);
      return { ...found, file };
    });
    commands = new Map(await Promise.all(sources.map(async (source) => [source, await commandsOf(source)] as const)));
    const dataDir = join(folder, 'undisturbed');
    prepareFolder(dataDir, 'chaos');
    const platform = await startPlatform({ dataDir, services: allServices, log: openLog('warn'), clock: new SimulatedClock(NOW) });
    try {
      const api = await apiOf(platform.url, dataDir);
      await putPlanInForce(api);
      await settled(platform);
      for (const source of sources) expect((await importAll(source, platform.url, dataDir)).exitCode).toBe(0);
      await settled(platform);
      undisturbed = await outcomeOf(api);
    } finally {
      await platform.stop();
    }
  }, 60_000);

  afterAll(() => {
    for (const entry of readdirSync(folder)) HostProcess.endLeftOver(join(folder, entry)); // none, unless a test failed
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function commandsOf({ file, mapping }: Source): Promise<MappedCommand[]> {
    const compiled = compileMapping(readFileSync(mapping, 'utf8'));
    const rows = readRows(ReadableStream.from([readFileSync(file)]) as AsyncIterable<Uint8Array>, compiled.format);
    const all: MappedCommand[] = [];
    for await (const mapped of compiled.mapRows(rows, 'file')) all.push(...mapped.commands);
    return all;
  }

  const tokensOf = async (dataDir: string) => {
    const issuer = await localIssuer(join(dataDir, 'issuer-key.pem'));
    return new Map(await Promise.all((['planner', 'manager', 'auditor', 'importer'] as const).map(async (person) => [person as Person, await issuer.issue(people[person])] as const)));
  };
  const apiOf = async (url: string, dataDir: string) => new Api(url, await tokensOf(dataDir));

  /** Repeated after every kill: each command has a key of its own, so it is carried out once. */
  async function putPlanInForce(api: Api): Promise<void> {
    if (!ringItem) throw new Error('no piston rings');
    const { itemId, number, name, characteristic } = ringItem;
    const act = (by: Person, type: string, body: object): Act => ({ by, service: 'planning', type, occurredAt: NOW, body: { itemId, ...body } });
    await api.must(act('planner', 'RegisterItem', { number, name, unit: 'pcs' }));
    await api.must(act('planner', 'DraftControlPlan', { title: name, requiredInspections: ['in-process'], characteristics: [characteristic] }));
    await api.must(act('manager', 'ApproveControlPlan', { revision: 1 }));
    await api.must(act('manager', 'PutControlPlanInForce', { revision: 1 }));
    await reached(api, (outcome) => headNumber(outcome, 'control') >= 4);
  }

  async function importAll({ file, mapping, service }: Source, url: string, dataDir: string) {
    const quiet = { stdout: { write: () => true }, stderr: { isTTY: false, write: () => true } };
    const token = (await tokensOf(dataDir)).get('importer') ?? '';
    return runImport({ file, mapping, to: service, url, token, json: true }, quiet);
  }

  async function outcomeOf(api: Api): Promise<Outcome> {
    const read = async (service: string) => {
      const { head, readModels } = await api.get<{ head: string; readModels: { name: string; position: string; hash: string }[] }>('auditor', `/${service}/read-models`);
      const behind = readModels.filter(({ position }) => position !== head).map(({ name }) => name);
      return [service, { head, hashes: Object.fromEntries(readModels.map(({ name, hash }) => [name, behind.includes(name) ? 'still following' : hash])) }] as const;
    };
    return Object.fromEntries(await Promise.all(SERVICES.map(read)));
  }

  const headNumber = (outcome: Outcome, service: string) => Number(outcome[service]?.head.split('@').at(-1));

  /** Polls until it is so; what it looked like in the end when it never is. */
  async function reached(api: Api, isSo: (outcome: Outcome) => boolean): Promise<Outcome> {
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await outcomeOf(api);
      if (isSo(outcome) || attempt > 150) return outcome;
      await setTimeout(100);
    }
  }

  /** Sends all commands of both files at once and kills when so many were answered. What was acknowledged before must not be new again. */
  async function sendUntil(host: HostProcess, dataDir: string, answers: number, acknowledged: Set<string>, kill: () => void): Promise<string[]> {
    const lost: string[] = [];
    let answered = 0;
    const token = (await tokensOf(dataDir)).get('importer') ?? '';
    const sending = sources.map(async ({ service, ...source }) => {
      const all = [...commands.entries()].find(([each]) => each.file === source.file)?.[1] ?? [];
      try {
        for await (const event of sendBulk({ url: host.url, service, token, dryRun: false }, ReadableStream.from(all) as AsyncIterable<MappedCommand>)) {
          if ('summary' in event) continue;
          const { sent: { command }, answer: { status, code } } = event;
          if (status === 'accepted' || status === 'unchanged') {
            if (status === 'accepted' && acknowledged.has(command.id)) lost.push(told(command));
            acknowledged.add(command.id);
          } else if (status !== 'failed') lost.push(`${told(command)}: ${status} ${code ?? ''}`);
          answered += 1;
          if (answered === answers) kill();
        }
      } catch (error) {
        if (!(error instanceof ConnectionFault)) throw error;
      }
    });
    await Promise.all(sending);
    return lost;
  }

  const told = ({ line, type }: BulkCommand) => `line ${line} ${type}`;

  async function importUnderKills(seed: number): Promise<void> {
    const random = new Random(seed);
    const dataDir = join(folder, `seed-${seed}`);
    prepareFolder(dataDir, 'chaos');
    const total = [...commands.values()].flat().length;
    const acknowledged = new Set<string>();
    for (let kill = 0; kill < KILLS_PER_IMPORT; kill += 1) {
      const killsDatabase = (kill + seed) % 2 === 0;
      const host = await HostProcess.start(dataDir, folder, NOW);
      expect(host.tookOver).toBe(kill > 0 && killsDatabase); // kills alternate: before this one the host was killed, its PostgreSQL left running
      const before = acknowledged.size;
      await putPlanInForce(await apiOf(host.url, dataDir));
      // The last kill comes when all is answered, and read models, reactions and the other services still follow.
      const answers = kill === KILLS_PER_IMPORT - 1 ? total : Math.floor(((kill + random.next()) / KILLS_PER_IMPORT) * total) + 1;
      const lost = await sendUntil(host, dataDir, answers, acknowledged, () => (killsDatabase ? host.killDatabase() : host.killHost()));
      expect(lost).toEqual([]);
      expect(acknowledged.size).toBeGreaterThanOrEqual(Math.max(before, killsDatabase ? 1 : Math.min(answers, total)));
      expect(await host.exited).toBe(killsDatabase ? 1 : null);
    }
    const host = await HostProcess.start(dataDir, folder, NOW);
    try {
      const api = await apiOf(host.url, dataDir);
      await putPlanInForce(api);
      for (const source of sources) expect(await importAll(source, host.url, dataDir)).toMatchObject({ exitCode: 0, problemCount: 0 });
      const outcome = await reached(api, (now) => JSON.stringify(now) === JSON.stringify(undisturbed));
      expect(outcome).toEqual(undisturbed);
      const again = await importAll(sources[0] as Source, host.url, dataDir);
      expect(again.commands.accepted).toBe(0);
    } finally {
      await host.stop();
    }
  }

  it.each([[1, 2], [3, 4]])(`ends, repeated after each of ${KILLS_PER_IMPORT} kills, in what it would have been undisturbed (seeds %d and %d)`, async (...seeds) => {
    await Promise.all(seeds.map(importUnderKills)); // each in a folder and processes of its own
  }, 180_000);
});
