import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { acceptanceProbability, AQLS, CODE_LETTERS, codeLetter, customPlan, INSPECTION_LEVELS, qualityAt, samplingPlan } from './index.js';
import type { CodeLetter, InspectionLevel, PlanRequest, SamplingPlan, SamplingScheme, Severity } from './index.js';

interface PublishedPlans {
  readonly code_letters: Readonly<Record<string, Readonly<Record<InspectionLevel, CodeLetter>>>>;
  readonly cases: readonly {
    readonly lot_size: number;
    readonly level: InspectionLevel;
    readonly aql: number;
    readonly inspection: Severity;
    readonly code_letter: CodeLetter;
    readonly n: number;
    readonly Ac: number;
    readonly Re: number;
    readonly effective_n: number;
    readonly P_accept_binomial_at_pct: Readonly<Record<string, number>>;
  }[];
}
type MasterTables = Readonly<Record<SamplingScheme, Readonly<Record<Severity, Readonly<Record<string, string>>>>>>;

const fixture = (name: string): unknown => JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));
const published = fixture('sampling-plans.json') as PublishedPlans;
const tables = fixture('sampling-master-tables.json') as MasterTables;

const SCHEMES: readonly SamplingScheme[] = ['z1.4', 'iso2859-1'];
const SEVERITIES: readonly Severity[] = ['normal', 'tightened', 'reduced'];
const LETTERS = CODE_LETTERS.slice(0, 16);
const written = ({ stages }: SamplingPlan): string => stages.map(({ n, ac, re }) => `${n}: ${ac ?? '#'} ${re}`).join(', ');
const at = (codeLetter: CodeLetter, aql: number, rest: Partial<PlanRequest> = {}): SamplingPlan =>
  samplingPlan({ scheme: 'z1.4', codeLetter, aql, ...rest });

describe('code letters', () => {
  it('are those of table I for every row and level, at both ends of the row', () => {
    const starts = Object.keys(published.code_letters).map(Number);
    starts.forEach((start, row) => {
      const end = (starts[row + 1] ?? Infinity) - 1;
      for (const level of INSPECTION_LEVELS) {
        expect(codeLetter(start, level)).toBe(published.code_letters[start]?.[level]);
        expect(codeLetter(end, level)).toBe(published.code_letters[start]?.[level]);
      }
    });
  });

  it.each([1, 0, -5, 12.5, NaN])('do not exist for a lot of %d', (lotSize) => {
    expect(() => codeLetter(lotSize, 'II')).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});

describe('single plans', () => {
  it.each(published.cases)('are as published: lot $lot_size, level $level, AQL $aql, $inspection', (known) => {
    const plan = samplingPlan({ scheme: 'z1.4', lotSize: known.lot_size, level: known.level, aql: known.aql, severity: known.inspection });
    expect(plan).toMatchObject({ codeLetter: known.code_letter, n: known.n, ac: known.Ac, re: known.Re, effectiveN: known.effective_n });
    for (const [percent, acceptance] of Object.entries(known.P_accept_binomial_at_pct)) {
      const ours = acceptanceProbability(customPlan([{ n: known.n, ac: known.Ac, re: known.Re }]), {
        model: 'binomial',
        p: Number(percent) / 100,
      });
      expect(Math.abs(ours - acceptance)).toBeLessThan(1e-12);
    }
  });

  it.each(SCHEMES.flatMap((scheme) => SEVERITIES.map((severity) => ({ scheme, severity }))))(
    'agree with every cell of the $severity table of $scheme',
    ({ scheme, severity }) => {
      for (const letter of LETTERS) {
        const row = AQLS.map((aql) => {
          const { planLetter, n, ac, re } = at(letter, aql, { scheme, severity });
          return `${planLetter} ${n} ${ac} ${re}`;
        });
        expect(row).toEqual(tables[scheme][severity][letter]?.split(' | '));
      }
    },
  );

  it('use the sample size an arrow leads to, in both directions', () => {
    expect(at('F', 1)).toMatchObject({ codeLetter: 'F', planLetter: 'E', arrow: 'up', n: 13, ac: 0 });
    expect(at('F', 1.5)).toMatchObject({ codeLetter: 'F', planLetter: 'G', arrow: 'down', n: 32, ac: 1 });
    expect(at('F', 2.5)).toMatchObject({ planLetter: 'F', arrow: 'none', n: 20, ac: 1 });
  });

  it('reach letter S only from Q and R at AQL 0.025, tightened', () => {
    const withS = SCHEMES.flatMap((scheme) =>
      SEVERITIES.flatMap((severity) => LETTERS.flatMap((letter) => AQLS.map((aql) => at(letter, aql, { scheme, severity })))),
    );
    const reached = withS.filter(({ planLetter }) => planLetter === 'S');
    expect(reached.map(({ scheme, codeLetter: from, aql, n, ac }) => [scheme, from, aql, n, ac])).toEqual([
      ['z1.4', 'Q', 0.025, 3150, 1],
      ['z1.4', 'R', 0.025, 3150, 1],
      ['iso2859-1', 'Q', 0.025, 3150, 1],
      ['iso2859-1', 'R', 0.025, 3150, 1],
    ]);
  });

  it('inspect the whole lot where the tabulated sample reaches its size', () => {
    expect(samplingPlan({ scheme: 'z1.4', lotSize: 50, aql: 0.1 })).toMatchObject({
      n: 125,
      effectiveN: 50,
      fullInspection: true,
      stages: [{ n: 50, ac: 0, re: 1 }],
    });
    expect(samplingPlan({ scheme: 'z1.4', lotSize: 20, aql: 0.65 })).toMatchObject({ n: 20, fullInspection: true });
    expect(samplingPlan({ scheme: 'z1.4', lotSize: 21, aql: 0.65 })).toMatchObject({ n: 20, fullInspection: false });
  });

  it('have a gap between the numbers of reduced inspection in z1.4 only', () => {
    expect(at('K', 1, { severity: 'reduced' })).toMatchObject({ n: 50, ac: 1, re: 4 });
    expect(at('K', 1, { severity: 'reduced', scheme: 'iso2859-1' })).toMatchObject({ n: 50, ac: 2, re: 3 });
    for (const letter of LETTERS)
      for (const aql of AQLS) {
        const { ac, re } = at(letter, aql, { severity: 'reduced', scheme: 'iso2859-1' });
        expect(re).toBe(ac + 1);
      }
  });
});

describe('double and multiple plans', () => {
  it.each([
    ['K', 1, 'normal', 'double', '80: 1 4, 80: 4 5'],
    ['L', 0.65, 'normal', 'double', '125: 1 4, 125: 4 5'],
    ['L', 0.25, 'normal', 'double', '125: 0 2, 125: 1 2'],
    ['J', 1, 'normal', 'double', '50: 0 3, 50: 3 4'],
    ['M', 1.5, 'normal', 'double', '200: 5 9, 200: 12 13'],
    ['K', 2.5, 'normal', 'double', '80: 3 7, 80: 8 9'],
    ['B', 1000, 'normal', 'double', '2: 25 31, 2: 56 57'],
    ['F', 10, 'tightened', 'double', '13: 1 4, 13: 4 5'],
    ['K', 4, 'tightened', 'double', '80: 3 7, 80: 11 12'],
    ['R', 0.04, 'tightened', 'double', '1250: 0 2, 1250: 1 2'],
    ['Q', 0.025, 'tightened', 'double', '2000: 0 2, 2000: 1 2'],
    ['K', 1, 'reduced', 'double', '32: 0 4, 32: 1 5'],
    ['D', 400, 'reduced', 'double', '2: 11 17, 2: 26 30'],
    ['K', 1, 'normal', 'multiple', '32: # 3, 32: 0 3, 32: 1 4, 32: 2 5, 32: 3 6, 32: 4 6, 32: 6 7'],
    ['K', 1.5, 'tightened', 'multiple', '32: # 3, 32: 0 3, 32: 1 4, 32: 2 5, 32: 3 6, 32: 4 6, 32: 6 7'],
    ['J', 2.5, 'normal', 'multiple', '20: # 4, 20: 1 5, 20: 2 6, 20: 3 7, 20: 5 8, 20: 7 9, 20: 9 10'],
    ['D', 400, 'normal', 'multiple', '2: 6 16, 2: 17 27, 2: 29 39, 2: 40 49, 2: 53 58, 2: 65 68, 2: 77 78'],
    ['K', 4, 'tightened', 'multiple', '32: 0 4, 32: 2 7, 32: 4 9, 32: 6 11, 32: 9 12, 32: 12 14, 32: 14 15'],
    ['F', 65, 'reduced', 'multiple', '2: 0 6, 2: 3 9, 2: 6 12, 2: 8 15, 2: 11 17, 2: 14 20, 2: 18 22'],
    ['R', 0.025, 'reduced', 'multiple', '200: # 2, 200: # 2, 200: 0 2, 200: 0 3, 200: 0 3, 200: 0 3, 200: 1 3'],
  ] as const)('of MIL-STD-105E: %s, AQL %d, %s, %s', (letter, aql, severity, type, plan) => {
    expect(written(at(letter, aql, { severity, type }))).toBe(plan);
  });

  it.each([
    ['K', 1, 'normal', 'double', '80: 1 3, 80: 4 5'],
    ['K', 2.5, 'normal', 'double', '80: 3 6, 80: 9 10'],
    ['K', 4, 'tightened', 'double', '80: 4 7, 80: 10 11'],
    ['K', 6.5, 'reduced', 'double', '32: 4 7, 32: 10 11'],
    ['K', 4, 'reduced', 'double', '32: 3 6, 32: 7 8'],
    ['K', 1, 'normal', 'multiple', '32: # 3, 32: 0 3, 32: 1 4, 32: 2 5, 32: 4 5'],
    ['K', 4, 'normal', 'multiple', '32: 0 5, 32: 3 8, 32: 6 10, 32: 9 12, 32: 12 13'],
  ] as const)('of ISO 2859-1:1999: %s, AQL %d, %s, %s', (letter, aql, severity, type, plan) => {
    expect(written(at(letter, aql, { scheme: 'iso2859-1', severity, type }))).toBe(plan);
  });

  it('give way to the type the table refers to, and say so', () => {
    expect(at('J', 0.15, { type: 'double' })).toMatchObject({ type: 'single', substitution: 'table-refers-to-single', n: 80, ac: 0 });
    expect(at('A', 25, { type: 'double' })).toMatchObject({ type: 'single', substitution: 'table-refers-to-single', n: 2, ac: 1 });
    expect(at('C', 25, { type: 'multiple' })).toMatchObject({ type: 'double', substitution: 'table-refers-to-double', n: 6 });
    expect(at('C', 25, { type: 'multiple', severity: 'reduced' })).toMatchObject({
      type: 'single',
      substitution: 'table-refers-to-single',
      n: 2,
      ac: 1,
      re: 4,
    });
    expect(at('E', 10, { type: 'multiple', severity: 'reduced' })).toMatchObject({
      type: 'double',
      substitution: 'table-refers-to-double',
    });
    expect(at('A', 10, { type: 'double' })).toMatchObject({ type: 'double', planLetter: 'C', n: 6, arrow: 'down' });
  });

  it('do not guess the multiple plans of ISO 2859-1:1999 that are not established', () => {
    expect(at('K', 4, { scheme: 'iso2859-1', severity: 'tightened', type: 'multiple' })).toMatchObject({
      type: 'double',
      substitution: 'not-established',
      confirmed: false,
    });
  });

  it('never ask for more items than the lot has', () => {
    expect(samplingPlan({ scheme: 'z1.4', lotSize: 5, aql: 10, type: 'double' })).toMatchObject({
      type: 'single',
      substitution: 'lot-too-small',
      fullInspection: true,
      effectiveN: 5,
    });
    expect(samplingPlan({ scheme: 'z1.4', lotSize: 6, aql: 10, type: 'double' })).toMatchObject({
      type: 'double',
      fullInspection: false,
      n: 6,
      stages: [{ n: 3 }, { n: 3 }],
    });
    for (const lotSize of [2, 3, 5, 8, 9, 15, 16, 25, 26, 50])
      for (const aql of AQLS)
        for (const type of ['double', 'multiple'] as const) {
          const plan = samplingPlan({ scheme: 'z1.4', lotSize, aql, type });
          expect(plan.stages.reduce((sum, { n }) => sum + n, 0)).toBeLessThanOrEqual(lotSize);
          expect(plan.effectiveN).toBeLessThanOrEqual(lotSize);
        }
  });

  /** The sequences are the same for all letters; compared at sizes large enough that rounding of sample sizes plays no part. */
  it.each([
    ['z1.4', 'double', 0.625, 0.061],
    ['z1.4', 'multiple', 0.25, 0.03],
    ['iso2859-1', 'double', 0.625, 0.061],
    ['iso2859-1', 'multiple', 0.25, 0.065],
  ] as const)(
    'accept as often as the single plan of the same cell: %s, %s',
    (scheme, type, share, tolerance) => {
      const compared = new Set<number>();
      for (const severity of SEVERITIES)
        for (const letter of LETTERS)
          for (const aql of AQLS) {
            const single = at(letter, aql, { scheme, severity });
            const several = at(letter, aql, { scheme, severity, type });
            if (several.type !== type || single.re > single.ac + 1 || compared.has(single.ac)) continue;
            compared.add(single.ac);
            const large = customPlan([{ n: 1600, ac: single.ac, re: single.re }]);
            const same = customPlan(several.stages.map(({ ac, re }) => ({ n: 1600 * share, ac, re })));
            for (const acceptance of [0.95, 0.5, 0.1]) {
              const { p } = qualityAt(large, acceptance, { model: 'poisson' });
              expect(Math.abs(acceptanceProbability(same, { model: 'poisson', p }) - acceptance)).toBeLessThan(tolerance);
            }
          }
      expect(compared.size).toBeGreaterThanOrEqual(8);
    },
    30_000,
  );
});

describe('requests', () => {
  it('have a plan for every lot, level, AQL, severity and type, whose numbers come to a decision', () => {
    const request = fc.record({
      scheme: fc.constantFrom(...SCHEMES),
      severity: fc.constantFrom(...SEVERITIES),
      type: fc.constantFrom('single' as const, 'double' as const, 'multiple' as const),
      level: fc.constantFrom(...INSPECTION_LEVELS),
      aql: fc.constantFrom(...AQLS),
      lotSize: fc.oneof(fc.integer({ min: 2, max: 1_000_000 }), fc.constant(Infinity)),
    });
    fc.assert(
      fc.property(request, (asked) => {
        const { stages, severity, scheme } = samplingPlan(asked);
        stages.forEach(({ ac, re }, index) => {
          expect(re).toBeGreaterThan(ac ?? 0);
          expect(ac ?? -1).toBeGreaterThanOrEqual(stages[index - 1]?.ac ?? -1);
        });
        const last = stages[stages.length - 1];
        if (severity !== 'reduced' || scheme === 'iso2859-1') expect(last?.re).toBe((last?.ac ?? 0) + 1);
      }),
      { seed: 1989, numRuns: 2000 },
    );
  });

  it('are refused where the tables have no answer', () => {
    const refused = expect.objectContaining({ code: 'BAD_OPTION' }) as Error;
    expect(() => at('K', 0.5)).toThrow(refused);
    expect(() => at('K', 0.5)).toThrow('next stricter one would be 0.4');
    expect(() => at('S', 1)).toThrow(refused);
    expect(() => at('I' as CodeLetter, 1)).toThrow(refused);
    expect(() => at('K', 1, { severity: 'skip' as Severity })).toThrow(refused);
    expect(() => samplingPlan({ scheme: 'z1.4', aql: 1 })).toThrow(refused);
    expect(() => samplingPlan({ scheme: 'z1.4', aql: 1, lotSize: 100, level: 'IV' as InspectionLevel })).toThrow(refused);
    expect(() => at('K', 15, { measure: 'percent-nonconforming' })).toThrow(refused);
    expect(at('K', 15).measure).toBe('nonconformities-per-hundred');
    expect(at('K', 10).measure).toBe('percent-nonconforming');
  });

  it('with numbers of one own are refused where they cannot decide', () => {
    expect(() => customPlan([])).toThrow('at least one sample');
    expect(() => customPlan([{ n: 0, ac: 0, re: 1 }])).toThrow('whole numbers from 1');
    expect(() => customPlan([{ n: 5, ac: 2, re: 2 }])).toThrow('above the acceptance number');
    expect(() => customPlan([{ n: 5, ac: null, re: 2 }])).toThrow('must be able to accept');
  });
});
