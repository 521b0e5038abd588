import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { dayNumberOf } from './iso-day.js';
import { summariesOf } from './purchase-log.js';
import { cdnowSummaries } from './references.js';

const log = {
  customers: ['ann', 'bob', 'ann', 'ann', 'bob', 'ann', 'eve'],
  days: ['2024-02-26', '2024-02-28', '2024-03-11', '2024-03-11', '2024-04-01', '2024-03-25', '2024-03-20'],
  values: [10, 5, 20, 4, 7, 6, 1],
};

describe('the summary of a purchase log', () => {
  it('counts the CDNOW sample as published: 2,357 customers, 2,457 repeat purchases in 39 weeks, 1,882 in the next 39', () => {
    const { customers, holdout } = cdnowSummaries((name) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));
    const total = (of: (index: number) => number): number => customers.reduce((sum, _, index) => sum + of(index), 0);
    expect([customers.length, holdout]).toEqual([2357, 39]);
    expect(total((index) => customers[index].frequency)).toBe(2457);
    expect(total((index) => customers[index].holdoutFrequency ?? 0)).toBe(1882);
  });

  it('merges a day, measures in weeks from the first purchase, and takes the mean of repeat purchases', () => {
    const { customers, mergedSameDay, customersAfterCalibration } = summariesOf(log, { calibrationEnd: '2024-03-11' });
    expect(customers.map(({ customer, frequency, recency, age }) => [customer, frequency, recency, age])).toEqual([
      ['ann', 1, 2, 2],
      ['bob', 0, 0, 12 / 7],
    ]);
    expect(customers[0]).toMatchObject({ value: 24, valuedPurchases: 1, holdoutFrequency: 1, holdoutValue: 6 });
    expect(customers[1]).toMatchObject({ value: null, valuedPurchases: 0, holdoutFrequency: 1 });
    expect([mergedSameDay, customersAfterCalibration]).toEqual([1, 1]);
  });

  it('counts in days on request, takes all purchases into the mean on request, and leaves out what is after the end', () => {
    const { customers, afterObservation, holdout } = summariesOf(log, { unitDays: 1, valued: 'all', observationEnd: '2024-03-24' });
    expect(customers.map(({ frequency, recency, age, value }) => [frequency, recency, age, value])).toEqual([
      [1, 14, 27, 17],
      [0, 0, 25, 5],
      [0, 0, 4, 1],
    ]);
    expect([afterObservation, holdout, customers[0].holdoutFrequency]).toEqual([2, 0, null]);
  });

  it('has who first bought on the last day of calibration, with age 0, and no value where the log has none', () => {
    const { customers, days } = log;
    const summaries = summariesOf({ customers, days }, { calibrationEnd: '2024-02-28' });
    expect(summaries.customers.map(({ customer, age }) => [customer, age])).toEqual([
      ['ann', 2 / 7],
      ['bob', 0],
    ]);
    const all = summariesOf({ customers, days }, { valued: 'all' }).customers;
    expect(all.map(({ value, valuedPurchases, holdoutValue }) => [value, valuedPurchases, holdoutValue])).toEqual(
      all.map(() => [null, 0, null]),
    );
  });

  it('is the same whatever the order of the log', () => {
    const indices = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 });
    fc.assert(
      fc.property(indices, (order) => {
        const shuffled = {
          customers: order.map((i) => log.customers[i]),
          days: order.map((i) => log.days[i]),
          values: order.map((i) => log.values[i]),
        };
        expect(summariesOf(shuffled)).toEqual(summariesOf(log));
      }),
    );
  });

  it.each([
    ['no purchase', { customers: [], days: [] }, {}, 'TOO_FEW_POINTS'],
    ['columns of different length', { customers: ['a'], days: [] }, {}, 'BAD_DATA'],
    ['a nameless customer', { customers: [''], days: [1] }, {}, 'BAD_DATA'],
    ['half a day', { customers: ['a'], days: [1.5] }, {}, 'BAD_DATA'],
    ['a calendar day as a number', { customers: ['a'], days: [19970101] }, {}, 'BAD_DATA'],
    ['a value that is none', { customers: ['a'], days: [1], values: [Number.NaN] }, {}, 'NOT_FINITE'],
    ['a unit of no days', { customers: ['a'], days: [1] }, { unitDays: 0 }, 'BAD_OPTION'],
    ['calibration beyond observation', { customers: ['a'], days: [1] }, { calibrationEnd: 3, observationEnd: 2 }, 'BAD_OPTION'],
    ['nobody before the end of calibration', { customers: ['a'], days: [5] }, { calibrationEnd: 3 }, 'TOO_FEW_POINTS'],
  ])('refuses %s', (_, bad, options, code) => {
    expect(() => summariesOf(bad, options)).toThrow(expect.objectContaining({ code }));
  });
});

describe('the number of a day', () => {
  it.each([
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['2000-02-29', 11016],
    ['2000-03-01', 11017],
    ['19970101', 9862],
    ['2100-03-01', 47541],
    ['2024-02-29T23:59:59.999Z', 19782],
  ])('of %s is %d', (day, number) => {
    expect(dayNumberOf(day)).toBe(number);
  });

  it.each(['2023-02-29', '1900-02-29', '2024-13-01', '2024-04-31', '2024-00-10', '01/02/2024', '2024-01-01T00:00:00+01:00', ''])(
    'is refused for %s',
    (day) => {
      expect(() => dayNumberOf(day)).toThrow(expect.objectContaining({ code: 'BAD_DATA' }));
    },
  );
});
