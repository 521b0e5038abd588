import type { Check } from './checks.js';
import { checkAll, withdrawnAt } from './checks.js';
import type { DrillOptions } from './options.js';
import type { Answer, DrillSite } from './site.js';
import { openDrillSite } from './site.js';
import { eventsOf, give, workOn } from './work.js';

/** One database put back, and what came of it. */
export interface Round {
  /** Whether the service was started on the restored database, or had it put under its hands. */
  readonly how: 'started again' | 'under its hands';
  readonly logId: string;
  readonly forkSeq: number;
  /** Events of the service's own that its log lost; and of them those that were told. */
  readonly lost: number;
  readonly withdrawn: number;
  readonly withdrawnAt: Readonly<Record<string, number>>;
  /** From the backup being in place until the service refuses. */
  readonly noticedAfterSeconds: number;
  /** From the operator's request until its answer: all is told, and the service records again. */
  readonly reconciledAfterSeconds: number;
  /** While the lost commands were given again. */
  readonly eventsPerSecond: number;
  readonly checks: readonly Check[];
}

export interface DrillReport {
  readonly seed: number;
  readonly lots: number;
  readonly rounds: readonly Round[];
  readonly passed: boolean;
}

const SERVICE = 'control';
const OPERATOR = 'operator';
const NOTICE_MS = 30_000;

/** Puts one service's database back under the eyes of the others, twice. */
export async function drillRestore({ seed, lots }: Pick<DrillOptions, 'seed' | 'lots'>, say: (what: string) => void): Promise<DrillReport> {
  say('starting PostgreSQL and five services');
  const site = await openDrillSite();
  try {
    const rounds: Round[] = [];
    for (const [index, how] of (['started again', 'under its hands'] as const).entries()) rounds.push(await round(site, seed, lots, index * 2 * lots, how, say));
    return { seed, lots, rounds, passed: rounds.every(({ checks }) => checks.every(({ findings }) => findings.length === 0)) };
  } finally {
    await site.stop();
  }
}

async function round(site: DrillSite, seed: number, lots: number, first: number, how: Round['how'], say: (what: string) => void): Promise<Round> {
  const backup = `${SERVICE}_yesterday_${first}`;
  say(`working on ${lots} lots, then backing up ${SERVICE}`);
  eventsOf(await give(site, workOn(seed, first, first + lots)));
  await site.settled();
  await site.backUp(SERVICE, backup);
  await eventually(async () => (await site.call(SERVICE, 'GET', '/health/ready', 'auditor')).status === 200);
  const forkAt = await head(site);
  const today = workOn(seed, first + lots, first + 2 * lots);
  say(`working on ${lots} more`);
  const before = new Set(eventsOf(await give(site, today)));
  await site.settled();
  const lostHead = await head(site);
  say(`putting yesterday back, ${how}`);
  if (how === 'started again') await site.stopService(SERVICE);
  await site.putBack(SERVICE, backup);
  const replaced = performance.now();
  if (how === 'started again') await site.start(SERVICE);
  const refused = await eventually(() => site.call(SERVICE, 'POST', today[0]?.path ?? '', 'inspector', { body: today[0]?.body ?? {}, key: 'drill-while-refused' }), isRefused);
  const noticedAfterSeconds = seconds(replaced);
  const checks = [await whileRefusing(site, refused, forkAt)];
  say('starting a new epoch');
  const asked = performance.now();
  const { status, body: epoch } = await site.call(SERVICE, 'POST', '/epochs', OPERATOR, { body: { reason: `Drill: yesterday was put back, ${how}.` } });
  if (status !== 201) throw new Error(`the epoch was not started: ${status} ${JSON.stringify(epoch)}`);
  const reconciledAfterSeconds = seconds(asked);
  say('giving the lost commands again, and checking everything');
  const again = performance.now();
  const after = eventsOf(await give(site, today));
  const eventsPerSecond = Math.round(after.length / seconds(again));
  await site.settled();
  checks.push(await afterwards(site, before, after, String(epoch['logId']), forkAt, lostHead), ...(await checkAll(site)));
  return {
    how, logId: String(epoch['logId']), forkSeq: Number(epoch['forkSeq']), lost: before.size, withdrawn: Number(epoch['withdrawn']),
    withdrawnAt: await counts(site, String(epoch['logId'])), noticedAfterSeconds, reconciledAfterSeconds, eventsPerSecond, checks,
  };
}

const isRefused = ({ status, body }: Answer): boolean => status === 503 && body['code'] === 'LOG_RESTORED';

/** Refuses, says why, can be read, publishes nothing; the others go on. */
async function whileRefusing(site: DrillSite, refused: Answer, forkAt: number): Promise<Check> {
  const findings: string[] = [];
  const expect = (holds: boolean, what: string) => { if (!holds) findings.push(what); };
  expect(isRefused(refused), `a command was answered ${refused.status} ${JSON.stringify(refused.body)}`);
  const ready = await site.call(SERVICE, 'GET', '/health/ready', 'auditor');
  expect(ready.status === 503 && String(ready.body['status']).includes('LOG_RESTORED'), `readiness is ${ready.status}: ${String(ready.body['status'])}`);
  expect((await site.call(SERVICE, 'GET', '/lots?limit=10', 'auditor')).status === 200, 'lists cannot be read');
  expect((await head(site)) === forkAt, `the log moved from ${forkAt} to ${await head(site)}`);
  for (const name of [...site.services.keys()].filter((each) => each !== SERVICE)) {
    await eventually(async () => (await site.call(name, 'GET', '/health/ready', 'auditor')).status === 200).catch(() => findings.push(`${name} is not ready`));
  }
  return { what: 'it refuses, says why, records nothing, can be read, and holds up nobody', findings };
}

/** The same commands gave other events; positions of before are understood up to the fork; what was lost is entered again. */
async function afterwards(site: DrillSite, before: ReadonlySet<string>, after: readonly string[], logId: string, forkAt: number, lostHead: number): Promise<Check> {
  const findings = after.filter((id) => before.has(id)).map((id) => `event ${id} was given before the restoring, and again`);
  const former = `${logId.slice(0, logId.lastIndexOf('.'))}.${Number(logId.slice(logId.lastIndexOf('.') + 1)) - 1}`;
  const at = (seq: number) => site.call(SERVICE, 'GET', '/position', 'auditor', { headers: { 'min-position': `${former}@${seq}` } });
  const [kept, lost] = [await at(forkAt), await at(lostHead)];
  if (kept.status !== 200) findings.push(`${former}@${forkAt}, before the fork, is answered ${kept.status}`);
  if (lost.status !== 410 || lost.body['code'] !== 'POSITION_WITHDRAWN') findings.push(`${former}@${lostHead}, which was lost, is answered ${lost.status}`);
  const missing = (await withdrawnAt(site, SERVICE)).filter(({ service, enteredAgain }) => service === SERVICE && enteredAgain === false);
  // What reactions had recorded follows by itself: under an id of its own where it names the event that it reacts to.
  findings.push(...missing.filter(({ eventId }) => before.has(eventId)).map(({ eventId }) => `${eventId} was entered again, and is listed as if not`));
  return { what: 'commands given again are decided anew, and positions are understood up to the fork', findings };
}

async function counts(site: DrillSite, logId: string): Promise<Record<string, number>> {
  const all: Record<string, number> = {};
  for (const name of site.services.keys()) {
    const here = (await withdrawnAt(site, name)).filter((each) => each.here && each.logId === logId).length;
    if (name !== SERVICE) all[name] = here;
  }
  return all;
}

const head = (site: DrillSite): Promise<number> => site.services.get(SERVICE)?.runtime.options.store.head() ?? Promise.resolve(0);
const seconds = (since: number): number => Math.round(performance.now() - since) / 1_000;

async function eventually<T>(ask: () => Promise<T>, good: (answer: T) => boolean = Boolean): Promise<T> {
  for (const until = performance.now() + NOTICE_MS; ; ) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined && good(answer)) return answer;
    if (performance.now() > until) throw new Error(`it did not come to this within ${NOTICE_MS / 1_000} s: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
