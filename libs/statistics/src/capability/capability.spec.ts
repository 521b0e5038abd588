import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { standardDeviation } from '../numerics/moments.js';
import { binomialCdf, chiSquareCdf, normalCdf } from '../numerics/distributions.js';
import { capability, capabilityIndices, specificationOf } from './index.js';
import { capabilityReferences } from './references.js';

const read = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
const { subgroups } = JSON.parse(read('piston-rings.json')) as { readonly subgroups: readonly (readonly number[])[] };
const phase1 = subgroups.slice(0, 25);
const rings = { lower: 73.95, upper: 74.05 };
const refused = (code: string, message = /./): Error => expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('every published capability analysis', () => {
  const cases = capabilityReferences(read).flatMap(({ name, cases: of }) => of.map((one) => [name, one.quantity, one] as const));

  it.each(cases)('is met: %s, %s', (_, _quantity, { ours, published, tolerance }) => {
    expect(Math.abs(ours() - published)).toBeLessThanOrEqual(tolerance);
  });
});

describe('specification limits', () => {
  it('may be one, and take the middle of two as target', () => {
    expect(specificationOf({ upper: 5 })).toEqual({ lower: null, upper: 5, target: null });
    expect(specificationOf({ lower: 2, upper: 5 })).toEqual({ lower: 2, upper: 5, target: 3.5 });
    expect(specificationOf({ lower: 2, upper: 5, target: 3 }).target).toBe(3);
  });

  it.each([
    [{}, /needs a lower or an upper/],
    [{ lower: 5, upper: 2 }, /reversed/],
    [{ lower: 5, upper: 5 }, /not below/],
    [{ lower: NaN, upper: 5 }, /finite/],
    [{ lower: 1, upper: 5, target: 6 }, /target 6 lies outside/],
    [{ upper: 5, target: 6 }, /outside/],
    [{ lower: 5, target: 4 }, /outside/],
  ])('are refused where they cannot be meant: %j', (limits, message) => {
    expect(() => specificationOf(limits)).toThrow(refused('BAD_LIMITS', message));
  });
});

describe('capability indices', () => {
  it('of one limit are those of its side', () => {
    const upper = capabilityIndices({ mean: 4, sigma: 0.5, n: 30 }, { upper: 6 });
    expect(upper).toMatchObject({
      cp: null,
      cpl: null,
      cpm: null,
      cpmShorterSide: null,
      zLower: null,
      zUpper: 4,
      cpk: upper.cpu,
      expectedPpm: { below: null },
    });
    const lower = capabilityIndices({ mean: 4, sigma: 0.5, n: 30 }, { lower: 1 });
    expect(lower).toMatchObject({ cpu: null, zUpper: null, cpk: lower.cpl, zBench: expect.closeTo(6, 9) });
  });

  it('bound Cp where a χ² estimate of spread would', () => {
    const { cp } = capabilityIndices({ mean: 0, sigma: 1, n: 25 }, { lower: -4, upper: 4 }, { level: 0.9 });
    const chi = (bound: number): number => 24 * (bound / (cp?.estimate ?? 0)) ** 2;
    expect(chiSquareCdf(chi(cp?.lower ?? 0), 24)).toBeCloseTo(0.05, 9);
    expect(chiSquareCdf(chi(cp?.upper ?? 0), 24)).toBeCloseTo(0.95, 9);
  });

  it('bound Cpk by the formula of Bissell', () => {
    // n = 20, Cpk = 1.33: 1.33 ± 1.96·√(1/180 + 1.33²/38)
    const { cpk } = capabilityIndices({ mean: 0, sigma: 1, n: 20 }, { upper: 3.99 });
    expect(cpk.estimate).toBeCloseTo(1.33, 12);
    expect(cpk.upper - 1.33).toBeCloseTo(1.959964 * Math.sqrt(1 / 180 + 1.33 ** 2 / 38), 6);
    expect(1.33 - cpk.lower).toBeCloseTo(cpk.upper - 1.33, 12);
  });

  it('punish a mean off target by Cpm, and by the shorter side where the target is off the middle', () => {
    const { cpm, cp, cpmShorterSide } = capabilityIndices({ mean: 11, sigma: 1, n: 40 }, { lower: 4, upper: 16, target: 12 });
    expect(cp?.estimate).toBeCloseTo(2, 12);
    expect(cpm?.estimate).toBeCloseTo(2 / Math.SQRT2, 12);
    expect(cpmShorterSide).toBeCloseTo(4 / (3 * Math.SQRT2), 12);
    // ν = n(1 + a²)²/(1 + 2a²) with a = 1.
    expect(chiSquareCdf((160 / 3) * ((cpm?.lower ?? 0) / (cpm?.estimate ?? 1)) ** 2, 160 / 3)).toBeCloseTo(0.025, 9);
  });

  it('expect the fallout of a normal distribution, and bench it as one upper tail', () => {
    const { expectedPpm, zBench } = capabilityIndices({ mean: 0, sigma: 1, n: 50 }, { lower: -3, upper: 3 });
    expect(expectedPpm.total).toBeCloseTo(2699.796, 3);
    expect(expectedPpm.below).toBe(expectedPpm.above);
    expect(1e6 * normalCdf(-zBench)).toBeCloseTo(expectedPpm.total, 9);
  });

  it('stay numbers where the fallout is too small to write, or everything falls out', () => {
    expect(capabilityIndices({ mean: 0, sigma: 1, n: 50 }, { lower: -60, upper: 50 })).toMatchObject({
      zBench: 50,
      expectedPpm: { total: 0 },
    });
    const out = capabilityIndices({ mean: 100, sigma: 1, n: 50 }, { upper: 50 });
    expect(out).toMatchObject({ zBench: -50, expectedPpm: { total: 1e6 } });
    expect(out.cpk.estimate).toBeCloseTo(-50 / 3, 12);
  });

  it('refuse what has no answer', () => {
    expect(() => capabilityIndices({ mean: 0, sigma: 0, n: 5 }, { upper: 1 })).toThrow(refused('BAD_DATA', /never vary/));
    expect(() => capabilityIndices({ mean: 0, sigma: 1, n: 1 }, { upper: 1 })).toThrow(refused('TOO_FEW_POINTS'));
    expect(() => capabilityIndices({ mean: 0, sigma: 1, n: 5, degreesOfFreedom: 0 }, { upper: 1 })).toThrow(refused('BAD_OPTION'));
    expect(() => capabilityIndices({ mean: 0, sigma: 1, n: 5 }, { upper: 1 }, { level: 1 })).toThrow(refused('BAD_OPTION', /level/));
  });

  it('do not depend on unit or origin, and turn over with the axis', () => {
    const number = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(
        number,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: -40, max: 40 }),
        fc.constantFrom(0.5, 4),
        (mean, sigma, shift, unit) => {
          const limits = { lower: -60, upper: 60, target: 10 };
          const here = capabilityIndices({ mean, sigma, n: 30 }, limits);
          const there = capabilityIndices(
            { mean: unit * (mean + shift), sigma: unit * sigma, n: 30 },
            { lower: unit * (limits.lower + shift), upper: unit * (limits.upper + shift), target: unit * (limits.target + shift) },
          );
          const turned = capabilityIndices(
            { mean: -mean, sigma, n: 30 },
            { lower: -limits.upper, upper: -limits.lower, target: -limits.target },
          );
          for (const other of [there, turned]) {
            expect(other.cpk.lower).toBeCloseTo(here.cpk.lower, 10);
            expect(other.cpm?.estimate).toBeCloseTo(here.cpm?.estimate ?? NaN, 10);
          }
          expect(turned.cpl?.estimate).toBeCloseTo(here.cpu?.estimate ?? NaN, 10);
          expect(here.cpk.estimate).toBeLessThanOrEqual(here.cp?.estimate ?? 0);
        },
      ),
    );
  });
});

describe('a capability analysis', () => {
  it('takes both spreads side by side', () => {
    const result = capability(phase1.flat(), rings, { subgroups: 5 });
    expect(result).toMatchObject({
      n: 125,
      specification: { target: 74 },
      withinSigma: { method: 'range' },
      stability: { chart: 'xbar-r', stable: true },
      observed: { below: 0, above: 0 },
      transformation: null,
    });
    expect(result.overall.ppk.estimate).toBeCloseTo((74.05 - result.mean) / (3 * standardDeviation(phase1.flat())), 12);
    expect(result.within?.cpk.estimate).toBeGreaterThan(result.overall.ppk.estimate);
    expect(result.normality?.pValue).toBeCloseTo(0.8958, 4);
  });

  it('refuses Cpk of an unstable process, saying where, and gives it when allowed', () => {
    const drifting = subgroups.flat();
    expect(() => capability(drifting, rings, { subgroups: 5 })).toThrow(
      refused('UNSTABLE_PROCESS', /test 1 at point 38.*within: none.*allowUnstable/),
    );
    const allowed = capability(drifting, rings, { subgroups: 5, allowUnstable: true });
    expect(allowed.stability).toMatchObject({
      stable: false,
      signals: expect.arrayContaining([expect.objectContaining({ test: 1, at: 38 })]),
    });
    expect(allowed.within).not.toBeNull();
  });

  it('gives performance of an unstable process without Cpk', () => {
    const result = capability(subgroups.flat(), rings, { within: 'none' });
    expect(result).toMatchObject({ within: null, withinSigma: null, stability: null });
    expect(result.overall.ppk.estimate).toBeGreaterThan(1);
  });

  it('sees a process unstable whose means hold while its spread does not', () => {
    const calm = Array.from({ length: 20 }, (_, at) => [10 + (at % 3) * 0.01, 9.99 - (at % 3) * 0.01, 10.02, 9.98]);
    const wild = [...calm, [9, 11, 9.2, 10.8]];
    for (const within of ['range', 'pooled'] as const) {
      const options = { subgroups: 4, within, stabilityTests: [1], allowUnstable: true } as const;
      const { stability } = capability(wild.flat(), { lower: 5, upper: 15 }, options);
      expect(stability).toMatchObject({ stable: false, chart: within === 'range' ? 'xbar-r' : 'xbar-s', signals: [], spreadBeyond: [21] });
    }
    expect(() => capability(wild.flat(), { lower: 5, upper: 15 }, { subgroups: 4 })).toThrow(
      refused('UNSTABLE_PROCESS', /spread beyond its limits in subgroup 21/),
    );
  });

  it('judges means of subgroups by their size, and spreads at three standard deviations', () => {
    // Ten pairs of range 1: σ = 1/1.128, so the limit of a range is 3.686σ, and that of a pair's mean 3σ/√2 off the center.
    const pairs = (last: readonly number[]): readonly number[] => [...Array.from({ length: 200 }, (_, at) => at % 2), ...last];
    const stable = (last: readonly number[]): boolean | undefined => {
      const names = [...Array.from({ length: 200 }, (_, at) => Math.floor(at / 2)), ...last.map(() => 'last')];
      return capability(
        pairs(last),
        { lower: -9, upper: 9 },
        { subgroups: names, within: 'range', stabilityTests: [1], allowUnstable: true },
      ).stability?.stable;
    };
    expect([stable([-1.05, 2.05]), stable([-1.3, 2.3])]).toEqual([true, false]);
    expect([stable([2.2, 2.5]), stable([2.3, 2.6])]).toEqual([true, false]);
    expect([stable([3.1]), stable([3.3])]).toEqual([true, false]);
  });

  it('judges individuals by their own chart, and by the rules asked for', () => {
    const shifted = [...Array.from({ length: 10 }, (_, at) => 10 + (at % 2)), ...Array.from({ length: 10 }, (_, at) => 12 + (at % 2))];
    expect(() => capability(shifted, { lower: 0, upper: 20 })).toThrow(refused('UNSTABLE_PROCESS', /test 2 at point 9/));
    expect(capability(shifted, { lower: 0, upper: 20 }, { stabilityTests: [1] })).toMatchObject({
      withinSigma: { method: 'moving-range' },
      stability: { chart: 'individuals', tests: [1], stable: true },
    });
  });

  it('forms subgroups by name as by number, whatever is missing', () => {
    const names = phase1.flatMap((group, at) => group.map(() => `sample ${at + 1}`));
    expect(capability(phase1.flat(), rings, { subgroups: names })).toEqual(capability(phase1.flat(), rings, { subgroups: 5 }));
    const gaps: (number | null)[] = phase1.flat().map((value, at) => (at === 7 ? null : value));
    expect(capability(gaps, rings, { subgroups: 5 })).toMatchObject({ n: 124, within: { cp: expect.anything() } });
    expect(() => capability(phase1.flat(), rings, { subgroups: names.slice(1) })).toThrow(
      refused('BAD_DATA', /125 values, and names of subgroups for 124/),
    );
  });

  it('chooses ranges for subgroups of up to ten, and standard deviations above', () => {
    const values = Array.from({ length: 44 }, (_, at) => (at * 7919) % 101);
    const method = (size: number): string | undefined =>
      capability(values, { lower: -100, upper: 300 }, { subgroups: size, allowUnstable: true }).withinSigma?.method;
    expect([method(10), method(11)]).toEqual(['range', 'standard-deviation']);
    expect(() => capability(values, rings, { within: 'pooled' })).toThrow(
      refused('BAD_OPTION', /individual values have no spread by pooled/),
    );
    expect(() => capability(values, rings, { subgroups: 4, within: 'moving-range' })).toThrow(refused('BAD_OPTION', /individual values/));
    expect(() => capability(values, rings, { subgroups: 2.5 })).toThrow(refused('BAD_OPTION', /whole number/));
  });

  it('removes the bias of the standard deviations it is asked to', () => {
    const at = (unbiased: 'none' | 'pooled' | 'overall' | 'both'): (number | undefined)[] => {
      const result = capability(phase1.flat(), rings, { subgroups: 5, within: 'pooled', unbiased });
      return [result.withinSigma?.sigma, result.standardDeviation];
    };
    const [within, overall] = at('none').map(Number);
    const larger = [within * (1 + 1 / 400), overall * (1 + 1 / 496)];
    expect(at('both')).toEqual([expect.closeTo(larger[0], 6), expect.closeTo(larger[1], 6)]);
    expect(at('pooled')).toEqual([at('both')[0], overall]);
    expect(at('overall')).toEqual([within, at('both')[1]]);
  });

  it('counts what lies beyond the limits, not on them', () => {
    const result = capability([1, 2, 3, 4, 5, 6, 7, 8], { lower: 2, upper: 6 }, { within: 'none' });
    expect(result).toMatchObject({ observed: { below: 1, above: 2 }, observedPpm: { below: 125000, above: 250000, total: 375000 } });
    expect(capability([1, 2, 3], { upper: 2 }, { within: 'none' })).toMatchObject({ observed: { below: null, above: 1 }, normality: null });
  });

  it('refuses values without spread or number', () => {
    expect(() => capability([1], { upper: 2 })).toThrow(refused('TOO_FEW_POINTS'));
    expect(() => capability([1, 1, 1], { upper: 2 })).toThrow(refused('BAD_DATA'));
    expect(() => capability([1, 1, 1], { upper: 2 }, { within: 'none' })).toThrow(refused('BAD_DATA'));
    expect(() => capability([1, NaN, 2], { upper: 2 })).toThrow(refused('NOT_FINITE'));
  });

  it('has intervals for Pp that hold it as often as they say', () => {
    let seed = 97;
    const uniform = (): number => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
    const normal = (): number => Array.from({ length: 12 }, uniform).reduce((sum, value) => sum + value, -6);
    let held = 0;
    const runs = 400;
    for (let run = 0; run < runs; run += 1) {
      const { pp } = capability(Array.from({ length: 30 }, normal), { lower: -4, upper: 4 }, { within: 'none', level: 0.9 }).overall;
      if (pp !== null && pp.lower <= 4 / 3 && 4 / 3 <= pp.upper) held += 1;
    }
    // As many as 90 % of 400 allow with a probability of 99.9 %.
    expect(binomialCdf(held, runs, 0.9)).toBeGreaterThan(0.0005);
    expect(1 - binomialCdf(held - 1, runs, 0.9)).toBeGreaterThan(0.0005);
  });
});
