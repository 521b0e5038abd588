import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { touchstone } from '../canned.spec-kit.js';
import { complaint, computed, drawn } from './analyses.spec-kit.js';

interface Sampling {
  readonly plan: { readonly stages: { n: number; ac: number | null; re: number }[]; readonly codeLetter: string; readonly planLetter: string; readonly arrow: string; readonly n: number; readonly ac: number; readonly risks?: { producer: { risk: number } } };
  readonly analysis: { readonly model: string; readonly producersRisk: number; readonly averageOutgoingQualityLimit: { limit: number }; readonly consumersQuality: { p: number } };
  readonly at: { p: number; acceptance: number; averageSampleNumber: number; averageTotalInspection: number | null; averageOutgoingQuality: number }[];
  readonly verdict: { decision: string; nextSampleSize: number; returnToNormal: boolean } | null;
  readonly history: { lots: { counts: number[]; severity: string; accepted: boolean; transition: { to: string; reason: string } | null }[]; state: { severity: string; status: string; switchingScore: number }; reducedObstacles: string[]; countsAssumed: boolean } | null;
}
const sampling = async (...options: string[]): Promise<Sampling> => (await computed(['stats', 'sampling', ...options])) as unknown as Sampling;
const lot500 = ['--lot', '500', '--aql', '1.0'];

describe('touchstone stats sampling', () => {
  it('looks up the plan of Z1.4 for a lot of 500, and computes its curve by the binomial distribution', async () => {
    const { plan, at } = await sampling(...lot500, '--level', 'II', '--p', '0.01,0.02,0.05');
    expect([plan.codeLetter, plan.stages]).toEqual(['H', [{ n: 50, cumulative: 50, ac: 1, re: 2 }]]);
    const exact = [0.01, 0.02, 0.05].map((p) => (1 - p) ** 50 + 50 * p * (1 - p) ** 49);
    for (const [index, point] of at.entries()) expect(point.acceptance).toBeCloseTo(exact[index] ?? NaN, 12);
  });
  it('says when an arrow moved the plan to another letter', async () => {
    const { plan } = await sampling(...lot500, '--severity', 'tightened');
    expect([plan.codeLetter, plan.planLetter, plan.arrow, plan.n, plan.ac]).toEqual(['H', 'J', 'down', 80, 1]);
    const { out } = await touchstone(['stats', 'sampling', ...lot500, '--severity', 'tightened']);
    expect(out.replaceAll('\n', ' ')).toMatch(/letter H, by an arrow down the plan of letter J inspect 80 items: accept up to 1 nonconforming, reject from 2/);
  });
  it('gives the outgoing quality and total inspection of Montgomery’s plan n = 89, c = 2', async () => {
    const { at, analysis } = await sampling('--n', '89', '--ac', '2', '--lot', '10000', '--p', '0.01');
    expect(at[0]?.acceptance).toBeCloseTo(0.9397, 4);
    expect(Math.abs((at[0]?.averageOutgoingQuality ?? NaN) - 0.0093)).toBeLessThan(0.00005);
    expect(Math.abs((at[0]?.averageTotalInspection ?? NaN) - 687)).toBeLessThan(0.5); // printed from a rounded Pa
    expect(analysis.averageOutgoingQualityLimit.limit).toBeCloseTo(0.0153, 3);
  });
  it('draws a second sample between the numbers of a double plan, and decides at its end', async () => {
    const plan = ['--scheme', 'iso2859-1', '--lot', '2500', '--aql', '0.65', '--type', 'double'];
    const open = await sampling(...plan, '--found', '1');
    expect([open.plan.stages.map(({ n, ac, re }) => [n, ac, re]), open.verdict?.decision, open.verdict?.nextSampleSize]).toEqual([[[80, 0, 3], [80, 3, 4]], 'continue', 80]);
    expect([(await sampling(...plan, '--found', '1,2')).verdict?.decision, (await sampling(...plan, '--found', '1,3')).verdict?.decision]).toEqual(['accept', 'reject']);
  });
  it('finds the smallest plan through two points, and keeps both risks', async () => {
    const { plan } = await sampling('--find', '--aql', '2', '--alpha', '0.05', '--ltpd', '8', '--beta', '0.10');
    const below = (n: number, c: number, p: number): number => Array.from({ length: c + 1 }, (_, k) => k).reduce((sum, k) => sum + binomial(n, k) * p ** k * (1 - p) ** (n - k), 0);
    expect(below(plan.n, plan.ac, 0.08)).toBeLessThanOrEqual(0.1);
    expect(below(plan.n, plan.ac, 0.02)).toBeGreaterThanOrEqual(0.95);
    expect(below(plan.n - 1, plan.ac, 0.08)).toBeGreaterThan(0.1); // one item fewer would not do
    expect(plan.risks?.producer.risk).toBeCloseTo(1 - below(plan.n, plan.ac, 0.02), 10);
  });
  it('keeps the outgoing quality of Dodge and Romig', async () => {
    const { analysis } = await sampling('--lot', '1000', '--average', '0.5', '--aoql', '2');
    expect(analysis.averageOutgoingQualityLimit.limit).toBeLessThanOrEqual(0.02);
  });
  it('counts nonconformities by Poisson where asked, and above AQL 10 anyway', async () => {
    expect([(await sampling(...lot500)).analysis.model, (await sampling(...lot500, '--defects')).analysis.model, (await sampling('--lot', '500', '--aql', '15')).analysis.model]).toEqual(['binomial', 'poisson', 'poisson']);
  });
});

const binomial = (n: number, k: number): number => Array.from({ length: k }, (_, at) => (n - at) / (at + 1)).reduce((product, factor) => product * factor, 1);

describe('a history of lots', () => {
  it('tightens after two of five rejected, and returns after five accepted', async () => {
    const { history, plan } = await sampling(...lot500, '--history', 'accepted,rejected,accepted,rejected,accepted,accepted,accepted,accepted,accepted');
    expect(history?.lots.map(({ severity, transition }) => [severity, transition?.to ?? null])).toEqual([
      ['normal', null], ['normal', null], ['normal', null], ['normal', 'tightened'], ['tightened', null], ['tightened', null], ['tightened', null], ['tightened', null], ['tightened', 'normal'],
    ]);
    expect([history?.state.severity, plan.codeLetter, plan.n]).toEqual(['normal', 'H', 50]); // the plan is that of the next lot
  });
  it('earns reduced inspection by counts, once the authority wants it, and ends it between the numbers', async () => {
    const ten = Array.from({ length: 10 }, () => '0').join(',');
    const earned = await sampling('--lot', '500', '--aql', '2.5', '--history', ten, '--authorised', '--no-limit-numbers');
    expect([earned.history?.state.severity, earned.plan.stages[0]]).toMatchObject(['reduced', { n: 20, ac: 1, re: 4 }]);
    expect((await sampling('--lot', '500', '--aql', '2.5', '--history', ten)).history?.reducedObstacles).toContain('not-authorised');
    const back = await sampling('--lot', '500', '--aql', '2.5', '--history', `${ten},2`, '--authorised', '--no-limit-numbers');
    expect(back.history?.lots.at(-1)).toMatchObject({ severity: 'reduced', accepted: true, transition: { to: 'normal', reason: 'between-numbers-of-reduced-plan' } });
  });
  it('scores by ISO 2859-1, discontinues after five rejected on tightened inspection, and resumes tightened', async () => {
    const iso = ['--scheme', 'iso2859-1', ...lot500];
    expect((await sampling(...iso, '--history', '0,0,1')).history?.state.switchingScore).toBe(6);
    const bad = Array.from({ length: 7 }, () => 'rejected').join(',');
    expect((await sampling(...iso, '--history', bad)).history?.state).toMatchObject({ status: 'discontinued' });
    expect((await sampling(...iso, '--history', `${bad},resumed`)).history?.state).toMatchObject({ status: 'inspecting', severity: 'tightened' });
    expect(await complaint(['stats', 'sampling', ...iso, '--history', `${bad},accepted`])).toEqual([2, expect.stringMatching(/discontinued/)]);
  });
  it('takes a lot that is only said to be accepted for the worst that is accepted', async () => {
    const { history } = await sampling(...lot500, '--history', 'accepted,rejected');
    expect([history?.lots.map(({ counts }) => counts), history?.countsAssumed]).toEqual([[[1], [2]], true]);
  });
  it('is read from a column of a file as well', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'touchstone-lots-'));
    const file = join(folder, 'lots.csv');
    writeFileSync(file, 'lot,nonconforming\n1,1\n2,2\n3,0\n4,3\n');
    const from = await sampling(...lot500, '--history-file', file, '--history-column', 'nonconforming');
    expect(from.history).toEqual((await sampling(...lot500, '--history', '1,2,0,3')).history);
    expect(from.history).toMatchObject({ countsAssumed: false, state: { severity: 'tightened' } });
    rmSync(folder, { recursive: true });
  });
});

describe('what sampling says and draws', () => {
  it('fits the terminal', async () => {
    const { out } = await touchstone(['stats', 'sampling', ...lot500, '--history', 'accepted,rejected,rejected'], { columns: 64 });
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(64);
    expect(out).toMatch(/next lot: tightened inspection/);
  });
  it('is an operating characteristic with AQL, the quality accepted once in ten, and AOQL', async () => {
    const { texts, svg } = await drawn(['stats', 'sampling', ...lot500]);
    expect(texts).toEqual(expect.arrayContaining(['Operating characteristic: n 50, Ac 1, Re 2', 'probability of acceptance', 'AQL 1 %', '10 % at 7.558 %', 'AOQL 1.503 %']));
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect((await drawn(['stats', 'sampling', ...lot500, '--type', 'double'])).texts).toContain('average sample number');
  });
  it.each<[string, string[], RegExp]>([
    ['no lot', ['--aql', '1'], /needs --lot/], ['no AQL', ['--lot', '500'], /needs --aql/],
    ['an AQL that has no column', ['--lot', '500', '--aql', '0.77'], /AQL 0\.77 has no column in the tables/],
    ['a level that does not exist', [...lot500, '--level', 'IV'], /level/], ['more samples than the plan has', [...lot500, '--found', '0,0'], /2 samples for a plan of 1/],
    ['numbers that do not pair', ['--n', '50,50', '--ac', '1'], /--n names 2 samples, --ac 1 and --re 0/], ['a word in the history', [...lot500, '--history', 'fine'], /lot 1 of the history is "fine"/],
    ['words for a double plan', [...lot500, '--type', 'double', '--history', 'accepted'], /give counts such as 1\+0/], ['a history without tables', ['--n', '50', '--ac', '1', '--history', 'accepted'], /switching rules belong to the plans of the tables/],
    ['half of two points', ['--find', '--aql', '1'], /--find needs --aql.*and --ltpd/], ['a quality above one', [...lot500, '--p', '1.5'], /1\.5/],
  ])('refuses %s in one line with exit code 2', async (_, options, message) => {
    const [code, line] = await complaint(['stats', 'sampling', ...options]);
    expect([code, message.test(line) ? 'as expected' : line]).toEqual([2, 'as expected']);
  });
});
