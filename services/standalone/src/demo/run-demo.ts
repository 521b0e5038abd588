import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SimulatedClock } from '@touchstone/kernel';
import { loyaltyPolicies } from '@touchstone/analytics/app';
import { Company, Api, defaultCompany, people, runCompany } from '@touchstone/infra';
import type { Person } from '@touchstone/infra';
import { BadOption } from '../options.js';
import type { DemoOptions } from '../options.js';
import type { RunningPlatform } from '../platform.js';
import { advance, settled } from '../time.js';
import { writeDocuments } from './documents.js';
import { collectFindings } from './findings.js';
import type { Findings } from './findings.js';
import { importDatasets } from './import-datasets.js';
import { print } from './print.js';
import { DemoProgress } from './progress.js';
import { rebuildAll } from './rebuild.js';

/** Of one actor: three months of a company's work pass in half a minute. */
const SIMULATED_RATE = 1_000_000;

/** What the platform of a demonstration is started with. */
export interface DemoSettings {
  readonly dataDir: string;
  readonly port: number;
  readonly clock: SimulatedClock;
  readonly requestsPerMinute: number;
  readonly deployment: string;
}

/** On whatever platform `start` gives. Exit code 0; 3 when a read model differs from its rebuilding. */
export async function runDemo(options: DemoOptions, starting: string, start: (settings: DemoSettings) => Promise<RunningPlatform>): Promise<number> {
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
  progress.say(starting);
  const platform = await timed('start', () => start({ dataDir: data, port: options.port, clock, requestsPerMinute: SIMULATED_RATE, deployment: `demo-${options.seed}` }));
  try {
    const api = new Api(platform.url, await tokens(platform));
    progress.say(`API at ${platform.url}; importing real data`);
    const imported = await timed('import', () => importDatasets(platform, api, (what) => progress.say(what)));
    const story = await timed('simulation', () => runCompany(company, {
      api, policies: loyaltyPolicies, advance: (to) => advance(platform, to), progress: (done, of, what) => progress.step(done / of, what),
    }));
    await settled(platform);
    progress.say('rebuilding every read model from zero');
    const rebuilt = await timed('rebuild', () => rebuildAll(api, [...platform.databases.keys()]));
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
async function tokens({ issuer }: RunningPlatform): Promise<Map<Person, string>> {
  const entries = Object.entries(people) as [Person, (typeof people)[Person]][];
  return new Map(await Promise.all(entries.map(async ([person, actor]) => [person, await issuer.issue(actor)] as const)));
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
