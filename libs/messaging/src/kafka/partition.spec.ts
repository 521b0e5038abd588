import { murmur2, partitionOf } from './partition.js';

describe('the partition of a stream', () => {
  // Hashes that Kafka's Java client gives for these keys (its own test of its murmur2).
  it.each([['21', -973_932_308], ['foobar', -790_332_482], ['a-little-bit-long-string', -985_981_536], ['a-little-bit-longer-string', -1_486_304_829], ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971], ['abc', 479_470_107]])(
    'hashes %s as Kafka\'s Java client does', (key, hash) => expect(murmur2(Buffer.from(key))).toBe(hash),
  );

  it('is the hash without its sign, modulo the number of partitions', () => {
    expect(partitionOf('21', 6)).toBe((-973_932_308 & 0x7fff_ffff) % 6);
    expect(partitionOf('lot-ü', 1)).toBe(0);
  });

  it('spreads streams about evenly', () => {
    const counts = [0, 0, 0, 0, 0, 0];
    for (let lot = 0; lot < 6_000; lot += 1) counts[partitionOf(`lot-${lot}`, 6)]! += 1;
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
