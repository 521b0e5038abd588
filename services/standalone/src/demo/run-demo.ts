import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SimulatedClock } from '@touchstone/kernel';
import { openLog } from '@touchstone/platform';
import { loyaltyPolicies } from '@touchstone/analytics/app';
import { Company, Api, defaultCompany, people, runCompany } from '@touchstone/infra';
import type { Person } from '@touchstone/infra';
import { BadOption } from '../options.js';
import type { DemoOptions } from '../options.js';
import type { Platform } from '../platform.js';
import { startPlatform } from '../platform.js';
import { allServices } from '../services.js';
import { advance, settled } from '../time.js';
import { writeDocuments } from './documents.js';
import { collectFindings } from './findings.js';
import type { Findings } from './findings.js';
import { importDatasets } from './import-datasets.js';
import { print } from './print.js';
import { DemoProgress } from './progress.js';

/** Of one actor: three months of a company's work pass in half a minute. */
const SIMULATED_RATE = 1_000_000;

/** Exit code 0; 3 when a read model differs from its rebuilding. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const data = freshFolder(options.data);
  const progress = new DemoProgress();
  const timings: Record<string, number> = {};
  const timed = async <T>(what: string, job: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await job();
    timings[`${what}Ms`] = Math.round(performance.now() - began);
    return result;
  };
  const company = new Company({ ...defaultCompany, seed: options.seed });
  const clock = new SimulatedClock('2026-01-04T12:00:00.000Z');
  progress.say('starting PostgreSQL and five services');
  const platform = await timed('start', () => startPlatform({ dataDir: data, port: options.port, clock, requestsPerMinute: SIMULATED_RATE, services: allServices, deployment: `demo-${options.seed}`, log: openLog('warn') }));
  try {
    const api = new Api(platform.url, await tokens(platform));
    progress.say(`API at ${platform.url}; importing real data`);
    const imported = await timed('import', () => importDatasets(platform, api, (what) => progress.say(what)));
    const story = await timed('simulation', () => runCompany(company, {
      api, policies: loyaltyPolicies, advance: (to) => advance(platform, to), progress: (done, of, what) => progress.step(done / of, what),
    }));
    await settled(platform);
    progress.say('rebuilding every read model from zero');
    const rebuilt = await timed('rebuild', () => rebuildAll(platform));
    progress.say('writing the 8D report and a customer timeline');
    const documents = await timed('documents', () => writeDocuments(platform, story, company, join(data, 'documents')));
    const findings: Findings = await collectFindings({ platform, api, company, story, imported, rebuilt, documents, timings });
    process.stdout.write(options.json ? `${JSON.stringify(findings, null, 2)}\n` : print(findings, data));
    if (options.serve) await untilInterrupted();
    return rebuilt.every(({ equal }) => equal) ? 0 : 3;
  } finally {
    await platform.stop();
  }
}

/** Every person and system of the company gets a token of his own from the platform's issuer. */
async function tokens({ issuer }: Platform): Promise<Map<Person, string>> {
  const entries = Object.entries(people) as [Person, (typeof people)[Person]][];
  return new Map(await Promise.all(entries.map(async ([person, actor]) => [person, await issuer.issue(actor)] as const)));
}

export interface Rebuilt {
  readonly service: string;
  readonly name: string;
  readonly equal: boolean;
  readonly hash: string;
  readonly position: number;
  readonly durationMs: number;
}

/** The services side by side, as their databases are their own. */
async function rebuildAll({ services }: Platform): Promise<Rebuilt[]> {
  const results = await Promise.all([...services].map(async ([service, { runtime }]) => {
    const own: Rebuilt[] = [];
    for (const name of runtime.models.keys()) {
      const { equal, liveHash, seq, durationMs } = await runtime.rebuild(name);
      own.push({ service, name, equal, hash: liveHash, position: seq, durationMs });
    }
    return own;
  }));
  return results.flat();
}

const MARK = 'made-by-the-demo';

/** Only what a demo made is thrown away. */
function freshFolder(folder: string): string {
  const path = resolve(folder);
  if (existsSync(path) && !existsSync(join(path, MARK))) throw new BadOption(`${path} exists and was not made by a demo: give another --data folder`);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true, mode: 0o700 });
  writeFileSync(join(path, MARK), 'This folder is replaced by the next demo.\n');
  return path;
}

async function untilInterrupted(): Promise<void> {
  process.stderr.write('The API is running; Ctrl-C stops it.\n');
  await new Promise<void>((done) => {
    process.once('SIGINT', done);
    process.once('SIGTERM', done);
  });
}
