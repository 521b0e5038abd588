import { ConnectionFault } from './connection-fault.js';

/** The most commands that may wait for an answer. */
export const MAX_OUTSTANDING = 10_000;

/** Commands that were sent and not yet answered, in order. */
export class Outstanding<C> {
  private readonly waiting: C[] = [];
  private taken = 0;
  private wake: (() => void) | undefined;
  private closed = false;

  get isEmpty(): boolean {
    return this.waiting.length === this.taken;
  }

  get isFull(): boolean {
    return this.waiting.length - this.taken >= MAX_OUTSTANDING;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  add(item: C): void {
    this.waiting.push(item);
  }

  take(): C | undefined {
    const item = this.waiting[this.taken];
    if (item !== undefined) this.taken += 1;
    if (this.taken >= MAX_OUTSTANDING) {
      this.waiting.splice(0, this.taken);
      this.taken = 0;
    }
    if (!this.isFull) this.wake?.();
    return item;
  }

  async room(): Promise<void> {
    while (this.isFull && !this.closed) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  close(): void {
    this.closed = true;
    this.wake?.();
  }
}

/** Ends the request when the caller stops it or when awaited answers stay away too long. */
export class AnswerWatch {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  reason: ConnectionFault | undefined;

  constructor(
    private readonly timeoutMs: number,
    private readonly nothingAwaited: () => boolean,
    private readonly stop: AbortSignal | undefined,
  ) {
    if (stop?.aborted) this.stopped();
    stop?.addEventListener('abort', this.stopped, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  awaiting(): void {
    this.timer ??= setTimeout(() => this.late(), this.timeoutMs);
  }

  answered(): void {
    this.timer?.refresh();
  }

  end(): void {
    clearTimeout(this.timer);
    this.stop?.removeEventListener('abort', this.stopped);
    this.controller.abort();
  }

  private late(): void {
    if (this.nothingAwaited()) this.timer?.refresh();
    else this.fail(new ConnectionFault('ANSWER_TIMEOUT', `no answer for ${this.timeoutMs / 1000} s`));
  }

  private readonly stopped = (): void => this.fail(new ConnectionFault('STOPPED', 'stopped before the end'));

  private fail(reason: ConnectionFault): void {
    this.reason ??= reason;
    this.controller.abort();
  }
}
