interface Waiting<W, R> {
  readonly wanted: W;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

const MAX_GATHERED = 256;

/** What is asked for while one call is under way goes together in the next: many who ask at once cost few round trips. */
export class GatheredCalls<W, R> {
  private waiting: Waiting<W, R>[] = [];
  private inCall = false;

  /** `call` answers in the order it was asked; an Error among its answers is for that one asker alone. */
  constructor(private readonly call: (wanted: readonly W[]) => Promise<readonly (R | Error)[]>) {}

  ask(wanted: W): Promise<R> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ wanted, resolve, reject });
      if (!this.inCall) void this.callUntilEmpty();
    });
  }

  private async callUntilEmpty(): Promise<void> {
    this.inCall = true;
    await Promise.resolve(); // whoever asks in the same breath comes along
    while (this.waiting.length > 0) {
      const gathered = this.waiting.splice(0, MAX_GATHERED);
      try {
        const answers = await this.call(gathered.map(({ wanted }) => wanted));
        gathered.forEach(({ resolve, reject }, index) => {
          const answer = answers[index];
          if (answer instanceof Error) reject(answer);
          else resolve(answer as R);
        });
      } catch (error) {
        for (const { reject } of gathered) reject(error);
      }
    }
    this.inCall = false;
  }
}
