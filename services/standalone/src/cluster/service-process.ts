import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Listening } from '@touchstone/platform';

export interface ServiceProcessOptions {
  readonly name: string;
  /** Read anew at each start. */
  readonly environment: () => Readonly<Record<string, string>>;
  /** What Node is told before the program; that of this process, when left out. */
  readonly nodeOptions?: readonly string[];
  /** File descriptor for what it writes: its log. */
  readonly output: number;
  readonly log: Logger;
  /** Before it is started for the second time; doubled each time. Half a second, when left out. */
  readonly firstBackOffMs?: number;
}

/** kafkajs 2.2.4 asks for timeouts in the past, and Node 24 says so once a process. */
const QUIET = '--disable-warning=TimeoutNegativeWarning';
/** An exit after so long begins a new count. */
const STEADY_AFTER_MS = 60_000;
/** In a row; then it stays away until the cluster is started again. */
const MOST_ENDS = 6;
const [FIRST_BACK_OFF_MS, MAX_BACK_OFF_MS] = [500, 10_000];
/** A little more than a service gives itself. */
const STOP_WITHIN_MS = 30_000;
const READY_POLL_MS = 100;
const HEALTH_WITHIN_MS = 10_000;

/** Beside this file: the same program from sources and built. */
const programOf = (name: string): string =>
  fileURLToPath(import.meta.url.endsWith('.ts') ? new URL(`../../../${name}/src/main.ts`, import.meta.url) : new URL(`../../../${name}/dist/main.js`, import.meta.url));

/** A service's own `main` in a process of its own: started again when it ends, a bounded number of times, each later than the one before. */
export class ServiceProcess {
  /** What it is doing, for people. */
  state = 'not started';
  /** Where it answers; undefined while it is away. */
  port?: number;
  private child?: ChildProcess;
  private exited: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();
  private leaving = false;
  private running?: Promise<void>;

  constructor(private readonly options: ServiceProcessOptions) {}

  get name(): string {
    return this.options.name;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when all its parts work. Throws, with what it says of them, when that takes longer. */
  async ready(withinMs: number): Promise<void> {
    for (const until = Date.now() + withinMs; ; await pause(READY_POLL_MS)) {
      const said = await this.health();
      if (said === 'ready') return;
      if (Date.now() > until || this.stopping.signal.aborted) throw new Error(`${this.name} is not ready within ${Math.round(withinMs / 1_000)} s: ${said}`);
    }
  }

  /** `ready`, or why it is not. */
  async health(): Promise<string> {
    if (this.port === undefined) return this.state;
    return fetch(`http://127.0.0.1:${this.port}/health/ready`, { signal: AbortSignal.timeout(HEALTH_WITHIN_MS) })
      .then(async (response) => ((await response.json()) as { status: string }).status).catch(() => 'does not answer');
  }

  /** In order, as for a new version: asked to end, waited for, started again. Resolves when it is started. */
  async restart(): Promise<void> {
    if (this.running === undefined) return this.start();
    const { child } = this;
    this.leaving = true;
    await this.end('SIGTERM');
    while (this.child === child) await pause(READY_POLL_MS, undefined, { signal: this.stopping.signal });
  }

  /** Resolves when it has ended in order; after half a minute it is killed. */
  async stop(): Promise<void> {
    this.leaving = true;
    this.stopping.abort();
    await this.end('SIGTERM');
    await this.running;
    this.state = 'stopped';
  }

  /** As a crash would. */
  kill(): void {
    this.child?.kill('SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    this.port = undefined; // nothing more is sent to it
    this.state = 'ending';
    this.child?.kill(signal);
    const tooLong = setTimeout(() => this.kill(), STOP_WITHIN_MS);
    await this.exited;
    clearTimeout(tooLong);
  }

  private async run(): Promise<void> {
    const { name, log, firstBackOffMs = FIRST_BACK_OFF_MS } = this.options;
    const { signal } = this.stopping;
    for (let ends = 0; !signal.aborted; ) {
      const startedAt = Date.now();
      const how = await this.once();
      if (signal.aborted) break;
      ends = this.leaving ? 0 : Date.now() - startedAt > STEADY_AFTER_MS ? 1 : ends + 1;
      this.leaving = false;
      if (ends === 0) continue;
      if (ends >= MOST_ENDS) {
        this.running = undefined;
        this.state = `ended ${ends} times in a row, at last ${how}: it is not started any more`;
        log.fatal({ service: name, how, ends }, 'a service ends again and again: see what it says, mend it, and start the cluster again');
        return;
      }
      const againInMs = Math.min(firstBackOffMs * 2 ** (ends - 1), MAX_BACK_OFF_MS);
      this.state = `ended ${how}, to be started again`;
      log.error({ service: name, how, againInMs }, 'a service has ended, and is started again');
      await pause(againInMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Resolves when it has ended, with how. */
  private async once(): Promise<string> {
    const { name, environment, nodeOptions = process.execArgv, output } = this.options;
    this.state = 'starting';
    const child = spawn(process.execPath, [QUIET, ...nodeOptions, programOf(name)], {
      // Its own group: a Ctrl-C for us must not reach it before we have stopped to send it anything. The channel ends it when we are killed.
      detached: true, stdio: ['ignore', output, output, 'ipc'], env: { PATH: process.env['PATH'] ?? '', ...environment() },
    });
    this.child = child;
    const exit = new Promise<string>((ended) => {
      child.once('error', (error) => ended(`without having begun: ${error.message}`));
      child.once('exit', (code, signal) => ended(signal === null ? `with exit code ${code}` : `by ${signal}`));
    });
    this.exited = exit.then(() => undefined);
    child.on('message', (message) => {
      if (this.leaving) return;
      this.port = (message as Listening).listening;
      this.state = 'running';
    });
    const how = await exit;
    this.port = undefined;
    return how;
  }
}
