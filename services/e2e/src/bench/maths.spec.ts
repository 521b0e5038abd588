import { describe, expect, it } from '@jest/globals';
import { fitBgNbd } from '@touchstone/loyalty/repeat-purchase';
import { cdnowHistories } from './maths-contests.js';
import { mathsOptions, mathsText, runMaths } from './maths.js';
import { BadOption } from '../options.js';

describe('a benchmark of the mathematics', () => {
  it('of one short round times every work, with the ratios that are asked for and a word on what is missing', () => {
    const report = runMaths({ rounds: 1, points: 2_000, rows: 400, json: false, write: false });
    expect(report.rows.filter(({ work }) => !work.startsWith('Python')).map(({ what, work }) => `${what} | ${work}`)).toEqual([
      'individuals chart and all eight Nelson tests on 2,000 points | one summing pass',
      'individuals chart and all eight Nelson tests on 2,000 points | limits',
      'individuals chart and all eight Nelson tests on 2,000 points | eight tests',
      'individuals chart and all eight Nelson tests on 2,000 points | limits and eight tests, batch',
      'individuals chart and all eight Nelson tests on 2,000 points | limits and eight tests, streaming',
      'BG/NBD fit on CDNOW | fitBgNbd',
      'Cox regression on 400 × 10 | coxRegression',
    ]);
    expect(report.rows.filter(({ ms }) => !(ms.median > 0))).toEqual([]);
    expect(report.rows.flatMap(({ ratio }) => ratio?.asked ?? [])).toEqual(expect.arrayContaining(['≤ 30', '≤ 10']));
    const pythons = report.rows.filter(({ work }) => work.startsWith('Python')).length;
    expect(pythons + report.notes.length).toBe(2);
    const text = mathsText(report);
    for (const { work } of report.rows) expect(text).toContain(work);
    for (const note of report.notes) expect(text).toContain(note);
  }, 60_000);

  it('fits the customers of the paper', () => {
    const histories = cdnowHistories();
    expect(histories).toHaveLength(2357);
    expect(fitBgNbd(histories).parameters.r).toBeCloseTo(0.243, 3);
  });
});

describe('its options', () => {
  it('are seven rounds of a million points unless asked otherwise', () => {
    expect(mathsOptions([])).toEqual({ rounds: 7, points: 1_000_000, rows: 100_000, json: false, write: false });
    expect(mathsOptions(['--rounds', '2', '--points', '500', '--rows', '300', '--json'])).toEqual({ rounds: 2, points: 500, rows: 300, json: true, write: false });
    expect(mathsOptions(['--help'])).toBe('help');
  });

  it.each([['--rounds', '0'], ['--points', 'many'], ['--rows', '1.5'], ['--seconds', '1']])('refuse %s %s', (name, value) => {
    expect(() => mathsOptions([name, value])).toThrow(BadOption);
  });
});
