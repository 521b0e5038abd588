import { describe, expect, it } from '@jest/globals';
import { parsePgbench } from './pgbench.js';
import { copyLine } from './plain-rows.js';
import { installedVersion } from './versions.js';

const PRINTED = `pgbench (15.18 (Debian 15.18-0+deb12u1), server 18.4)
transaction type: /tmp/insert.sql
scaling factor: 1
query mode: prepared
number of clients: 64
number of threads: 2
maximum number of tries: 1
number of transactions per client: 173
number of transactions actually processed: 11072/11072
number of failed transactions: 0 (0.000%)
latency average = 5.600 ms
initial connection time = 102.113 ms
tps = 11173.524112 (without initial connection time)
`;

describe("pgbench's report", () => {
  it('gives the transactions and the time that they took, connecting left out', () => {
    const { count, elapsedMs, latenciesMs } = parsePgbench(PRINTED);
    expect([count, latenciesMs]).toEqual([11_072, []]);
    expect(elapsedMs).toBeCloseTo(11_072_000 / 11_173.524112, 6);
  });

  it('is refused when it tells of no transaction, of no rate, or of failures', () => {
    for (const [from, to] of [['processed: 11072/11072', 'processed: 0/11072'], ['tps = 11173.524112', 'tps = -nan'], ['failed transactions: 0', 'failed transactions: 3']] as const) {
      expect(() => parsePgbench(PRINTED.replace(from, to))).toThrow('pgbench told no rate');
    }
    expect(() => parsePgbench('')).toThrow('pgbench told no rate');
  });
});

describe('a line of COPY', () => {
  it('separates fields by tabs and escapes what would end a field or a line, and the escape itself', () => {
    expect(copyLine(['gauge-1', '7', '{"note":"a\\tb"}'])).toBe('gauge-1\t7\t{"note":"a\\\\tb"}\n');
    expect(copyLine(['a\tb', 'c\nd', 'e\r', 'f\\.'])).toBe('a\\tb\tc\\nd\te\\r\tf\\\\.\n');
  });
});

describe('the version of a peer', () => {
  it('is read from its package.json, also when the package does not let it be asked for', () => {
    expect(installedVersion('@event-driven-io/emmett-postgresql')).toBe('0.42.0');
    expect(installedVersion('@castore/event-storage-adapter-postgres')).toBe('2.4.2');
    expect(() => installedVersion('no-such-package')).toThrow('no-such-package');
  });
});
