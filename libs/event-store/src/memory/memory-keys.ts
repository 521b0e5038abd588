import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { FoundKey, SubjectKey, SubjectKeys } from '../personal.js';
import { kidOf, SubjectErased } from '../personal.js';

/** Keys in memory: for specs and dry runs, where nothing outlives the process. */
export class MemoryKeys implements SubjectKeys {
  private readonly keys = new Map<string, SubjectKey | 'destroyed'>();
  private destroyed = 0;
  private readonly hashing = createSecretKey(randomBytes(32));

  keyedHash(text: string): string {
    return createHmac('sha256', this.hashing).update(text, 'utf8').digest('hex');
  }
  find(subject: string): Promise<FoundKey> {
    return Promise.resolve(this.keys.get(subject));
  }
  obtain(subject: string): Promise<SubjectKey> {
    const key = this.keys.get(subject) ?? this.create();
    if (key === 'destroyed') return Promise.reject(new SubjectErased(subject));
    this.keys.set(subject, key);
    return Promise.resolve(key);
  }
  destroy(subjects: readonly string[]): Promise<void> {
    for (const subject of subjects) this.keys.set(subject, 'destroyed');
    this.destroyed += 1;
    return Promise.resolve();
  }
  destructions(): Promise<number> {
    return Promise.resolve(this.destroyed);
  }

  private create(): SubjectKey {
    const key = randomBytes(32);
    return { kid: kidOf(key), key };
  }
}
