import { complaint, computed, dataset, drawn } from '../stats/analyses.spec-kit.js';
import { touchstone } from '../canned.spec-kit.js';
import type { RepeatPurchaseResult } from './repeat-purchase.js';

const cdnow = dataset('purchases/CDNOW_sample.txt');
const command = ['models', 'repeat-purchase'];
const calibrated = [...command, '--calibration-end', '1997-09-30'];
const analysed = async (...more: string[]) => (await computed([...calibrated, ...more], cdnow)) as unknown as RepeatPurchaseResult;

describe('touchstone models repeat-purchase', () => {
  it('finds in the CDNOW sample, as it was published, what Fader, Hardie and Lee found', async () => {
    const { fit, spending, summaries, customers, days } = await analysed();
    expect(fit.estimates.map(({ name, estimate }) => [name, estimate.toFixed(3)])).toEqual([['r', '0.243'], ['alpha', '4.414'], ['a', '0.793'], ['b', '2.426']]);
    expect(fit.logLikelihood).toBeCloseTo(-9582.4, 1);
    expect(spending?.estimates.map(({ estimate }) => estimate.toFixed(2))).toEqual(['6.25', '3.74', '15.44']);
    expect([fit.customers, fit.repeatPurchases, summaries.purchases, customers.length]).toEqual([2357, 2457, 6919, 2357]);
    expect(days).toEqual({ first: '1997-01-01', calibrationEnd: '1997-09-30', observationEnd: '1998-06-30' });
  });
  it('foresees the 39 weeks after calibration by customer', async () => {
    const { customers, holdout, horizon } = await analysed();
    expect(horizon).toBe(39);
    const first = customers.find(({ customer }) => customer === '00004');
    expect(first?.probabilityAlive).toBeCloseTo(0.7266, 3);
    expect(first?.expectedPurchases).toBeCloseTo(1.226, 2);
    expect(holdout?.actual).toBe(1882);
    expect(holdout?.expected).toBeCloseTo(1653.4, 0);
  });
  it('fits Pareto/NBD as published, too', async () => {
    const { fit } = await analysed('--model', 'pareto-nbd');
    expect(fit.estimates.map(({ name, estimate }) => [name, estimate.toFixed(2)])).toEqual([['r', '0.55'], ['alpha', '10.58'], ['s', '0.61'], ['beta', '11.67']]);
    expect(fit.logLikelihood).toBeCloseTo(-9595, 0);
  });
  it('learns from the first half of the time when nothing is said', async () => {
    const { fit, days } = (await computed(command, cdnow)) as unknown as RepeatPurchaseResult;
    expect([days.calibrationEnd, fit.estimates[0]?.estimate.toFixed(3)]).toEqual(['1997-09-30', '0.243']);
  });
  it('takes the whole file when that is asked for, and any named columns', async () => {
    const whole = (await computed([...command, '--calibration-end', 'last'], cdnow)) as unknown as RepeatPurchaseResult;
    expect([whole.holdout, whole.days.calibrationEnd, whole.fit.customers, whole.horizon]).toEqual([null, '1998-06-30', 2357, 52]);
    const rows = cdnow.trim().split('\n').map((line) => line.trim().split(/\s+/)).map(([who, , when, , what]) => `${what ?? ''};${who ?? ''};${when ?? ''}`);
    const named = (await computed([...command, '--calibration-end', 'last', '--customer', 'account', '--date', 'ordered', '--value', 'paid'], `paid;account;ordered\n${rows.join('\n')}\n`)) as unknown as RepeatPurchaseResult;
    expect(named.fit).toEqual(whole.fit);
    expect(named.spending).toEqual(whole.spending);
  });
  it('counts in months, whose days are no whole number, as it does in weeks', async () => {
    const [weeks, months] = [await analysed('--no-spending'), await analysed('--unit', 'months', '--no-spending')];
    expect(months.spending).toBeNull();
    expect(months.fit.estimates[1]?.estimate).toBeCloseTo(((weeks.fit.estimates[1]?.estimate ?? 0) * 7) / 30.4375, 5);
    expect(months.fit.estimates[2]?.estimate).toBeCloseTo(weeks.fit.estimates[2]?.estimate ?? 0, 5);
    expect(months.tracking[0]?.time).toBeCloseTo(30 / 30.4375, 12);
  });
  it('lists with --top those of the highest expected value', async () => {
    const { customers } = await analysed('--top', '3');
    expect(customers.map(({ customer }) => customer)).toEqual(['05420', '11288', '15562']);
    const { out } = await touchstone([...calibrated, '--top', '1'], { stdin: cdnow, columns: 90 });
    expect(out).toMatch(/05420 +18 +35\.1 +35\.9 +0\.9465 +12\.823 +77\.598 +995\.056\n$/);
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(90);
  });
  it('draws actual and expected purchases, with the end of calibration', async () => {
    const { svg, texts } = await drawn(calibrated, cdnow);
    for (const text of ['Repeat purchases of standard input: BG/NBD model', 'end of calibration', 'weeks since the first purchase', '7+', 'purchases in the 39 weeks after']) expect(texts).toContain(text);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
  it('says how to do without values, where they alone stand in the way', async () => {
    const gift = cdnow.replace(/(00021 .*19970113 +1 +)11\.77/, '$1 0.00');
    expect(await complaint(calibrated, gift)).toEqual([2, expect.stringMatching(/^touchstone: .*; --no-spending leaves what was paid out$/)]);
    expect((await analysed('--no-spending')).spending).toBeNull();
  });
  it.each<[string, string[], string, RegExp]>([
    ['a day no calendar has', [], 'customer,date\na,2026-01-02\na,2026-02-30\n', /^touchstone: standard input, line 3: date: '2026-02-30' is a day no calendar has$/],
    ['a file whose customer cannot be told', [], 'who,day\na,2026-01-02\n', /^touchstone: standard input: say which column names the customer with --customer; it has who, day$/],
    ['a file whose day cannot be told', ['--customer', 'who'], 'who,day\na,2026-01-02\n', /^touchstone: standard input: say which column is the day of purchase with --date; it has who, day$/],
    ['a column that is not there', ['--value', 'paid'], 'customer,date\na,2026-01-02\n', /^touchstone: standard input has no column paid/],
    ['customers of whom none came back', ['--calibration-end', 'last'], 'customer,date\na,2026-01-02\nb,2026-01-09\n', /^touchstone: none of 2 customers bought again/],
    ['an end of calibration that is no day', ['--calibration-end', 'autumn'], 'customer,date\na,2026-01-02\n', /^touchstone: --calibration-end: 'autumn' is no ISO day/],
    ['a unit nobody counts in', ['--unit', 'fortnights'], 'customer,date\na,2026-01-02\n', /^touchstone: .*fortnights.*days, weeks, months/],
  ])('refuses %s in one line with exit code 2', async (_, more, stdin, message) => {
    const [code, line] = await complaint([...command, ...more], stdin);
    expect([code, message.test(line) ? 'as expected' : line]).toEqual([2, 'as expected']);
  });
});
