/** Where progress is written; process.stderr is one. */
export interface ProgressSink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

const TERMINAL_EVERY_MS = 100;
const LOG_EVERY_MS = 2_000;
const BAR_WIDTH = 24;

/** A bar on a terminal, a line every two seconds elsewhere. `now` is in milliseconds of any monotonic clock. */
export class Progress {
  private readonly startedMs: number;
  private shownMs: number;
  private drawn = false;

  constructor(
    private readonly sink: ProgressSink,
    private readonly totalBytes: number | undefined,
    private readonly now: () => number,
  ) {
    this.startedMs = now();
    this.shownMs = this.startedMs;
  }

  at(rows: number, bytesRead: number): void {
    const now = this.now();
    if (now - this.shownMs < (this.sink.isTTY ? TERMINAL_EVERY_MS : LOG_EVERY_MS)) return;
    this.shownMs = now;
    const text = progressText(rows, this.share(bytesRead), now - this.startedMs, this.sink.isTTY === true);
    this.sink.write(this.sink.isTTY ? `\r\u001b[2K${text}` : `${text}\n`);
    this.drawn = true;
  }

  end(): void {
    if (this.drawn && this.sink.isTTY) this.sink.write('\r\u001b[2K');
  }

  private share(bytesRead: number): number | undefined {
    return this.totalBytes ? Math.min(1, bytesRead / this.totalBytes) : undefined;
  }
}

export function progressText(rows: number, share: number | undefined, elapsedMs: number, withBar: boolean): string {
  const rate = elapsedMs > 0 ? Math.round((rows * 1000) / elapsedMs) : 0;
  const parts = [`${grouped(rows)} rows`, `${grouped(rate)} rows/s`];
  if (share !== undefined && share > 0)
    parts.push(`${Math.floor(share * 100)} %`, `${durationText((elapsedMs * (1 - share)) / share)} left`);
  const filled = Math.round((share ?? 0) * BAR_WIDTH);
  const bar = withBar && share !== undefined ? `[${'='.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}] ` : '';
  return bar + parts.join(', ');
}

export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

export function durationText(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
