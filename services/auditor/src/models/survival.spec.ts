import { complaint, computed, drawn } from '../stats/analyses.spec-kit.js';
import { touchstone } from '../canned.spec-kit.js';
import { csv, fixture } from './loyalty-fixture.spec-kit.js';
import type { SurvivalResult } from './survival.js';

const { rossi, waltons } = fixture('survival-rossi-waltons-telco') as unknown as { rossi: Record<string, number[]>; waltons: { time: number[]; event: number[]; group: string[] } };
const flies = csv({ T: waltons.time, E: waltons.event, group: waltons.group });
const prisoners = csv(rossi);
const curves = ['models', 'survival', '--time', 'T', '--event', 'E', '--group', 'group'];
const covariates = 'fin,age,race,wexp,mar,paro,prio';
const cox = ['models', 'cox', '--time', 'week', '--event', 'arrest', '--covariates', covariates];

interface Cox {
  readonly fit: { readonly coefficients: readonly { name: string; estimate: number; standardError: number; hazardRatio: number }[]; readonly logLikelihood: { null: number; model: number }; readonly concordance: { estimate: number } };
  readonly proportionality: { readonly terms: readonly { name: string; chiSquare: number; df: number }[]; readonly global: { chiSquare: number; pValue: number } } | null;
}

describe('touchstone models survival', () => {
  it('finds the medians and the log-rank statistic that lifelines finds in the Waltons data', async () => {
    const found = (await computed([...curves, '--at', '10,50'], flies)) as unknown as SurvivalResult;
    expect(found.curves.map(({ group, curve }) => [group, curve.n, curve.events, curve.median.estimate])).toEqual([['control', 129, 122, 58], ['miR-137', 34, 34, 26]]);
    expect(found.logRank?.chiSquare).toBeCloseTo(122.2491255730062, 8);
    expect(found.curves[0]?.at.map(({ survival }) => survival)).toEqual([expect.closeTo(0.9922480620155038, 12), expect.closeTo(0.7650764584659476, 12)]);
  });
  it('takes the event in words, and one curve without groups', async () => {
    const words = csv({ T: waltons.time, E: waltons.event.map((event) => (event === 1 ? 'died' : 'alive')) });
    const { curves: [all], logRank, pairwise, event } = (await computed(['models', 'survival', '--time', 'T', '--event', 'E=died'], words)) as unknown as SurvivalResult;
    expect([all?.group, all?.curve.n, all?.curve.events, logRank, pairwise, event]).toEqual([null, 163, 156, null, [], { column: 'E', value: 'died' }]);
  });
  it('takes rows that begin late, weights, trends along groups, and other weightings', async () => {
    const rows = csv({ T: waltons.time, E: waltons.event, from: waltons.time.map(() => 0), n: waltons.time.map(() => 2), dose: waltons.group.map((group, index) => (group === 'control' ? 2 + 8 * (index % 2) : 100)) });
    const grouped = ['models', 'survival', '--time', 'T', '--event', 'E', '--group', 'dose', '--start', 'from', '--weight', 'n', '--until', '50', '--quantiles', '0.9'];
    const found = (await computed([...grouped, '--trend'], rows)) as unknown as SurvivalResult;
    expect(found.curves.map(({ group, restrictedMean }) => [group, restrictedMean.horizon])).toEqual([[2, 50], [10, 50], [100, 50]]);
    expect(found.curves.reduce((sum, { curve }) => sum + curve.n, 0)).toBe(2 * 163);
    expect([found.curves[2]?.quantiles[0]?.probability, found.pairwise.length, found.logRank?.trend === null]).toEqual([0.9, 3, false]);
    const statistic = async (...more: string[]) => ((await computed([...grouped, ...more], rows)) as unknown as SurvivalResult).logRank?.chiSquare;
    const statistics = [found.logRank?.chiSquare, await statistic('--weighting', 'gehan'), await statistic('--rho', '1'), await statistic('--rho', '1', '--gamma', '1')];
    expect(new Set(statistics).size).toBe(4);
  });
  it('says it in words, and draws the curves with the numbers at risk', async () => {
    const { out } = await touchstone(curves, { stdin: flies, columns: 80 });
    expect(out).toMatch(/miR-137 +34 +34 +26 +22 to 29/);
    expect(out).toMatch(/log-rank test of the same hazard in all groups: χ² 122\.249, 1 df, p <0\.0001/);
    const { svg, texts } = await drawn(curves, flies);
    for (const text of ['miR-137: 34 rows, 34 events, median 26', 'rows at risk', '129', 'without E']) expect(texts).toContain(text);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
  it.each<[string, string[], string, RegExp]>([
    ['an event of words without saying which', ['--event', 'E'], 'T,E\n1,yes\n', /^touchstone: standard input, line 2: E is "yes", and 0 or 1 belongs there; say which value is the event, as in E=yes$/],
    ['an event that never occurs', ['--event', 'E=left'], 'T,E\n1,yes\n2,no\n', /^touchstone: standard input: no row has E left; found are no, yes$/],
    ['a time that is a word', ['--event', 'E'], 'T,E\nsoon,1\n', /line 2: T is "soon", and a number belongs there$/],
    ['a single group', ['--event', 'E', '--group', 'E'], 'T,E\n1,1\n2,1\n', /^touchstone: all rows are in group 1; comparing needs at least two groups$/],
    ['a gamma without rho', ['--event', 'E', '--group', 'G', '--gamma', '1'], 'T,E,G\n1,1,a\n2,1,b\n', /^touchstone: --gamma belongs to --rho: give both$/],
  ])('refuses %s in one line with exit code 2', async (_, more, stdin, message) => {
    const [code, line] = await complaint(['models', 'survival', '--time', 'T', ...more], stdin);
    expect([code, message.test(line) ? 'as expected' : line]).toEqual([2, 'as expected']);
  });
});

describe('touchstone models cox', () => {
  it('finds in Rossi’s data what R’s survival finds, by either method for ties', async () => {
    const { fit, proportionality } = (await computed(cox, prisoners)) as unknown as Cox;
    const prio = fit.coefficients.find(({ name }) => name === 'prio');
    expect(prio?.estimate).toBeCloseTo(0.091497080985296, 8);
    expect(prio?.standardError).toBeCloseTo(0.0286485499599737, 8);
    expect(fit.logLikelihood.model).toBeCloseTo(-658.747659446087, 8);
    expect(fit.concordance.estimate).toBeCloseTo(0.640329247099714, 10);
    expect(proportionality?.terms.find(({ name }) => name === 'age')?.chiSquare).toBeCloseTo(5.97398165341843, 6);
    expect(proportionality?.global.chiSquare).toBeCloseTo(17.694415254455, 6);
    const breslow = (await computed([...cox, '--ties', 'breslow'], prisoners)) as unknown as Cox;
    expect(breslow.fit.coefficients[0]?.estimate).toBeCloseTo(-0.379021887430794, 8);
    expect(breslow.fit.logLikelihood.model).toBeCloseTo(-659.120605677328, 8);
  });
  it('takes words by their levels, tested together, and rows that begin late', async () => {
    const bands = (rossi['age'] ?? []).map((age) => (age < 20 ? 'young' : age < 30 ? 'grown' : 'older'));
    const rows = csv({ week: rossi['week'] ?? [], arrest: rossi['arrest'] ?? [], fin: rossi['fin'] ?? [], band: bands, from: bands.map(() => 0) });
    const { fit, proportionality } = (await computed(['models', 'cox', '--time', 'week', '--event', 'arrest', '--covariates', 'fin,band', '--start', 'from'], rows)) as unknown as Cox;
    expect(fit.coefficients.map(({ name }) => name)).toEqual(['fin', 'band=older', 'band=young']);
    expect(proportionality?.terms.map(({ name, df }) => [name, df])).toEqual([['fin', 1], ['band', 2]]);
  });
  it('compares within strata only, and takes rows of one cluster together', async () => {
    const within = (await computed([...cox.slice(0, 6), '--covariates', 'fin,age', '--strata', 'race'], prisoners)) as unknown as Cox;
    const across = (await computed([...cox.slice(0, 6), '--covariates', 'fin,age'], prisoners)) as unknown as Cox;
    const [one, other] = [within, across].map(({ fit }) => fit.logLikelihood.null);
    expect(one).toBeGreaterThan(other ?? 0);
    const clustered = (await computed([...cox, '--cluster', 'prio'], prisoners)) as unknown as { fit: { isRobust: boolean; coefficients: { standardError: number; modelStandardError: number }[] } };
    expect(clustered.fit.isRobust).toBe(true);
    expect(clustered.fit.coefficients[0]?.standardError).not.toBe(clustered.fit.coefficients[0]?.modelStandardError);
    const groups = ['models', 'survival', '--time', 'week', '--event', 'arrest', '--group', 'fin'];
    const [plain, stratified] = [await computed(groups, prisoners), await computed([...groups, '--strata', 'race'], prisoners)].map((found) => (found as unknown as SurvivalResult).logRank?.chiSquare);
    expect(stratified).not.toBe(plain);
  });
  it('names the effects that change over time, and draws hazard ratios with their intervals', async () => {
    const { out } = await touchstone(cox, { stdin: prisoners, columns: 100 });
    expect(out).toContain('the effect of age, wexp changes over time');
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect((await drawn(cox, prisoners)).texts).toContain('1.10 (1.04 to 1.16)');
  });
  it.each<[string, string, RegExp]>([
    ['a covariate that never varies', 'T,E,x\n1,1,2\n2,1,2\n3,0,2\n', /x/],
    ['a covariate of one word', 'T,E,x\n1,1,a\n2,1,a\n', /^touchstone: standard input: x is a in every row, so it can have no effect; leave it out$/],
    ['a file without the event', 'T,E,x\n1,0,1\n2,0,2\n', /^touchstone: no row has the event/],
  ])('refuses %s in one line with exit code 2', async (_, stdin, message) => {
    const [code, line] = await complaint(['models', 'cox', '--time', 'T', '--event', 'E', '--covariates', 'x'], stdin);
    expect([code, message.test(line) ? 'as expected' : line]).toEqual([2, 'as expected']);
  });
});
