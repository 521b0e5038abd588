import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type pg from 'pg';
import type { FoundKey, SubjectKey, SubjectKeys } from '../personal.js';
import { kidOf, SubjectErased } from '../personal.js';

const MAX_KEPT = 10_000;
/** What is kept is used for so long after a look at the number of destructions; half of it, and the next look begins. */
const LOOK_AFTER_MS = 1_000;

/**
 * Keys in a table of the service's own database, each wrapped (AES-256-GCM) by a key derived from the master key, which is not
 * in the database. A destroyed one leaves its row without it, for ever. Every process keeps keys in memory; it throws them all away when the
 * number of destructions has moved, which stands beside the keys and moves in the same transaction.
 */
export class PostgresSubjectKeys implements SubjectKeys {
  private readonly wrapping: Buffer;
  private readonly hashing: KeyObject;
  private readonly kept = new Map<string, SubjectKey | 'destroyed'>();
  /** Destructions that are known; what is kept was read at this number. */
  private number = -1;
  private lookedAtMs = -Infinity;
  private looking?: Promise<number>;

  constructor(private readonly pool: pg.Pool, masterKey: Buffer) {
    if (masterKey.length !== 32) throw new Error('the master key must be 32 bytes');
    this.wrapping = derive(masterKey, 'touchstone subject keys');
    this.hashing = createSecretKey(derive(masterKey, 'touchstone command hash'));
  }

  keyedHash(text: string): string {
    return createHmac('sha256', this.hashing).update(text, 'utf8').digest('hex');
  }

  async find(subject: string): Promise<FoundKey> {
    await this.destructions();
    const kept = this.kept.get(subject);
    if (kept) return kept;
    const atMs = performance.now();
    const { rows } = await this.pool.query<{ wrapped: string | null; number: number }>('select wrapped, (select number from key_destruction) as number from subject_key where subject = $1', [subject]);
    const [row] = rows;
    if (!row) return undefined;
    const key = row.wrapped === null ? 'destroyed' : this.unwrap(subject, row.wrapped);
    if (this.saw(row.number, atMs)) this.keep(subject, key); // else it may be gone by now
    return key;
  }

  async obtain(subject: string): Promise<SubjectKey> {
    const found = (await this.find(subject)) ?? (await this.create(subject));
    if (found === 'destroyed') throw new SubjectErased(subject);
    return found;
  }

  async destroy(subjects: readonly string[]): Promise<void> {
    if (subjects.length === 0) return;
    const atMs = performance.now();
    const { rows } = await this.pool.query<{ number: number }>('select destroy_subject_keys($1::text[]) as number', [subjects]);
    this.saw(rows[0]?.number ?? -1, atMs);
  }

  async destructions(): Promise<number> {
    const ageMs = performance.now() - this.lookedAtMs;
    if (ageMs > LOOK_AFTER_MS) return this.look();
    if (ageMs > LOOK_AFTER_MS / 2) this.look().catch(() => undefined); // nobody waits for it; who has to will hear of it
    return this.number;
  }

  /** Forgets all of them: the database may have come back as another one. */
  forgetAll(): void {
    this.kept.clear();
    this.number = -1;
    this.lookedAtMs = -Infinity;
  }

  /** The key that is stored then: ours, or that of who was faster. The pool commits synchronously: it is on disk. */
  private async create(subject: string): Promise<SubjectKey | 'destroyed'> {
    const key = randomBytes(32);
    await this.pool.query('insert into subject_key (subject, kid, wrapped) values ($1, $2, $3) on conflict do nothing', [subject, kidOf(key), this.wrap(subject, key)]);
    const stored = await this.find(subject);
    if (!stored) throw new Error(`the row of ${subject} was deleted while its key was made`);
    return stored;
  }

  private look(): Promise<number> {
    const atMs = performance.now();
    this.looking ??= this.pool.query<{ number: number }>('select number from key_destruction').then(({ rows }) => {
      this.saw(rows[0]?.number ?? -1, atMs);
      return this.number;
    }).finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  /** True when what was read together with this number, no earlier than `atMs`, may be kept. */
  private saw(number: number, atMs: number): boolean {
    if (number > this.number) {
      this.kept.clear();
      this.number = number;
    }
    if (number !== this.number) return false;
    this.lookedAtMs = Math.max(this.lookedAtMs, atMs);
    return true;
  }

  private keep(subject: string, key: SubjectKey | 'destroyed'): void {
    const oldest = this.kept.size >= MAX_KEPT ? this.kept.keys().next().value : undefined;
    if (oldest !== undefined) this.kept.delete(oldest);
    this.kept.set(subject, key);
  }

  private wrap(subject: string, key: Buffer): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.wrapping, nonce).setAAD(Buffer.from(subject, 'utf8'));
    return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]).toString('base64');
  }

  private unwrap(subject: string, wrapped: string): SubjectKey {
    const bytes = Buffer.from(wrapped, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.wrapping, bytes.subarray(0, 12))
      .setAAD(Buffer.from(subject, 'utf8'))
      .setAuthTag(bytes.subarray(-16));
    const key = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
    return { kid: kidOf(key), key };
  }
}

const derive = (master: Buffer, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), purpose, 32));
