import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { SubjectKey, SubjectKeys } from '../personal.js';
import { kidOf } from '../personal.js';

/** Keys in memory: for specs and dry runs, where nothing outlives the process. */
export class MemoryKeys implements SubjectKeys {
  private readonly keys = new Map<string, SubjectKey>();
  private readonly hashing = createSecretKey(randomBytes(32));

  keyedHash(text: string): string {
    return createHmac('sha256', this.hashing).update(text, 'utf8').digest('hex');
  }
  find(subject: string): Promise<SubjectKey | undefined> {
    return Promise.resolve(this.keys.get(subject));
  }
  obtain(subject: string): Promise<SubjectKey> {
    const key = this.keys.get(subject) ?? this.create();
    this.keys.set(subject, key);
    return Promise.resolve(key);
  }
  destroy(subject: string): void {
    this.keys.delete(subject);
  }

  private create(): SubjectKey {
    const key = randomBytes(32);
    return { kid: kidOf(key), key };
  }
}
