import { CodedError } from '../answer.js';

/** The log stands before what others were told: its database was put back. Nothing is written until an operator starts a new epoch. */
export class LogRestored extends CodedError {
  readonly code = 'LOG_RESTORED';
  readonly status = 503;
  constructor(why: string) {
    super(`nothing is recorded until an operator starts a new epoch of the log (touchstone epoch start): ${why}`);
  }
}

/**
 * Who writes to the log goes through here. It opens when it was shown that the log holds what others were told of it, which is
 * shown again after each loss of the connection, for a database may come back as another one; and it stays closed, with the
 * reason, when that is not so.
 */
export class LogGate {
  private state: 'unproven' | 'open' | 'closed' = 'unproven';
  private why = '';
  private inside = 0;
  private doubts = 0;
  private proving?: Promise<void>;
  private readonly leaving = new Set<() => void>();
  /** Decides by `open` or `close`; throws when it cannot be decided now. */
  private prove: () => Promise<void> = () => Promise.resolve(this.open());

  provenBy(prove: () => Promise<void>): void {
    this.prove = prove;
  }

  /** Why nothing passes; undefined while something does, or while it is not known. */
  get closedBecause(): string | undefined {
    return this.state === 'closed' ? this.why : undefined;
  }

  /** Moves with each doubt: what was known of the database before counts no more. */
  get round(): number {
    return this.doubts;
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  /** Counted in; call what is returned to leave. Throws {@link LogRestored}, or what kept the proof from being made. */
  async enter(): Promise<() => void> {
    while (this.state === 'unproven') await this.proven();
    if (this.state === 'closed') throw new LogRestored(this.why);
    this.inside += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.inside -= 1;
      if (this.inside === 0) for (const told of [...this.leaving]) told();
    };
  }

  /** What was shown counts no more. */
  doubt(): void {
    this.doubts += 1;
    this.state = 'unproven';
  }

  open(): void {
    this.state = 'open';
  }

  close(why: string): void {
    this.state = 'closed';
    this.why = why;
  }

  /** One proof at a time; one that a doubt overtook is made again by whoever still asks. */
  proven(): Promise<void> {
    this.proving ??= this.proof().finally(() => {
      this.proving = undefined;
    });
    return this.proving;
  }

  /** Resolves when nobody is inside any more. */
  async drained(): Promise<void> {
    if (this.inside === 0) return;
    await new Promise<void>((resolve) => {
      const told = () => {
        this.leaving.delete(told);
        resolve();
      };
      this.leaving.add(told);
    });
  }

  private async proof(): Promise<void> {
    const round = this.doubts;
    await this.prove();
    if (round !== this.doubts) this.state = 'unproven';
  }
}
