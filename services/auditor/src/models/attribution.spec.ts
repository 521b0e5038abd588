import { simulateComparison, simulatePanel } from '@touchstone/loyalty/attribution';
import { complaint, computed, drawn } from '../stats/analyses.spec-kit.js';
import { touchstone } from '../canned.spec-kit.js';
import type { AttributionResult } from './attribution.js';
import { csv } from './loyalty-fixture.spec-kit.js';

// Deaths in the University Group Diabetes Program: K. J. Rothman et al., Modern Epidemiology, 3rd edition, table 15-1.
const arms = [['tolbutamide', 'under 55', 8, 106], ['placebo', 'under 55', 5, 120], ['tolbutamide', '55 and over', 22, 98], ['placebo', '55 and over', 16, 85]] as const;
const diabetes = `drug,age,outcome\n${arms.flatMap(([drug, age, deaths, n]) => Array.from({ length: n }, (_, index) => `${drug},${age},${index < deaths ? 'died' : 'lived'}`)).join('\n')}\n`;
const trial = ['models', 'attribution', '--exposed', 'drug=tolbutamide', '--outcome', 'outcome=died', '--strata', 'age', '--roles', 'age=confounder', '--confidence', '0.9'];
const of = (result: Record<string, never>): AttributionResult => result as unknown as AttributionResult;

const { outcome, exposed, site, complaint: complained, latePaymentBefore } = simulateComparison(11, { accounts: 2000, effect: 0.12 });
const accounts = csv({ failed: exposed, churned: outcome, site, complained, late: latePaymentBefore });
const compared = ['models', 'attribution', '--exposed', 'failed', '--outcome', 'churned'];

const made = simulatePanel(3, { effect: 2 });
const rows = Array.from(made.account, (_, row) => row);
const panel = csv({ account: rows.map((row) => made.account[row] ?? ''), month: rows.map((row) => made.period[row] ?? 0), orders: rows.map((row) => made.outcome[row] ?? 0), failed: rows.map((row) => made.exposedFrom[row] ?? null) });
const study = ['models', 'attribution', '--event-study', '--account', 'account', '--period', 'month', '--exposed-from', 'failed', '--outcome', 'orders'];

describe('touchstone models attribution', () => {
  it('finds what Rothman prints of the diabetes program, within age', async () => {
    const { comparison, assumed } = of(await computed(trial, diabetes));
    expect(comparison?.riskDifference.estimate).toBeCloseTo(0.0349, 4);
    expect(comparison?.riskDifference.lower).toBeCloseTo(-0.0176, 4);
    expect(comparison?.riskDifference.upper).toBeCloseTo(0.0874, 4);
    expect(comparison?.riskRatio.estimate).toBeCloseTo(1.3256, 4);
    expect(comparison?.oddsRatio?.estimate).toBeCloseTo(1.4031, 4);
    expect(comparison?.crude.riskRatio?.estimate).toBeCloseTo(1.4356, 4);
    expect(assumed).toEqual([]);
  });
  it('says which columns it took for confounders when nobody said so', async () => {
    const { assumed } = of(await computed([...compared, '--strata', 'site'], accounts));
    expect(assumed).toEqual(['site']);
    expect((await touchstone([...compared, '--strata', 'site'], { stdin: accounts, columns: 80 })).out).toContain('note: site taken as confounders known before the failure');
  });
  it('asks negative controls, and says when one objects', async () => {
    const { comparison } = of(await computed([...compared, '--strata', 'site', '--negative-control', 'late', '--negative-exposure', 'late'], accounts));
    expect(comparison?.negativeControls.map(({ name, kind }) => [name, kind])).toEqual([['late', 'outcome'], ['late', 'exposure']]);
    const objecting = of(await computed([...compared, '--negative-control', 'complained'], accounts));
    expect(objecting.comparison?.suspicious).toBe(true);
    expect((await touchstone([...compared, '--negative-control', 'complained'], { stdin: accounts })).out).toContain('A negative control objects: what is found here is no evidence of an effect.');
  });
  it('estimates the effect by periods since exposure, against accounts never exposed', async () => {
    const { eventStudy, comparison } = of(await computed([...study, '--leads', '3', '--lags', '2'], panel));
    expect(comparison).toBeNull();
    expect(eventStudy?.effects.map(({ event }) => event)).toEqual([-3, -2, 0, 1, 2]);
    expect(Math.abs((eventStudy?.effect.estimate ?? 0) - 2)).toBeLessThan(3 * (eventStudy?.effect.standardError ?? 0));
    expect(eventStudy?.preTrend?.suspicious).toBe(false);
  });
  it('draws strata, and effects over time', async () => {
    const strata = await drawn([...compared, '--strata', 'site'], accounts);
    for (const text of ['Effect of the failure on churned, standard input', 'together', 'site=&quot;A&quot;']) expect(strata.texts).toContain(text);
    const time = await drawn(study, panel);
    for (const text of ['Event study of orders, standard input', 'exposure', '-4']) expect(time.texts).toContain(text);
    expect(strata.svg + time.svg).not.toMatch(/NaN|Infinity|undefined/);
  });
  it('says it in words, as wide as the terminal', async () => {
    for (const [command, stdin, words] of [[trial, diabetes, 'The interval holds no effect'], [study, panel, 'Mean effect from exposure on'], [[...compared, '--strata', 'site'], accounts, 'percentage points']] as const) {
      const { out } = await touchstone(command, { stdin, columns: 80 });
      expect(out.replaceAll(/\s+/g, ' ')).toContain(words);
      expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    }
  });
  it.each<[string, string[], RegExp]>([
    ['to adjust for a mediator', ['--strata', 'complained', '--roles', 'complained=mediator'], /^touchstone: 'complained' is a mediator/],
    ['to adjust for what came later', ['--strata', 'site', '--measured-after', 'site'], /^touchstone: 'site' was measured after exposure/],
    ['a role nobody knows', ['--strata', 'site', '--roles', 'site=bystander'], /^touchstone: .*column=role, the role one of confounder, mediator/],
    ['a role of a column that is not adjusted for', ['--roles', 'site=confounder'], /^touchstone: site is not among the columns of --strata \(none\)$/],
    ['a claim from too few', ['--minimum-accounts', '5000'], /^touchstone: no claim: \d+ exposed accounts/],
    ['a claim from too few events', ['--minimum-events', '400'], /^touchstone: no claim: \d+ events among the exposed, at least 400/],
    ['an event study without its columns', ['--event-study'], /^touchstone: an event study needs --account, --period and --exposed-from$/],
  ])('refuses %s in one line with exit code 2', async (_, more, message) => {
    const [code, line] = await complaint([...compared, ...more], accounts);
    expect([code, message.test(line) ? 'as expected' : line]).toEqual([2, 'as expected']);
  });
  it('refuses to compare without anybody exposed to compare', async () => {
    expect(await complaint(['models', 'attribution', '--outcome', 'churned'], accounts)).toEqual([2, 'touchstone: say whom a failure reached with --exposed <column>, or ask for an --event-study']);
    expect(await complaint([...study, '--exposed', 'failed'], panel)).toEqual([2, 'touchstone: an event study takes no --exposed and no --strata: accounts are compared with themselves before exposure']);
  });
});
