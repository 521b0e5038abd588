import { touchstone } from '../canned.spec-kit.js';
import { complaint, computed, drawn } from './analyses.spec-kit.js';
import { verdictOfAgreement, wordOf } from './msa-verdict.js';
import { aiagBias, aiagGage, aiagLinearity, suppliers } from './published.spec-kit.js';

interface Source {
  readonly standardDeviation: number;
  readonly variance: number;
  readonly percentStudyVariation: number;
  readonly percentTolerance: number | null;
}
interface Gage {
  readonly study: { readonly ndc: number; readonly repeatability: Source; readonly reproducibility: Source; readonly gageRR: Source; readonly parts: Source; readonly total: Source; readonly interactionKept: boolean; readonly setToZero: string[] };
  readonly verdict: { readonly ofStudyVariation: string; readonly ofTolerance: string | null; readonly enoughCategories: boolean };
  readonly cells: unknown[];
}
const columns = ['--part', 'part', '--appraiser', 'operator', '--value', 'value'];
const gage = async (type: string, stdin: string, ...more: string[]): Promise<Gage> => (await computed(['stats', 'msa', '--type', type, ...columns, ...more], stdin)) as unknown as Gage;
const sources = ({ study }: Gage) => [study.repeatability, study.reproducibility, study.gageRR, study.parts, study.total].map(({ standardDeviation }) => standardDeviation);
const near = (ours: readonly number[], printed: readonly number[], tolerance: number): void =>
  expect(ours.map((value, index) => Math.abs(value - (printed[index] ?? NaN)) <= tolerance ? printed[index] : value)).toEqual(printed);

describe('touchstone stats msa, gage studies', () => {
  it('divides AIAG’s study by analysis of variance as the manual does, and judges it', async () => {
    const result = await gage('crossed', aiagGage, '--tolerance', '8');
    near(sources(result), [0.199933, 0.226838, 0.302373, 1.042327, 1.085], 0.0005);
    expect([result.study.ndc, result.study.interactionKept, Number(result.study.gageRR.percentStudyVariation.toFixed(1)), Number(result.study.gageRR.percentTolerance?.toFixed(2))]).toEqual([4, false, 27.9, 22.68]);
    expect(result.verdict).toEqual({ ofStudyVariation: 'conditionally acceptable', ofTolerance: 'conditionally acceptable', ofProcess: null, enoughCategories: false });
    expect(result.cells).toHaveLength(30);
  });
  it('divides it by averages and ranges as the manual’s sheet does', async () => {
    const result = await gage('range', aiagGage);
    near(sources(result), [0.20188, 0.22963, 0.30575, 1.10456, 1.1461], 0.00015);
    expect([result.study.ndc, result.verdict.enoughCategories, Number(result.study.gageRR.percentStudyVariation.toFixed(2))]).toEqual([5, true, 26.68]);
  });
  it('takes Montgomery’s suppliers as a nested study', async () => {
    const result = await gage('nested', suppliers);
    expect([Number(result.study.repeatability.variance.toFixed(2)), Number(result.study.parts.variance.toFixed(2)), result.study.setToZero, result.verdict.ofStudyVariation]).toEqual([2.64, 1.71, ['operators'], 'unacceptable']);
  });
  it('draws components with the limits of AIAG, and the means of each appraiser part by part', async () => {
    const { svg, texts } = await drawn(['stats', 'msa', '--type', 'crossed', ...columns, '--tolerance', '8'], aiagGage);
    expect(texts).toEqual(expect.arrayContaining(['gage R&amp;R', 'parts (PV)', '10 %', '30 %', '% tolerance', 'A', 'B', 'C', 'mean of the trials']));
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
  it('says the verdict in the words of AIAG, as wide as the terminal', async () => {
    const { out } = await touchstone(['stats', 'msa', '--type', 'range', ...columns], { stdin: aiagGage, columns: 76 });
    expect(out).toMatch(/%GRR 26\.68 of the study variation: conditionally acceptable/);
    expect(out).toMatch(/ndc 5: enough distinct categories \(AIAG: five or more\)/);
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(76);
  });
});

it('draws the line of AIAG at 10 and at 30 per cent, and of effectiveness at 90 and at 80', () => {
  expect([9.99, 10, 30, 30.01].map(wordOf)).toEqual(['acceptable', 'conditionally acceptable', 'conditionally acceptable', 'unacceptable']);
  const judged = (percent: number, missPercent: number, falseAlarmPercent: number) =>
    verdictOfAgreement({ appraisers: [{ appraiser: 'Ann', versusStandard: { percent }, errors: { missPercent, falseAlarmPercent } }] } as unknown as Parameters<typeof verdictOfAgreement>[0]).appraisers[0]?.word;
  expect([judged(90, 2, 5), judged(89, 2, 5), judged(90, 3, 5), judged(90, 2, 6), judged(80, 5, 10)]).toEqual(['acceptable', ...Array.from({ length: 4 }, () => 'conditionally acceptable')]);
  expect([judged(79, 0, 0), judged(100, 6, 0), judged(100, 0, 11)]).toEqual(Array.from({ length: 3 }, () => 'unacceptable'));
});

describe('touchstone stats msa, bias and linearity', () => {
  const bias = ['stats', 'msa', '--type', 'bias', '--value', 'reading', '--reference', '6'];
  const linearity = ['stats', 'msa', '--type', 'linearity', '--value', 'reading', '--reference', 'reference'];
  it('finds AIAG’s bias of 0.0067 and an interval that holds 0', async () => {
    const byRange = (await computed([...bias, '--by-range'], aiagBias)) as unknown as { study: { bias: number; repeatability: number; lower: number; upper: number }; verdict: { word: string } };
    near([byRange.study.bias, byRange.study.repeatability, byRange.study.lower, byRange.study.upper], [0.0067, 0.22514, -0.1185, 0.1319], 0.0003);
    expect(byRange.verdict.word).toBe('acceptable');
    const asColumn = aiagBias.replace('reading', 'reading,truth').replace(/(\d)$/gm, '$1,6');
    expect((await computed([...bias.slice(0, -1), 'truth', '--by-range'], asColumn))['study']).toEqual(byRange.study);
  });
  it('draws AIAG’s line of biases, and finds the gage not linear', async () => {
    const { study, verdict } = (await computed(linearity, aiagLinearity)) as unknown as { study: { slope: { estimate: number; t: number }; intercept: { estimate: number; t: number }; byReference: { bias: number }[] }; verdict: { word: string } };
    near([study.slope.estimate, study.intercept.estimate], [-0.1317, 0.7367], 0.00005);
    near([study.slope.t, study.intercept.t], [-12.043, 10.158], 0.0005);
    expect([study.byReference[0]?.bias.toFixed(6), verdict.word]).toEqual(['0.491667', 'unacceptable']);
    expect((await drawn(linearity, aiagLinearity)).texts).toEqual(expect.arrayContaining(['no bias', 'mean bias', 'reference']));
    expect((await drawn(bias, aiagBias)).texts).toContain('no bias');
  });
  it('asks for one reference value in a bias study', async () => {
    expect(await complaint([...bias.slice(0, -1), 'reference'], aiagLinearity)).toEqual([2, expect.stringMatching(/line 14: a bias study has one reference value, and reference is 2 and 4; with several, ask for --type linearity$/)]);
  });
});

describe('touchstone stats msa, attributes', () => {
  const truth = ['ok', 'ok', 'ok', 'ok', 'bad', 'bad', 'ok', 'bad', 'ok', 'ok'];
  const wrong = new Set(['Ben/4/1', 'Ben/4/2', 'Ben/0/1']); // Ben lets one bad item pass twice, and rejects a good one once
  const rows = truth.flatMap((standard, item) => ['Ann', 'Ben'].flatMap((who) => [1, 2].map((trial) => [item, who, trial, wrong.has(`${who}/${item}/${trial}`) ? (standard === 'ok' ? 'bad' : 'ok') : standard, standard].join(','))));
  const plates = `item,who,trial,verdict,truth\n${rows.join('\n')}\n`;
  const command = ['stats', 'msa', '--type', 'attribute', '--part', 'item', '--appraiser', 'who', '--value', 'verdict', '--reference', 'truth', '--acceptable', 'ok'];
  it('counts effectiveness, misses and false alarms, and judges them by AIAG', async () => {
    const { study, verdict } = (await computed(command, plates)) as unknown as { study: { appraisers: { within: { matched: number }; versusStandard: { matched: number }; errors: { misses: number; missOpportunities: number; falseAlarms: number; falseAlarmOpportunities: number } }[] }; verdict: unknown };
    expect(study.appraisers.map(({ within, versusStandard, errors }) => [within.matched, versusStandard.matched, errors.misses, errors.missOpportunities, errors.falseAlarms, errors.falseAlarmOpportunities])).toEqual([[10, 10, 0, 6, 0, 14], [9, 8, 2, 6, 1, 14]]);
    expect(verdict).toEqual({ appraisers: [{ appraiser: 'Ann', word: 'acceptable' }, { appraiser: 'Ben', word: 'unacceptable' }] });
  });
  it('pairs trials by their number, in whatever order the lines stand', async () => {
    const swapped = 'item,who,trial,verdict\n1,Ann,2,bad\n1,Ann,1,ok\n1,Ben,1,ok\n1,Ben,2,bad\n2,Ann,1,ok\n2,Ann,2,ok\n2,Ben,1,ok\n2,Ben,2,ok\n';
    const agreed = async (...more: string[]) => ((await computed([...command.slice(0, -4), ...more], swapped)) as unknown as { study: { pairs: { kappa: { observedAgreement: number } }[] } }).study.pairs[0]?.kappa.observedAgreement;
    expect([await agreed('--trial', 'trial'), await agreed()]).toEqual([1, 0.5]); // by the lines alone, Ann's second trial would meet Ben's first
  });
  it('does without a standard and draws what there is', async () => {
    const { verdict } = (await computed(command.slice(0, -4), plates)) as unknown as { verdict: { appraisers: { word: string | null }[] } };
    expect(verdict.appraisers.map(({ word }) => word)).toEqual([null, null]);
    expect((await drawn(command, plates)).texts).toEqual(expect.arrayContaining(['with themselves', 'with the standard', '90 %', 'Ben']));
  });
});

it.each<[string, string[], string, RegExp]>([
  ['no appraiser', ['--type', 'crossed', '--part', 'part', '--value', 'value'], aiagGage, /a study of type crossed needs --appraiser/], ['no reference', ['--type', 'bias', '--value', 'reading'], aiagBias, /needs --reference/],
  ['a missing trial', ['--type', 'crossed', ...columns], aiagGage.replace('C,3,10,-2.16\n', ''), /operator C measured part 10 2 times where others were measured 3 times/],
  ['a word for a measurement', ['--type', 'crossed', ...columns], aiagGage.replace('0.29', 'high'), /line 2: value is "high"/], ['a tolerance of nothing', ['--type', 'crossed', ...columns, '--tolerance', '0'], aiagGage, /tolerance is a positive number/],
  ['another type', ['--type', 'destructive'], aiagGage, /destructive/], ['an unknown column', ['--type', 'range', ...columns.slice(0, 4), '--value', 'length'], aiagGage, /no column length/],
])('touchstone stats msa refuses %s in one line with exit code 2', async (_, options, stdin, message) => {
  const [code, line] = await complaint(['stats', 'msa', ...options], stdin);
  expect([code, message.test(line) ? 'as expected' : line]).toEqual([2, 'as expected']);
});
