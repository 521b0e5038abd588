import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { LogFeed, noUpcasting, pause, ReadModel, schemaOf } from '@touchstone/event-store';
import pg from 'pg';
import { GaugeRow, gaugeList } from './fixtures/gauges.js';
import type { Order, OwnStep, Report } from './projecting.spec-kit.js';
import type { FreshDatabase } from './index.js';
import { asOwner, newAppend, newEvent, testDatabase } from './index.js';

const PATIENCE_MS = 60_000;
const GAUGES = 3;
const TABLE = `"${schemaOf(gaugeList)}".gauge`;

/** Waits for what must come; the time only bounds a test that would fail. */
async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += 10) {
    if (await holds()) return;
    await pause(10);
  }
  throw new Error(`it never came to this: ${what}`);
}

/** The process that writes the read model. */
class Writer {
  readonly ended: Promise<unknown>;
  private readonly child: ChildProcess;
  private readonly loaded: Promise<void>;

  constructor() {
    const program = fileURLToPath(new URL('projecting.spec-kit.ts', import.meta.url));
    this.child = fork(program, { execArgv: ['--conditions=@touchstone/source', '--import', '@swc-node/register/esm-register'], env: { ...process.env, NODE_OPTIONS: '' } });
    this.ended = once(this.child, 'exit').then(([code, signal]) => (signal ?? code) as unknown);
    this.loaded = this.hears('loaded');
  }

  /** Starts, or goes on where the one before was killed, and has passed the whole log. */
  async catchUp(url: string): Promise<void> {
    await this.loaded;
    await this.asked({ catchUp: url }, 'caught up');
  }

  /** From its next page on it dies at this step; at none when it is left out. */
  arm = (dieAt?: OwnStep): Promise<void> => this.asked({ dieAt }, 'armed');

  kill = (): boolean => this.child.kill('SIGKILL');

  private asked(order: Order, answer: Report): Promise<void> {
    const heard = this.hears(answer);
    this.child.send(order);
    return heard;
  }

  private hears(wanted: Report): Promise<void> {
    return new Promise((resolve, reject) => {
      this.child.on('message', (report) => report === wanted && resolve());
      void this.ended.then((how) => reject(new Error(`the process ended with ${String(how)} before it was ${wanted}`)));
    });
  }
}

/** Where the session of the writer is held up within its one statement. */
const HOLDS = {
  'the statement has arrived, nothing is written': 'create trigger hold before update on checkpoint for each statement execute function hold()',
  'the checkpoint is moved, no row is written': `create trigger hold before insert or update on ${TABLE} for each row execute function hold()`,
  'all is written, nothing is committed': `create constraint trigger hold after insert or update on ${TABLE} deferrable initially deferred for each row execute function hold()`,
} as const;
/** Holds the first that comes, and lets others pass. */
const HOLD = `create function hold() returns trigger language plpgsql as $$
  begin if pg_try_advisory_xact_lock(1) then perform pg_advisory_xact_lock_shared(2); end if; return new; end $$`;

type ServerStep = keyof typeof HOLDS;
/** What becomes of the session that the dead process left behind. */
type Fate = 'goes on' | 'ends' | 'goes on while the next process writes' | 'goes on after the next process has written';

describe('a read model whose writer is killed', () => {
  const writers: Writer[] = [];
  let log: FreshDatabase;
  let holder: pg.Client;
  let writer: Writer;
  let lent = 0;

  beforeAll(async () => {
    log = await databases.fresh();
    await asOwner(log.ownerUrl, [HOLD]);
    holder = new pg.Client({ connectionString: log.ownerUrl });
    await holder.connect();
    await lendEach();
    writer = started();
    await writer.catchUp(log.url);
  }, PATIENCE_MS);
  afterAll(async () => {
    for (const each of writers) each.kill();
    await Promise.all(writers.map(({ ended }) => ended));
    await holder.end();
  }, PATIENCE_MS);
  const databases = testDatabase(); // its server is stopped after the hook above

  const started = (): Writer => {
    const next = new Writer();
    writers.push(next);
    return next;
  };

  /** One append, hence one page: each gauge is lent once more. */
  async function lendEach(): Promise<void> {
    lent += 1;
    const events = Array.from({ length: GAUGES }, (_, gauge) => ({
      ...newEvent(`${lent}/${gauge}`, { gaugeId: `G-${gauge}`, personId: 'p', personName: `reader ${lent}` }), type: 'control.GaugeLent.v1',
    }));
    expect(await log.store.append(newAppend(`lent ${lent}`, 'gauges', 'any', { events }))).toMatchObject({ status: 'appended' });
  }

  const waiting = async (lockType: string): Promise<number[]> =>
    (await holder.query<{ pid: number }>('select pid from pg_locks where locktype = $1 and not granted and pid <> pg_backend_pid()', [lockType])).rows.map(({ pid }) => pid);

  /** What is in the tables, and what comes out when they are built anew. */
  async function isWhatTheLogSays(): Promise<void> {
    const feed = new LogFeed(log.store, log.keys, noUpcasting);
    const options = { pool: log.store.pool, url: log.url, feed };
    const [live, fresh] = [new ReadModel(gaugeList, options), new ReadModel(gaugeList, options, 'rebuilt')];
    try {
      await fresh.drop();
      await Promise.all([live.open(), fresh.open()]);
      fresh.follower.start();
      expect(await fresh.follower.reached(await log.store.head(), PATIENCE_MS)).toBe(true);
      expect(await live.state()).toEqual(await fresh.state());
      const rows = await live.manager.find(GaugeRow, { order: { gaugeId: 'asc' } });
      expect(rows.map(({ timesLent, lentTo }) => [timesLent, lentTo])).toEqual(Array.from({ length: GAUGES }, () => [lent, `reader ${lent}`]));
    } finally {
      await fresh.drop();
      await live.close();
      feed.close();
    }
  }

  it.each<OwnStep>(['the page is read', 'the rows are made', 'it is committed', 'it is told'])('when %s: is what the log says after the next start, and counts nothing twice', async (step) => {
    const next = started();
    await writer.arm(step);
    await lendEach();
    expect(await writer.ended).toBe('SIGKILL');
    writer = next;
    await writer.catchUp(log.url);
    await isWhatTheLogSays();
  }, PATIENCE_MS);

  it.each<[ServerStep, Fate]>([
    ['the statement has arrived, nothing is written', 'goes on'],
    ['the statement has arrived, nothing is written', 'ends'],
    ['the statement has arrived, nothing is written', 'goes on after the next process has written'],
    ['the checkpoint is moved, no row is written', 'goes on'],
    ['the checkpoint is moved, no row is written', 'ends'],
    ['the checkpoint is moved, no row is written', 'goes on while the next process writes'],
    ['all is written, nothing is committed', 'goes on'],
    ['all is written, nothing is committed', 'ends'],
  ])('when %s, and the session left behind %s: is what the log says after the next start, and counts nothing twice', async (step, fate) => {
    const next = started();
    await asOwner(log.ownerUrl, [HOLDS[step]]);
    await holder.query('select pg_advisory_lock(2)');
    await lendEach();
    await until(async () => (await waiting('advisory')).length === 1, step);
    const left = await waiting('advisory');
    writer.kill();
    expect(await writer.ended).toBe('SIGKILL');
    writer = next;
    const goOn = async () => {
      await holder.query('select pg_advisory_unlock(2)');
      await until(async () => (await holder.query('select from pg_stat_activity where pid = any($1)', [left])).rows.length === 0, `it ${fate}`);
    };
    if (fate === 'ends') await holder.query('select pg_terminate_backend(unnest($1::int[]))', [left]);
    if (fate === 'ends' || fate === 'goes on') await goOn();
    if (fate === 'goes on after the next process has written') await lendEach();
    const caughtUp = writer.catchUp(log.url);
    if (fate === 'goes on while the next process writes') await until(async () => (await waiting('transactionid')).length === 1, fate).then(goOn);
    await caughtUp;
    if (fate === 'goes on after the next process has written') await goOn();
    await asOwner(log.ownerUrl, [`drop trigger hold on ${step.startsWith('the statement') ? 'checkpoint' : TABLE}`]);
    await isWhatTheLogSays();
  }, PATIENCE_MS);
});
