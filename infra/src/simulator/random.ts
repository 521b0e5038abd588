/** Chance from a seed: the same seed gives the same company on every machine. Only arithmetic that every engine does alike. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** Uniform in [0, 1): Mulberry32, 32 bits of state. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(all: readonly T[]): T {
    const picked = all[this.below(all.length)];
    if (picked === undefined) throw new RangeError('nothing to pick from');
    return picked;
  }

  /** Approximately standard normal: the sum of twelve uniforms less six (Irwin–Hall), so it never lies beyond ±6. */
  normal(): number {
    let total = -6;
    for (let i = 0; i < 12; i += 1) total += this.next();
    return total;
  }
}
