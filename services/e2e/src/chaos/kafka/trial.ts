import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { topicOf } from '@touchstone/messaging';
import type { Database } from '../store/cluster.js';
import { WorkerFailed } from '../worker-process.js';
import type { KafkaGrounds } from './grounds.js';
import type { Decision, OpenService, PlantedBug, Presses, Worker } from './messages.js';
import type { Service } from './presses.js';
import { otherOf, partsOf, services } from './presses.js';
import type { KillPoint } from './steps.js';

/** A process of a service. The first of each has the service's name, others a number behind it. */
export interface Member {
  readonly name: string;
  readonly service: Service;
}

export interface KafkaTrialOptions {
  readonly name: string;
  readonly grounds: KafkaGrounds;
  readonly bug?: PlantedBug;
  readonly mangled?: boolean;
  readonly flawedShare?: number;
  readonly presses?: Presses;
  /** What does not come soon is not waited for: with a planted bug some of it never does. */
  readonly impatient?: boolean;
}

export const pressing: Member = { name: 'pressing', service: 'pressing' };
export const inspecting: Member = { name: 'inspecting', service: 'inspecting' };

const CLIENTS = 4;
const FLAWED = 0.01;
const PRESSES: Presses = { atOnce: 8, parts: 25 };
const SESSION_TIMEOUT_MS = 3_000;
const OPEN_MS = 40_000;
/** Slower than this after a fault is a violation: the services did not go on by themselves. */
const RECOVERY_MS = 60_000;
const IMPATIENT_MS = 6_000;
const LOOK_EVERY_MS = 50;
const MOST_ROUNDS = 100;

/** The newest of a service's own events that others are told, and whether another one has an event, or has put it aside. */
const NEWEST = `select id from event where stream not like '%/%' and type = any($1) order by seq desc limit 1`;
const HAS = `select from event where id = $1 union all select from parked where event_id = $1`;
const SAID = `select count(*)::int as count from event where stream not like '%/%' and type = any($1)`;
const CAME = `select ((select count(*) from event where stream like '%/%') + (select count(*) from parked where consumer like 'ingest:%' and state <> 'replayed'))::int as count`;

/** The two services, each with a database of its own, and what goes wrong with them. */
export class KafkaTrial {
  /** The same for all processes: by it a repeated command is known. */
  readonly masterKey = randomBytes(32);
  readonly folder: string;
  readonly journals: string[] = [];
  /** What those at work did not do in time. */
  readonly failures: string[] = [];
  readonly prefix: string;
  /** What an operator has discarded: ids of events. */
  readonly discarded = new Set<string>();
  /** Whoever is started from now on knows flawed parts. */
  newer = false;
  private readonly atWork = new Map<Member, Worker>();
  private generation = 0;

  private constructor(readonly options: KafkaTrialOptions, readonly databases: Readonly<Record<Service, Database>>, private readonly pools: Readonly<Record<Service, pg.Pool>>) {
    this.folder = join(options.grounds.folder, options.name);
    this.prefix = `${options.name}.`;
  }

  static async open(options: KafkaTrialOptions, prepare: (trial: KafkaTrial) => Promise<unknown> = () => Promise.resolve()): Promise<KafkaTrial> {
    const { cluster } = options.grounds;
    const made: Partial<Record<Service, Database>> = {};
    for (const service of services) made[service] = await cluster.createLog(`${options.name.replaceAll('-', '_')}_${service}`, service);
    const databases = made as Record<Service, Database>;
    const poolOf = (service: Service) => new pg.Pool({ connectionString: databases[service].directUrl(), max: 2 }).on('error', () => undefined);
    const trial = new KafkaTrial(options, databases, { pressing: poolOf('pressing'), inspecting: poolOf('inspecting') });
    mkdirSync(trial.folder, { recursive: true });
    await prepare(trial);
    await Promise.all([trial.start(pressing), trial.start(inspecting)]);
    return trial;
  }

  worker(member: Member): Worker {
    const worker = this.atWork.get(member);
    if (!worker) throw new Error(`${member.name} is not at work`);
    return worker;
  }

  private get recoveryMs(): number {
    return this.options.impatient === true ? IMPATIENT_MS : RECOVERY_MS;
  }

  topicOf(service: Service): string {
    return this.prefix + topicOf(service);
  }

  pool(service: Service): pg.Pool {
    return this.pools[service];
  }

  /** With a kill point it may be killed before it is open: then what `killed` gives is waited for, too. */
  async start(member: Member, kill?: KillPoint, killed: (worker: Worker) => Promise<unknown> = () => new Promise(() => undefined)): Promise<void> {
    for (const until = Date.now() + OPEN_MS; ; await pause(LOOK_EVERY_MS)) {
      const worker = await this.options.grounds.workers.take();
      this.atWork.set(member, worker);
      const opened = worker.ask({ order: 'open', open: this.openFor(member), ...(kill && { kill }) }, 'opened', OPEN_MS);
      try {
        await Promise.race([opened, killed(worker)]);
        opened.catch(() => undefined);
        return;
      } catch (error) {
        await this.kill(member);
        if (!(error instanceof WorkerFailed && error.lost) || Date.now() > until) throw error;
      }
    }
  }

  /** SIGKILL; it is at work no more. */
  async kill(member: Member): Promise<void> {
    const worker = this.worker(member);
    worker.kill();
    await worker.exited;
    this.atWork.delete(member);
  }

  /** What was said last has come to the other service, both ways; a failure otherwise. Who has ended by himself is started again. */
  async flows(): Promise<void> {
    for (const [member, worker] of [...this.atWork]) {
      if (worker.alive) continue;
      this.failures.push(`${member.name} ended: ${worker.lastWords}`);
      await this.start(member);
    }
    for (const service of services) {
      const { rows: [newest] } = await this.pool(service).query<{ id: string }>(NEWEST, [partsOf[service].publicTypes]);
      if (newest && !(await this.arrives(newest.id, otherOf(service)))) this.failures.push(`not-recovered: what ${service} said did not come to ${otherOf(service)} within ${this.recoveryMs} ms of the fault`);
    }
  }

  /** So many more answers, whatever comes over. */
  async stamps(answers: number): Promise<void> {
    const pressers = [...this.atWork].filter(([{ service }]) => service === 'pressing').map(([, worker]) => worker);
    const wanted = pressers.reduce((sum, worker) => sum + worker.answered, 0) + answers;
    for (const until = Date.now() + this.recoveryMs; pressers.reduce((sum, worker) => sum + worker.answered, 0) < wanted; await pause(10)) {
      if (Date.now() < until) continue;
      this.failures.push(`clients had fewer than ${answers} answers for ${this.recoveryMs} ms`);
      return;
    }
  }

  /** As an operator, who asks again until it is decided. With a kill point the process may end before it answers: `killed` starts it again. */
  async decide(member: Member, decide: Decision, kill?: KillPoint, killed: (answered: Promise<unknown>) => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    const { decision, target: { eventId } } = decide;
    if (decision === 'discarded' && eventId !== undefined) this.discarded.add(eventId);
    const ask = (point?: KillPoint) => this.worker(member).ask({ order: 'decide', decide, ...(point && { kill: point }) }, 'decided', this.recoveryMs).then(({ left }) => left);
    const answered = ask(kill);
    const first = answered.catch(() => undefined);
    await killed(answered);
    let left = await first;
    for (let round = 0; round < MOST_ROUNDS && (left === undefined || (decision === 'replayed' && left > 0)); round += 1) left = await ask();
  }

  /** Clients come to rest, what was said arrives, followers come to the end of their logs, processes to theirs. */
  async end(): Promise<void> {
    await this.each(async ({ name }, worker) => {
      const { unanswered } = await worker.ask({ order: 'rest', withinMs: this.recoveryMs }, 'rested', 2 * this.recoveryMs);
      if (unanswered > 0) this.failures.push(`${name}: ${unanswered} clients had no answer for ${this.recoveryMs} ms`);
    });
    await this.allCame();
    for (let round = 0; round < 2; round += 1) { // what inspecting did in the first round, pressing takes in after it
      await this.each(async ({ name }, worker) => {
        const { behind } = await worker.ask({ order: 'settle', withinMs: this.recoveryMs }, 'settled', 2 * this.recoveryMs);
        if (round > 0) this.failures.push(...behind.map((what) => `${name}: ${what}`));
      });
      await this.allCame();
    }
    await this.each((_, worker) => worker.ask({ order: 'close' }, 'closed', RECOVERY_MS));
    this.endNow();
  }

  endNow(): void {
    for (const worker of this.atWork.values()) worker.kill();
    this.atWork.clear();
  }

  /** When it was judged. */
  async drop(): Promise<void> {
    this.endNow();
    for (const service of services) {
      await this.pools[service].end();
      await this.options.grounds.cluster.dropLog(this.databases[service].name);
    }
  }

  /** Waits until all that each said is with the other, in all partitions; what is missing then, the checker says. */
  private async allCame(): Promise<void> {
    const count = async (service: Service, text: string, values: unknown[]) => (await this.pool(service).query<{ count: number }>(text, values)).rows[0]?.count ?? 0;
    for (const service of services) {
      const said = () => count(service, SAID, [partsOf[service].publicTypes]);
      for (const until = Date.now() + this.recoveryMs; Date.now() < until; await pause(LOOK_EVERY_MS)) if ((await count(otherOf(service), CAME, [])) >= (await said())) break;
    }
  }

  private async arrives(id: string, service: Service): Promise<boolean> {
    for (const until = Date.now() + this.recoveryMs; Date.now() < until; await pause(LOOK_EVERY_MS)) {
      if (((await this.pool(service).query(HAS, [id])).rowCount ?? 0) > 0) return true;
    }
    return false;
  }

  private openFor({ name, service }: Member): OpenService {
    const { grounds: { random, broker }, bug, mangled = false, flawedShare = FLAWED, presses = PRESSES } = this.options;
    const unique = `${name}-${(this.generation += 1)}`;
    this.journals.push(join(this.folder, `${unique}.journal`));
    return {
      service, url: this.databases[service].url, masterKey: this.masterKey.toString('hex'), brokers: broker.brokers, prefix: this.prefix, folder: this.folder, name: unique, seed: random.below(2 ** 31),
      clients: service === 'pressing' ? CLIENTS : 0, flawedShare, presses, newer: this.newer, sessionTimeoutMs: SESSION_TIMEOUT_MS, mangled, ...(bug && { bug }),
    };
  }

  private async each(ask: (member: Member, worker: Worker) => Promise<unknown>): Promise<void> {
    await Promise.all([...this.atWork].map(([member, worker]) => ask(member, worker).catch((error: unknown) => { this.failures.push(`${member.name}: ${String(error)}`); })));
  }
}
