import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { migrate } from '@touchstone/event-store';
import type { LocalPostgres } from '@touchstone/event-store/local';
import { startLocalPostgres } from '@touchstone/event-store/local';
import { asOwner } from '@touchstone/testing';
import { Door } from '../door.js';
import { childrenOf, isAlive, signal } from './kill.js';

export interface Database {
  readonly name: string;
  /** Through the door, for the application role. */
  readonly url: string;
  /** Past the door. */
  directUrl(): string;
  ownerUrl(): string;
}

/**
 * A PostgreSQL that is killed and started again on the same data, behind a door that stays where it is. Without fsync: what is
 * killed here are processes, never the machine, and what they had written to files stays.
 */
export class Cluster {
  private constructor(private server: LocalPostgres, private readonly dataDir: string, readonly door: Door) {}

  static async start(folder: string): Promise<Cluster> {
    const dataDir = join(folder, 'postgres');
    mkdirSync(dataDir, { recursive: true, mode: 0o755 });
    const [server, door] = await Promise.all([startLocalPostgres({ dataDir, fsync: false }), Door.open()]);
    door.lead(server.port);
    return new Cluster(server, dataDir, door);
  }

  get postmaster(): number {
    return this.server.pid;
  }

  get alive(): boolean {
    return isAlive(this.postmaster);
  }

  ownerUrl(database = 'postgres'): string {
    return this.server.ownerUrl(database);
  }

  asOwner(statements: readonly string[], database = 'postgres'): Promise<pg.QueryResult[]> {
    return asOwner(this.ownerUrl(database), statements);
  }

  /** A log of its own. */
  async createLog(name: string, service = 'moulding'): Promise<Database> {
    const password = randomBytes(12).toString('hex');
    await this.server.createDatabase(name, password);
    await migrate({ ownerUrl: this.ownerUrl(name), applicationRole: `${name}_app`, logId: `${service}:chaos:1` });
    const at = (port: number) => `postgres://${name}_app:${password}@127.0.0.1:${port}/${name}`;
    return { name, url: at(this.door.port), directUrl: () => at(this.server.port), ownerUrl: () => this.ownerUrl(name) };
  }

  dropLog(name: string): Promise<unknown> {
    return this.asOwner([`drop database "${name}" with (force)`]);
  }

  /** Waits until the killed server has ended, then starts the next one. `down` is called in between. */
  async startAgain(down: () => void): Promise<void> {
    await this.server.kill();
    down();
    this.server = await startLocalPostgres({ dataDir: this.dataDir, fsync: false });
    this.door.lead(this.server.port);
  }

  /** With a delay, what nobody asked to be flushed is not flushed by the way either. */
  async delayBackgroundFlush(delay: '10s' | '200ms'): Promise<void> {
    await this.asOwner([`alter system set wal_writer_delay = '${delay}'`, 'select pg_reload_conf()']);
  }

  /** SIGSTOP of every process of the server for so long. */
  async freeze(forMs: number): Promise<void> {
    const all = [this.postmaster, ...childrenOf(this.postmaster)];
    for (const pid of all) signal(pid, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, forMs));
    for (const pid of all) signal(pid, 'SIGCONT');
  }

  async stop(): Promise<void> {
    this.door.close();
    await this.server.stop();
  }
}
