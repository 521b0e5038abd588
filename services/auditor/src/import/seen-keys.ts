import { createHash } from 'node:crypto';
import { ImportFault } from './import-fault.js';

/** How many different keys one import may hold in memory. */
export const MAX_KEYS = 5_000_000;

/** Counts equal keys: 1 for the first occurrence of a key, 2 for the second. Holds a digest a key, never the key itself. */
export class Occurrences {
  private readonly counts = new Map<string, number>();

  constructor(private readonly maxKeys = MAX_KEYS) {}

  next(key: readonly string[]): number {
    const digest = digestOf(key);
    const count = (this.counts.get(digest) ?? 0) + 1;
    if (count === 1 && this.counts.size >= this.maxKeys) throw tooMany(this.maxKeys);
    this.counts.set(digest, count);
    return count;
  }
}

/** Remembers which commands were made once for their key. */
export class SeenKeys {
  private readonly seen = new Set<string>();

  constructor(private readonly maxKeys = MAX_KEYS) {}

  has(key: string): boolean {
    return this.seen.has(key);
  }

  add(key: string): void {
    if (this.seen.size >= this.maxKeys) throw tooMany(this.maxKeys);
    this.seen.add(key);
  }
}

const digestOf = (key: readonly string[]): string => createHash('sha256').update(JSON.stringify(key)).digest().toString('latin1', 0, 16);

const tooMany = (maxKeys: number): ImportFault =>
  new ImportFault('TOO_MANY_KEYS', `the file has more than ${maxKeys} different keys; split it along one of them and import the parts`);
