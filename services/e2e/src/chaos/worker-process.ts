import type { ChildProcess, Serializable } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const START_MS = 60_000;

/** What workers of every suite say. */
type BasicReport =
  | { readonly report: 'loaded' | 'killing' }
  | { readonly report: 'answered'; readonly count: number }
  | { readonly report: 'failed'; readonly error: string; readonly lost: boolean };
interface AnyReport { readonly report: string }
type Said<Report extends AnyReport, R extends Report['report']> = Extract<Report, { report: R }>;

/** It could not do what it was told; `lost`: because it did not reach the database. */
export class WorkerFailed extends Error {
  constructor(message: string, readonly lost: boolean) {
    super(message);
  }
}

/** A worker in a process of its own. */
export class WorkerProcess<Order, Report extends AnyReport> {
  /** Answers that its clients have had. */
  answered = 0;
  readonly exited: Promise<void>;
  readonly loaded: Promise<unknown>;
  onKilling: () => void = () => undefined;
  private readonly child: ChildProcess;
  private readonly waiting = new Set<{ wanted: Report['report']; found: (report: Report) => void; failed: (error: Error) => void }>();
  private said = '';
  private ended = false;

  /** `program` is its main file; `keptCode` is a folder in which compiled sources stay from one start to the next. */
  constructor(program: string, keptCode: string) {
    this.child = spawn(
      process.execPath,
      ['--conditions=@touchstone/source', '--import', new URL('../../../standalone/src/kept-code.spec-kit.mjs', import.meta.url).href, program],
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
    if (!this.ended && this.child.connected) this.child.send(order as Serializable, () => undefined);
  }

  async ask<R extends Report['report']>(order: Order, wanted: R, withinMs: number): Promise<Said<Report, R>> {
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

  private heard<R extends Report['report']>(wanted: R, withinMs: number): Promise<Said<Report, R>> {
    return new Promise((resolve, reject) => {
      const end = (then: () => void) => { clearTimeout(timer); this.waiting.delete(waiter); then(); };
      const waiter = { wanted, found: (report: Report) => end(() => resolve(report as Said<Report, R>)), failed: (error: Error) => end(() => reject(error)) };
      const timer = setTimeout(() => waiter.failed(new Error(`the worker did not say ${wanted} within ${withinMs} ms`)), withinMs);
      this.waiting.add(waiter);
      if (this.ended) waiter.failed(new Error(`the worker has ended: ${this.said}`));
    });
  }

  private hear(report: Report): void {
    const said: BasicReport | undefined = isBasic(report) ? report : undefined;
    if (said?.report === 'answered') this.answered = said.count;
    if (said?.report === 'killing') this.onKilling();
    for (const waiter of [...this.waiting]) {
      if (said?.report === 'failed') waiter.failed(new WorkerFailed(said.error, said.lost));
      else if (waiter.wanted === report.report) waiter.found(report);
    }
  }
}

const isBasic = (report: AnyReport): report is BasicReport => ['loaded', 'killing', 'answered', 'failed'].includes(report.report);

/** Workers that have been loaded before they are needed. */
export class WorkerPool<Order, Report extends AnyReport> {
  private readonly ready: WorkerProcess<Order, Report>[] = [];

  constructor(private readonly program: string, private readonly keptCode: string, private readonly kept: number) {
    this.fill();
  }

  async take(): Promise<WorkerProcess<Order, Report>> {
    const worker = this.ready.shift() ?? new WorkerProcess<Order, Report>(this.program, this.keptCode);
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
    while (this.ready.length < this.kept) this.ready.push(new WorkerProcess<Order, Report>(this.program, this.keptCode));
  }
}
