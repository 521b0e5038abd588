import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type pg from 'pg';
import type { SubjectKey, SubjectKeys } from '../personal.js';
import { kidOf } from '../personal.js';

const MAX_KEPT = 10_000;

/**
 * Keys in a table of the service's own database, each wrapped (AES-256-GCM) by a key derived from the master key, which is not
 * in the database. Erasing a subject deletes its row.
 */
export class PostgresSubjectKeys implements SubjectKeys {
  private readonly wrapping: Buffer;
  private readonly hashing: KeyObject;
  private readonly kept = new Map<string, SubjectKey>();

  constructor(private readonly pool: pg.Pool, masterKey: Buffer) {
    if (masterKey.length !== 32) throw new Error('the master key must be 32 bytes');
    this.wrapping = derive(masterKey, 'touchstone subject keys');
    this.hashing = createSecretKey(derive(masterKey, 'touchstone command hash'));
  }

  keyedHash(text: string): string {
    return createHmac('sha256', this.hashing).update(text, 'utf8').digest('hex');
  }

  async find(subject: string): Promise<SubjectKey | undefined> {
    const kept = this.kept.get(subject);
    if (kept) return kept;
    const { rows } = await this.pool.query<{ wrapped: string }>('select wrapped from subject_key where subject = $1', [subject]);
    const [row] = rows;
    return row && this.keep(subject, this.unwrap(subject, row.wrapped));
  }

  async obtain(subject: string): Promise<SubjectKey> {
    const found = await this.find(subject);
    if (found) return found;
    const key = randomBytes(32);
    // The pool commits synchronously: when this returns, the key (ours, or that of who was faster) is on disk.
    await this.pool.query('insert into subject_key values ($1, $2, $3) on conflict do nothing', [subject, kidOf(key), this.wrap(subject, key)]);
    const stored = await this.find(subject);
    if (!stored) throw new Error(`the key of ${subject} was destroyed while it was made`);
    return stored;
  }

  /** Forgets what is kept in memory, e.g. after an erasure in another process. */
  forget(subject: string): void {
    this.kept.delete(subject);
  }

  /** Forgets all of them: the database may have come back as another one. */
  forgetAll(): void {
    this.kept.clear();
  }

  private keep(subject: string, key: Buffer): SubjectKey {
    const oldest = this.kept.size >= MAX_KEPT ? this.kept.keys().next().value : undefined;
    if (oldest !== undefined) this.kept.delete(oldest);
    const entry = { kid: kidOf(key), key };
    this.kept.set(subject, entry);
    return entry;
  }

  private wrap(subject: string, key: Buffer): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.wrapping, nonce).setAAD(Buffer.from(subject, 'utf8'));
    return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]).toString('base64');
  }

  private unwrap(subject: string, wrapped: string): Buffer {
    const bytes = Buffer.from(wrapped, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.wrapping, bytes.subarray(0, 12))
      .setAAD(Buffer.from(subject, 'utf8'))
      .setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
  }
}

const derive = (master: Buffer, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), purpose, 32));
