/**
 * The partition of a key: murmur2 over its UTF-8 bytes, without the sign bit, modulo the number of partitions; as Kafka's own
 * Java clients choose it. Pinned here and sent with each record, since clients' defaults differ (librdkafka's is CRC32), and a
 * stream that changed its partition would lose its order. For the same reason partitions are never added to a topic.
 */
export const partitionOf = (key: string, partitions: number): number => (murmur2(Buffer.from(key)) & 0x7fff_ffff) % partitions;

const M = 0x5bd1_e995;

/** 32-bit MurmurHash2 (A. Appleby) with the seed that Kafka uses; signed, as in Java. */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  let hash = 0x9747_b28c ^ length;
  const whole = length - (length % 4);
  for (let at = 0; at < whole; at += 4) {
    let word = Math.imul(view.getInt32(at, true), M);
    word = Math.imul(word ^ (word >>> 24), M);
    hash = Math.imul(hash, M) ^ word;
  }
  if (length > whole) {
    for (let at = length - 1; at >= whole; at -= 1) hash ^= (bytes[at] ?? 0) << (8 * (at - whole));
    hash = Math.imul(hash, M);
  }
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}
