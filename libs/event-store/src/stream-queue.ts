import { TooManyWaiting } from './answer.js';

export interface KeptState {
  readonly version: number;
  readonly state: unknown;
  /** No event of the stream holds anything encrypted, so neither does the state. */
  readonly plain: boolean;
}

/** A state as it was left, and how often keys had been destroyed before anything of it was decrypted. */
export interface LeftState extends KeptState {
  readonly keysAt: number;
}

const MAX_WAITING_PER_STREAM = 1_000;
const MAX_KEPT = 20_000;

/** Commands on one stream run one after the other within a process, and fold from where the last one left the state. */
export class StreamQueue {
  private readonly tails = new Map<string, { last: Promise<unknown>; waiting: number }>();
  private readonly states = new Map<string, LeftState>();

  async run<T>(stream: string, job: () => Promise<T>): Promise<T> {
    const tail = this.tails.get(stream) ?? { last: Promise.resolve(), waiting: 0 };
    if (tail.waiting >= MAX_WAITING_PER_STREAM) throw new TooManyWaiting(stream, tail.waiting);
    this.tails.set(stream, tail);
    tail.waiting += 1;
    const mine = tail.last.then(job, job);
    tail.last = mine;
    try {
      return await mine;
    } finally {
      tail.waiting -= 1;
      if (tail.waiting === 0) this.tails.delete(stream);
    }
  }

  /** None where keys were destroyed since: it may show what is erased. */
  kept(stream: string, keysAt: number): LeftState | undefined {
    const state = this.states.get(stream);
    return state && (state.plain || state.keysAt === keysAt) ? state : undefined;
  }

  keep(stream: string, state: LeftState): void {
    this.states.delete(stream);
    if (this.states.size >= MAX_KEPT) this.states.delete(this.states.keys().next().value ?? '');
    this.states.set(stream, state);
  }

  forget(stream: string): void {
    this.states.delete(stream);
  }

  /** A connection was lost: what was seen may not have been kept. */
  forgetStates(): void {
    this.states.clear();
  }
}
