import { complaint, computed, drawn } from '../stats/analyses.spec-kit.js';
import { touchstone } from '../canned.spec-kit.js';
import { csv, fixture } from './loyalty-fixture.spec-kit.js';
import type { RiskResult } from './risk.js';

const births = fixture('risk-birth-weight') as unknown as Record<string, number[]>;
const races = (births['race'] ?? []).map((race) => ['white', 'black', 'other'][race - 1] ?? '');
const rows = csv({ mother: races.map((_, index) => `m${index + 1}`), outcome: (births['low'] ?? []).map((low) => (low === 1 ? 'low' : 'normal')), age: births['age'] ?? [], lwt: births['lwt'] ?? [], race: races, ftv: births['ftv'] ?? [] });
const command = ['models', 'risk', '--outcome', 'outcome=low', '--id', 'mother'];
const learnt = async (...more: string[]) => (await computed([...command, ...more], rows)) as unknown as RiskResult;

describe('touchstone models risk', () => {
  it('finds what Hosmer and Lemeshow found in birth weights, once columns are in their units again', async () => {
    const { model } = await learnt('--l2', '0');
    const inUnits = model.design.features.map(({ name, column }, index) => {
      const term = model.design.terms.find((each) => each.column === column);
      return [name, (model.coefficients[index] ?? 0) / (term?.kind === 'numeric' ? term.scale : 1)] as const;
    });
    const found = Object.fromEntries(inUnits);
    expect(found['age']).toBeCloseTo(-0.0238, 4);
    expect(found['lwt']).toBeCloseTo(-0.0142, 4);
    expect(found['ftv']).toBeCloseTo(-0.0493, 4);
    // The book's reference is white; here it is the first level in order, black.
    expect(found['race=white']).toBeCloseTo(-1.0039, 4);
    expect(found['race=other']).toBeCloseTo(0.4331 - 1.0039, 4);
    expect(model.fit.logLikelihood).toBeCloseTo(-111.286, 3);
  });
  it('gives reasons that add up to the score to the last bit', async () => {
    const { explained } = await learnt('--explain', 'm3');
    expect(explained?.id).toBe('m3');
    expect(explained?.contributions.reduce((sum, { contribution }) => sum + contribution, explained.base)).toBe(explained?.score);
    expect(explained?.contributions.map(({ column, value }) => [column, value])).toEqual([['age', 20], ['lwt', 105], ['race', 'white'], ['ftv', 1]]);
    expect(explained?.heldOutProbability).not.toBe(explained?.probability);
  });
  it('makes a scorecard whose points are whole numbers that add up', async () => {
    const { scorecard, points } = await learnt('--explain', 'm3', '--scorecard', '--bins', '3');
    expect(scorecard?.sections.map(({ column }) => column)).toEqual(['age', 'lwt', 'race', 'ftv']);
    expect(scorecard?.sections[0]?.bins.length).toBe(3);
    expect(points?.contributions.reduce((sum, each) => sum + each.points, points.startPoints)).toBe(points?.points);
    expect((points?.points ?? 0.5) % 1).toBe(0);
  });
  it('judges by rows held out, the same for the same seed', async () => {
    const [one, again, other] = [await learnt(), await learnt(), await learnt('--seed', '2')];
    expect(again.crossValidation).toEqual(one.crossValidation);
    expect(other.crossValidation.auc.estimate).not.toBe(one.crossValidation.auc.estimate);
    expect(one.crossValidation.folds.reduce((sum, { n }) => sum + n, 0)).toBe(189);
    expect(one.scores).toBeNull();
    const { scores } = await learnt('--scores');
    expect([scores?.length, scores?.[2]?.id, scores?.[2]?.event]).toEqual([189, 'm3', false]);
  });
  it('leaves columns out, and takes numbers for names, however rare, when asked to', async () => {
    const { columns } = await learnt('--leave-out', 'age', '--categories', 'ftv');
    expect(columns).toEqual([{ name: 'lwt', kind: 'numeric', missing: 0 }, { name: 'race', kind: 'categorical', missing: 0 }, { name: 'ftv', kind: 'categorical', missing: 0 }]);
    expect((await learnt('--columns', 'lwt')).columns.map(({ name }) => name)).toEqual(['lwt']);
  });
  it('calibrates probabilities on folds held out, when asked to', async () => {
    expect((await learnt()).model.calibrator).toBeNull();
    expect((await learnt('--calibration', 'platt')).model.calibrator).toMatchObject({ kind: 'platt' });
  });
  it('takes a missing number as a level of its own', async () => {
    const { columns, model } = (await computed(command, rows.replace(',182,', ',,'))) as unknown as RiskResult;
    expect(columns.find(({ name }) => name === 'lwt')?.missing).toBe(1);
    expect(model.design.features.map(({ name }) => name)).toContain('lwt missing');
  });
  it('says it in words, and draws calibration, lift and reasons', async () => {
    const { out } = await touchstone([...command, '--explain', 'm3', '--scorecard'], { stdin: rows, columns: 90 });
    expect(out).toMatch(/^standard input: risk of outcome low from 4 columns, 189 rows, 59 with the event \(31\.2 %\)/);
    for (const words of ['Brier score', 'calibration slope', 'riskiest tenth', 'effect, largest first', 'scorecard: start with', 'm3: outcome low with probability']) expect(out).toContain(words);
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(90);
    const { svg, texts } = await drawn([...command, '--explain', 'm3'], rows);
    for (const text of ['forecasts that come true', 'share of the events found', 'race white']) expect(texts).toContain(text);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
  it.each<[string, string[], RegExp]>([
    ['an outcome nobody has', ['--outcome', 'outcome=huge', '--id', 'mother'], /^touchstone: standard input: no row has outcome huge; found are low, normal$/],
    ['an id that is not there', [...command.slice(2), '--explain', 'm999'], /^touchstone: standard input: no row has the id m999$/],
    ['a column that is not there', [...command.slice(2), '--leave-out', 'weight'], /^touchstone: standard input has no column weight/],
    ['one fold', [...command.slice(2), '--folds', '1'], /^touchstone: .*fold/],
  ])('refuses %s in one line with exit code 2', async (_, options, message) => {
    const [code, line] = await complaint(['models', 'risk', ...options], rows);
    expect([code, message.test(line) ? 'as expected' : line]).toEqual([2, 'as expected']);
  });
  it('says which column names rows, when one has a word of its own in each', async () => {
    const many = csv({ who: Array.from({ length: 240 }, (_, index) => `customer ${index}`), left: Array.from({ length: 240 }, (_, index) => index % 2), x: Array.from({ length: 240 }, (_, index) => index % 7) });
    expect(await complaint(['models', 'risk', '--outcome', 'left'], many)).toEqual([2, 'touchstone: standard input: who has 240 different words; if it names the row give it as --id, else leave it out with --leave-out who']);
  });
});
