import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Uuid } from '@touchstone/kernel';
import type { Random } from '@touchstone/infra';
import type { JournalEntry } from '@touchstone/testing/history';
import { readJournal, sharedMoment } from '../journal-file.js';
import type { Asked, ClientEntry, Request } from './clients.js';
import type { Cluster, Database } from './cluster.js';
import type { KillPoint, OpenLog, PlantedBug, Worker, Workers } from './messages.js';
import { WorkerFailed } from '../worker-process.js';

export interface Role {
  readonly name: string;
  readonly follows: boolean;
  readonly clients: number;
}

export interface TrialOptions {
  readonly name: string;
  readonly folder: string;
  readonly random: Random;
  readonly cluster: Cluster;
  readonly workers: Workers;
  readonly roles: readonly Role[];
  readonly bug?: PlantedBug;
  readonly statementTimeoutMs?: number;
  /** Deciders look something up that takes long. */
  readonly hesitating?: boolean;
}

/** A service with its followers, and a process that only writes. */
export const serviceAndWriter: readonly Role[] = [{ name: 'service', follows: true, clients: 6 }, { name: 'writer', follows: false, clients: 4 }];

const OPEN_MS = 30_000;
/** Slower than this after a fault is a violation: the process did not go on by itself. */
const RECOVERY_MS = 20_000;

/** One log, those at work on it, and what goes wrong with them. */
export class Trial {
  readonly masterKey = randomBytes(32);
  readonly folder: string;
  readonly journals: string[] = [];
  readonly crashes: JournalEntry[] = [];
  /** What those at work did not do in time. */
  readonly failures: string[] = [];
  private readonly atWork = new Map<Role, Worker>();
  private generation = 0;

  private constructor(readonly options: TrialOptions, readonly database: Database) {
    this.folder = join(options.folder, options.name);
  }

  static async open(options: TrialOptions, prepare: (database: Database) => Promise<unknown> = () => Promise.resolve()): Promise<Trial> {
    const database = await options.cluster.createLog(options.name.replaceAll('-', '_'));
    await prepare(database);
    const trial = new Trial(options, database);
    mkdirSync(trial.folder, { recursive: true });
    for (const role of options.roles) await trial.start(role);
    return trial;
  }

  get roles(): readonly Role[] {
    return this.options.roles;
  }

  worker(role: Role): Worker {
    const worker = this.atWork.get(role);
    if (!worker) throw new Error(`${role.name} is not at work`);
    return worker;
  }

  get workers(): readonly Worker[] {
    return [...this.atWork.values()];
  }

  /**
   * Starts whoever has this role, with what the one before was asked and did not answer; again and again while it gives up because
   * the server is not there yet. With a kill point it is left alone: it may be killed before it is open.
   */
  async start(role: Role, kill?: KillPoint, killing?: (worker: Worker) => Promise<unknown>): Promise<void> {
    for (const until = Date.now() + OPEN_MS; ; await pause(50)) {
      const worker = await this.options.workers.take();
      const log = this.logFor(role);
      this.atWork.set(role, worker);
      const killed = killing?.(worker);
      const opened = worker.ask({ order: 'open', log, kill, postmaster: this.options.cluster.postmaster }, 'opened', OPEN_MS);
      if (killed) return void (await Promise.race([opened.catch(() => killed), killed]));
      try {
        await opened;
        return;
      } catch (error) {
        worker.kill();
        await worker.exited;
        if (!(error instanceof WorkerFailed && error.lost) || Date.now() > until) throw error;
      }
    }
  }

  private logFor(role: Role): OpenLog {
    const { random, bug, statementTimeoutMs = 5_000, hesitating = false } = this.options;
    const again = this.unansweredOf(role);
    const name = `${role.name}-${(this.generation += 1)}`;
    this.journals.push(join(this.folder, `${name}.journal`));
    return {
      url: this.database.url, masterKey: this.masterKey.toString('hex'), folder: this.folder, name, seed: random.below(2 ** 31), clients: role.clients,
      follows: role.follows, subscribes: role.name === 'service', statementTimeoutMs, bug, again, hesitating,
    };
  }

  /** The server went down: to be called before the next one is led to. */
  crashed(): void {
    this.crashes.push({ crash: sharedMoment() });
  }

  /** Everybody at work has had so many answers more; a failure otherwise. Who has ended, though nobody killed him, is started again. */
  async goesOn(answers = 5): Promise<void> {
    await Promise.all([...this.atWork].map(async ([role, worker]) => {
      const wanted = worker.answered + answers;
      for (const until = Date.now() + RECOVERY_MS; worker.alive && worker.answered < wanted; await pause(10)) {
        if (Date.now() < until) continue;
        this.failures.push(`${role.name} had no answers for ${RECOVERY_MS} ms after the fault`);
        return;
      }
      if (worker.alive) return;
      this.failures.push(`${role.name} ended: ${worker.lastWords}`);
      await this.start(role);
    }));
  }

  /** Clients come to rest, followers to the end of the log, processes to theirs. */
  async end(): Promise<void> {
    await this.each(async (role, worker) => {
      const { unanswered } = await worker.ask({ order: 'rest', withinMs: RECOVERY_MS }, 'rested', 2 * RECOVERY_MS);
      if (unanswered > 0) this.failures.push(`${role.name}: ${unanswered} clients had no answer for ${RECOVERY_MS} ms`);
    });
    await this.each(async (role, worker) => {
      const { behind } = await worker.ask({ order: 'settle', withinMs: RECOVERY_MS }, 'settled', 2 * RECOVERY_MS);
      this.failures.push(...behind.map((what) => `${role.name}: ${what}`));
    });
    await this.each((_, worker) => worker.ask({ order: 'close' }, 'closed', RECOVERY_MS));
    this.endNow();
  }

  endNow(): void {
    for (const worker of this.workers) worker.kill();
    this.atWork.clear();
  }

  /** What clients asked, and were not answered. */
  unanswered(): Asked[] {
    return unansweredIn(this.journals);
  }

  private unansweredOf(role: Role): Asked[] {
    return unansweredIn(this.journals.filter((path) => path.includes(`/${role.name}-`)));
  }

  private async each(ask: (role: Role, worker: Worker) => Promise<unknown>): Promise<void> {
    await Promise.all([...this.atWork].map(([role, worker]) => ask(role, worker).catch((error: unknown) => { this.failures.push(`${role.name}: ${String(error)}`); })));
  }
}

function unansweredIn(journals: readonly string[]): Asked[] {
  const open = new Map<Uuid, Request>();
  for (const path of journals) {
    for (const entry of readJournal<ClientEntry>(path)) {
      if ('asked' in entry) open.set(entry.asked, entry.request);
      else if ('told' in entry) open.delete(entry.told);
    }
  }
  return [...open].map(([id, request]) => ({ id, request }));
}
