import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Order, Report } from './messages.js';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const START_MS = 60_000;

type Said<R extends Report['report']> = Extract<Report, { report: R }>;

/** It could not do what it was told; `lost`: because it did not reach the database. */
export class WorkerFailed extends Error {
  constructor(message: string, readonly lost: boolean) {
    super(message);
  }
}

/** A worker in a process of its own. */
export class WorkerProcess {
  /** Answers that its clients have had. */
  answered = 0;
  readonly exited: Promise<void>;
  readonly loaded: Promise<unknown>;
  onKilling: (killing: Said<'killing'>) => void = () => undefined;
  private readonly child: ChildProcess;
  private readonly waiting = new Set<{ wanted: Report['report']; found: (report: Report) => void; failed: (error: Error) => void }>();
  private said = '';
  private ended = false;

  /** `keptCode` is a folder in which compiled sources stay from one start to the next. */
  constructor(keptCode: string) {
    this.child = spawn(
      process.execPath,
      ['--conditions=@touchstone/source', '--import', new URL('../../../../standalone/src/kept-code.spec-kit.mjs', import.meta.url).href, path('worker.ts')],
      { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: { ...process.env, NODE_OPTIONS: '', TOUCHSTONE_KEPT_CODE: keptCode, NODE_COMPILE_CACHE: keptCode } },
    );
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => { this.said = (this.said + text).slice(-4_000); });
    this.exited = once(this.child, 'exit').then(([code, signal]) => {
      this.ended = true;
      for (const { failed } of this.waiting) failed(new Error(`the worker ended with ${String(code ?? signal)}: ${this.said}`));
    });
    this.child.on('message', (report: Report) => this.hear(report));
    this.loaded = this.heard('loaded', START_MS);
    this.loaded.catch(() => undefined); // whoever uses it waits for it
  }

  get alive(): boolean {
    return !this.ended;
  }

  /** What it said of itself when it ended otherwise than it should. */
  get lastWords(): string {
    return this.said;
  }

  send(order: Order): void {
    if (!this.ended && this.child.connected) this.child.send(order, () => undefined);
  }

  async ask<R extends Report['report']>(order: Order, wanted: R, withinMs: number): Promise<Said<R>> {
    const answer = this.heard(wanted, withinMs);
    this.send(order);
    return answer;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  private heard<R extends Report['report']>(wanted: R, withinMs: number): Promise<Said<R>> {
    return new Promise((resolve, reject) => {
      const end = (then: () => void) => { clearTimeout(timer); this.waiting.delete(waiter); then(); };
      const waiter = { wanted, found: (report: Report) => end(() => resolve(report as Said<R>)), failed: (error: Error) => end(() => reject(error)) };
      const timer = setTimeout(() => waiter.failed(new Error(`the worker did not say ${wanted} within ${withinMs} ms`)), withinMs);
      this.waiting.add(waiter);
      if (this.ended) waiter.failed(new Error(`the worker has ended: ${this.said}`));
    });
  }

  private hear(report: Report): void {
    if (report.report === 'answered') this.answered = report.count;
    if (report.report === 'killing') this.onKilling(report);
    for (const waiter of [...this.waiting]) {
      if (report.report === 'failed') waiter.failed(new WorkerFailed(report.error, report.lost));
      else if (waiter.wanted === report.report) waiter.found(report);
    }
  }
}

/** Workers that have been loaded before they are needed. */
export class WorkerPool {
  private readonly ready: WorkerProcess[] = [];

  constructor(private readonly keptCode: string, private readonly kept: number) {
    this.fill();
  }

  async take(): Promise<WorkerProcess> {
    const worker = this.ready.shift() ?? new WorkerProcess(this.keptCode);
    this.fill();
    await worker.loaded;
    return worker;
  }

  async close(): Promise<void> {
    const all = this.ready.splice(0);
    for (const worker of all) worker.kill();
    await Promise.all(all.map(({ exited }) => exited));
  }

  private fill(): void {
    while (this.ready.length < this.kept) this.ready.push(new WorkerProcess(this.keptCode));
  }
}
