import { kafkaPrograms } from '@touchstone/testing/kafka';
import { growthOf } from './catch-up.js';
import { kafkaOptions, parts } from './options.js';
import { asMarkdown, asText } from './report.js';
import { runKafka } from './run.js';

const programs = await kafkaPrograms();
const [itWithKafka, unless] = 'why' in programs ? [it.skip, ` (skipped: ${programs.why})`] : [it, ''];

describe('the benchmark of what passes between services', () => {
  it('takes its options, and refuses what makes no sense', () => {
    expect(kafkaOptions(['--write'])).toEqual({ rounds: 5, parts, events: 50_000, trips: 300, long: 1_000_000, json: false, write: true });
    expect(kafkaOptions(['--only', 'trip,relay', '--trips', '7'])).toMatchObject({ parts: ['relay', 'trip'], trips: 7 });
    expect(kafkaOptions(['--help'])).toBe('help');
    for (const wrong of [['--only', 'moon'], ['--rounds', '0'], ['--long', '1.5'], ['--fast']]) expect(() => kafkaOptions(wrong)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }) as Error);
  });

  it('calls memory flat by the most of the second half against the most of the first', () => {
    expect(growthOf([{ events: 0, rssMiB: 100 }, { events: 50, rssMiB: 200 }, { events: 60, rssMiB: 150 }, { events: 100, rssMiB: 300 }])).toBe(1.5);
  });

  itWithKafka(`measures all parts, none faster than it counted${unless}`, async () => {
    const report = await runKafka({ rounds: 1, parts, events: 400, trips: 3, long: 500, json: false, write: false }, () => undefined);
    expect([...new Set(report.rows.map(({ area }) => area))]).toEqual(['relay', 'round trip', 'ingest', 'catch up', 'export']);
    expect(report.verdicts.filter(({ state }) => state === 'not measured')).toEqual([]);
    for (const { rate } of report.rows) expect(rate.median).toBeGreaterThan(0);
    expect(asText(report)).toContain('this relay, under its lease');
    expect(asMarkdown(report)).toContain('# Benchmarks of Kafka\n');
  }, 180_000);
});
