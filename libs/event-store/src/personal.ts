import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { canonicalize } from '@touchstone/ledger';
import { CodedError } from './answer.js';

/** A personal field: where it is, and where the id of the person (or account) it is about stands. Paths are dotted. */
export interface PersonalField {
  readonly path: string;
  readonly subject: string;
}

/** What stands in the log in place of a personal value. AES-256-GCM; `kid` commits to the key and is authenticated with the text. */
export interface Ciphertext {
  readonly cipher: 'A256GCM';
  readonly kid: string;
  readonly subject: string;
  readonly nonce: string;
  readonly text: string;
}

export interface SubjectKey {
  readonly kid: string;
  readonly key: Buffer;
}

/** A key, or that there was or could have been one, and will never be again. */
export type FoundKey = SubjectKey | 'destroyed' | undefined;

/** One key a subject, at most. `obtain` answers only when a new key is on disk, so no event can be kept that nobody can read. */
export interface SubjectKeys {
  /** Throws {@link SubjectErased} once the key was destroyed: there is never another one. */
  obtain(subject: string): Promise<SubjectKey>;
  find(subject: string): Promise<FoundKey>;
  /** For ever, in all processes, also of subjects that have none yet. Answers when it is on disk; again, it changes nothing. */
  destroy(subjects: readonly string[]): Promise<void>;
  /**
   * How often keys were destroyed, by whatever process, as known a second ago at most (or as long as one answer of the database
   * takes). What was decrypted at another number may show what is erased by now: it is read again.
   */
  destructions(): Promise<number>;
  /** Keyed hash of a command's text: what was asked may be easy to guess, so a bare hash would give it away. */
  keyedHash(text: string): string;
}

/** Stands for a personal value that cannot be read here: its key stays with another service, or the reader may not see it. */
export const UNREADABLE = '[personal]';
/** Stands for a personal value that nobody can read any more: its key was destroyed. */
export const ERASED = '[erased]';

/** Personal text would have been recorded about a subject that was erased. Nothing was. */
export class SubjectErased extends CodedError {
  readonly code = 'SUBJECT_ERASED';
  readonly status = 410;
  override readonly details: Readonly<Record<string, unknown>>;
  constructor(subject: string) {
    super(`${subject} was erased: nothing personal is recorded about it any more. A new customer or contact has an id of its own`);
    this.details = { subject };
  }
}

/** Keys as they are: none is made for this, and what has none, or had one, gets {@link UNREADABLE}. For what need not be kept at any price. */
export const keysThereAre = (keys: Pick<SubjectKeys, 'find'>): Keyring => ({
  obtain: async (subject) => {
    const found = await keys.find(subject);
    return found === 'destroyed' ? undefined : found;
  },
});

/** The same, but who was never erased gets a key. */
export const keysOfUnerased = (keys: Pick<SubjectKeys, 'obtain'>): Keyring => ({
  obtain: (subject) => keys.obtain(subject).catch((error: unknown) => {
    if (error instanceof SubjectErased) return undefined;
    throw error;
  }),
});

/** What {@link encryptFields} encrypts with; without a key, {@link UNREADABLE} stands in place of the value. */
interface Keyring {
  obtain(subject: string): Promise<SubjectKey | undefined>;
}

export const kidOf = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 32);

export const isCiphertext = (value: unknown): value is Ciphertext =>
  typeof value === 'object' && value !== null && (value as Partial<Ciphertext>).cipher === 'A256GCM';

/** `data` with each personal field encrypted for its subject; untouched (the same object) when it has none. */
export async function encryptFields(data: object, fields: readonly PersonalField[], keys: Keyring): Promise<object> {
  let sealed = data;
  for (const { path, subject } of fields) {
    const value = valueAt(sealed, path);
    if (value === undefined || value === null) continue;
    const about = valueAt(data, subject);
    if (typeof about !== 'string' || about === '') throw new Error(`personal field ${path} names no subject at ${subject}`);
    const key = await keys.obtain(about);
    sealed = withValueAt(sealed, path.split('.'), key ? seal(canonicalize(value), about, key) : UNREADABLE);
  }
  return sealed;
}

/** `data` with every ciphertext in it, wherever it stands, replaced by its value, by {@link ERASED}, or by {@link UNREADABLE}. */
export async function decryptFields(data: unknown, keys: Pick<SubjectKeys, 'find'>): Promise<unknown> {
  if (isCiphertext(data)) {
    const key = await keys.find(data.subject);
    if (key === 'destroyed') return ERASED;
    return key?.kid === data.kid ? JSON.parse(open(data, key)) : UNREADABLE;
  }
  if (Array.isArray(data)) return Promise.all(data.map((item) => decryptFields(item, keys)));
  if (typeof data !== 'object' || data === null) return data;
  const entries = await Promise.all(Object.entries(data).map(async ([name, value]) => [name, await decryptFields(value, keys)] as const));
  return Object.fromEntries(entries);
}

/** Cheap test on the stored text, so that only bodies with ciphertext are walked. */
export const mayHoldCiphertext = (text: string): boolean => text.includes('"cipher":"A256GCM"');

export function seal(text: string, subject: string, { kid, key }: SubjectKey): Ciphertext {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated(kid, subject));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { cipher: 'A256GCM', kid, subject, nonce: nonce.toString('base64'), text: sealed.toString('base64') };
}

function open({ kid, subject, nonce, text }: Ciphertext, { key }: SubjectKey): string {
  const sealed = Buffer.from(text, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'))
    .setAAD(associated(kid, subject))
    .setAuthTag(sealed.subarray(-16));
  return decipher.update(sealed.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
}

const associated = (kid: string, subject: string): Buffer => Buffer.from(canonicalize({ kid, subject }), 'utf8');

function valueAt(data: object, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined), data);
}

function withValueAt(data: object, [name = '', ...rest]: string[], value: unknown): object {
  const inner = (data as Record<string, unknown>)[name];
  return { ...data, [name]: rest.length === 0 ? value : withValueAt(inner as object, rest, value) };
}

const marked = new Map<unknown, PersonalField[]>();

/** Marks a field of a command class as personal; `subject` is the path of the field that names whom it is about. */
export const Personal = (subject: string): PropertyDecorator => (target, property) => {
  const fields = marked.get(target.constructor) ?? [];
  marked.set(target.constructor, [...fields, { path: String(property), subject }]);
};

export const personalFieldsOf = (commandClass: unknown): readonly PersonalField[] => marked.get(commandClass) ?? [];
