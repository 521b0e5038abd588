import fc from 'fast-check';
import { exposureRows } from './index.js';
import type { AccountHistory, ExposureRowOptions } from './index.js';

const history = (exposedAtDays: readonly number[], more: Partial<AccountHistory> = {}): AccountHistory => ({
  account: 'a',
  startDays: 100,
  endDays: 200,
  churned: true,
  exposedAtDays,
  ...more,
});
const short = (one: AccountHistory, options?: ExposureRowOptions) =>
  exposureRows([one], options).map(({ startDays, stopDays, event, exposures }) => [startDays, stopDays, event, exposures]);

describe('counting-process rows', () => {
  it('count the time before exposure as unexposed, also for accounts exposed later', () => {
    expect(exposureRows([history([130])])).toEqual([
      { account: 'a', index: 0, startDays: 0, stopDays: 30, event: 0, exposed: 0, exposures: 0 },
      { account: 'a', index: 0, startDays: 30, stopDays: 100, event: 1, exposed: 1, exposures: 1 },
    ]);
  });

  it('are one row for an account that no failure reached', () => {
    expect(short(history([]))).toEqual([[0, 100, 1, 0]]);
    expect(short(history([], { churned: false }))).toEqual([[0, 100, 0, 0]]);
  });

  it('hold no failure responsible that came with the churn or after', () => {
    expect(short(history([200, 250]))).toEqual([[0, 100, 1, 0]]);
  });

  it('let a failure from before the start act from the start', () => {
    expect(short(history([50, 100]))).toEqual([[0, 100, 1, 2]]);
  });

  it('count failures that add up, and one that two causes report at once as two', () => {
    expect(short(history([120, 150, 150]))).toEqual([
      [0, 20, 0, 0],
      [20, 50, 0, 1],
      [50, 100, 1, 3],
    ]);
  });

  it('start on request on the calendar, after a delay, or end after a while', () => {
    expect(short(history([130]), { clock: 'calendar' })).toEqual([
      [100, 130, 0, 0],
      [130, 200, 1, 1],
    ]);
    expect(short(history([130]), { delayDays: 14 })).toEqual([
      [0, 44, 0, 0],
      [44, 100, 1, 1],
    ]);
    expect(short(history([130]), { lastingDays: 20 })).toEqual([
      [0, 30, 0, 0],
      [30, 50, 0, 1],
      [50, 100, 1, 0],
    ]);
  });

  it('are joined where one failure takes over from another', () => {
    expect(short(history([130, 150]), { lastingDays: 20 })).toEqual([
      [0, 30, 0, 0],
      [30, 70, 0, 1],
      [70, 100, 1, 0],
    ]);
  });

  it('cover each account’s time exactly once, with its event in the last row only', () => {
    const day = fc.integer({ min: 0, max: 1000 });
    const days = fc.array(day, { maxLength: 6 });
    fc.assert(
      fc.property(
        day,
        fc.integer({ min: 1, max: 500 }),
        fc.boolean(),
        days,
        fc.integer({ min: 0, max: 50 }),
        fc.option(fc.integer({ min: 1, max: 300 })),
        (startDays, length, churned, exposedAtDays, delayDays, lasting) => {
          const options = { delayDays, lastingDays: lasting ?? Infinity };
          const rows = exposureRows([history(exposedAtDays, { startDays, endDays: startDays + length, churned })], options);
          expect(rows[0].startDays).toBe(0);
          expect(rows.at(-1)?.stopDays).toBe(length);
          rows.slice(1).forEach((row, at) => {
            expect(row.startDays).toBe(rows[at].stopDays);
            expect(row.exposures).not.toBe(rows[at].exposures);
          });
          expect(rows.map(({ event }) => event)).toEqual(rows.map((_, at) => Number(churned && at === rows.length - 1)));
          for (const { startDays: from, stopDays: to, exposures } of rows) {
            const middle = startDays + (from + to) / 2;
            expect(exposures).toBe(
              exposedAtDays.filter((at) => at + delayDays <= middle && middle < at + delayDays + options.lastingDays).length,
            );
          }
        },
      ),
    );
  });

  it('are refused for histories that cannot be', () => {
    const bad = expect.objectContaining({ code: 'BAD_DATA' });
    expect(() => exposureRows([history([], { endDays: 100 })])).toThrow(bad);
    expect(() => exposureRows([history([]), history([])])).toThrow(/account a occurs twice/);
    expect(() => exposureRows([history([NaN])])).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
    expect(() => exposureRows([history([])], { delayDays: -1 })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
    expect(() => exposureRows([history([])], { lastingDays: 0 })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});
