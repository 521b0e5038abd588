import { createHash } from 'node:crypto';

/** A UUID in lower case with hyphens. */
export type Uuid = string;

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export const isUuid = (text: unknown): text is Uuid => typeof text === 'string' && SHAPE.test(text);

/** The namespace below which every derived id of the platform lies: UUIDv5(DNS, "touchstone.events"). */
export const TOUCHSTONE_NAMESPACE: Uuid = uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'touchstone.events');

/** The name-based UUID of RFC 9562 §5.5 (SHA-1): the same namespace and name give the same id on every machine. */
export function uuidV5(namespace: Uuid, name: string): Uuid {
  const bytes = createHash('sha1').update(Buffer.from(namespace.replaceAll('-', ''), 'hex')).update(name, 'utf8').digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** An id derived from parts; the parts are length-prefixed, so that ["a","bc"] and ["ab","c"] differ. */
export const derivedId = (...parts: readonly (string | number)[]): Uuid =>
  uuidV5(TOUCHSTONE_NAMESPACE, parts.map((part) => `${String(part).length}:${part}`).join('|'));
