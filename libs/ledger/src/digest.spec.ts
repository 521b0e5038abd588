import { LedgerError, canonicalBytes, hashOf, sha256Hex } from './index.js';

describe('the hash of a record', () => {
  // FIPS 180-4 example values, as published with the Secure Hash Standard.
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'],
  ])('of %j is the published one', (text, hex) => {
    expect(sha256Hex(text)).toBe(hex);
    expect(sha256Hex(new TextEncoder().encode(text))).toBe(hex);
  });

  it('is the same however its members were ordered', () => {
    expect(hashOf({ b: 2, a: 1 })).toBe(hashOf({ a: 1, b: 2 }));
    expect(hashOf({ b: 2, a: 1 })).toBe(sha256Hex('{"a":1,"b":2}'));
  });

  it('is the one over the canonical bytes', () => {
    const record = { reason: 'Maß außer Toleranz', quantity: '12.50' };
    expect(hashOf(record)).toBe(sha256Hex(canonicalBytes(record)));
  });

  it('differs where the text form of a decimal differs', () => {
    expect(hashOf({ quantity: '1.0' })).not.toBe(hashOf({ quantity: '1.00' }));
  });

  it('does not exist for a string without UTF-8 form', () => {
    expect(() => sha256Hex('\ud800')).toThrow(LedgerError);
    expect(() => hashOf('\ud800')).toThrow(LedgerError);
  });
});
