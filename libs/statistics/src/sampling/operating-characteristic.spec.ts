import fc from 'fast-check';
import {
  acceptanceProbability,
  analysePlan,
  curtailedSampleNumber,
  customPlan,
  judgeLot,
  operatingCharacteristic,
  outgoingQuality,
  outgoingQualityLimit,
  planPerformance,
  planRisks,
  qualityAt,
  qualityPoints,
  samplingPlan,
} from './index.js';
import type { Curtailment, Stages } from './index.js';

const single = (n: number, ac: number): Stages => customPlan([{ n, ac, re: ac + 1 }]);
const small = customPlan([
  { n: 4, ac: 0, re: 2 },
  { n: 3, ac: 1, re: 3 },
  { n: 3, ac: 3, re: 4 },
]);

/** Every sequence of good and bad items, judged item by item: the definition, without any distribution. */
function enumerate(plan: Stages, p: number, curtailment: Curtailment, firstInFull: boolean): { acceptance: number; sampleNumber: number } {
  let acceptance = 0;
  let sampleNumber = 0;
  const draw = (counts: readonly number[], inspected: number, probability: number): void => {
    const stage = counts.length;
    const mode = stage === 1 && firstInFull ? 'none' : curtailment;
    const verdict = judgeLot(plan, counts, { curtailment: mode, inspectedOfLastSample: inspected });
    if (verdict.decision !== 'continue') {
      acceptance += verdict.decision === 'accept' ? probability : 0;
      sampleNumber += verdict.inspected * probability;
      return;
    }
    const here = verdict.stage > stage ? [...counts, 0] : counts;
    const already = verdict.stage > stage ? 0 : inspected;
    for (const bad of [0, 1])
      draw([...here.slice(0, -1), (here[here.length - 1] as number) + bad], already + 1, probability * (bad === 1 ? p : 1 - p));
  };
  draw([0], 0, 1);
  return { acceptance, sampleNumber };
}

describe('the operating characteristic', () => {
  it('is that of enumerating every sequence of items', () => {
    for (const p of [0, 0.05, 0.3, 0.7, 1]) {
      const exact = enumerate(small, p, 'none', true);
      const ours = planPerformance(small, { model: 'binomial', p });
      expect(ours.acceptance).toBeCloseTo(exact.acceptance, 13);
      expect(ours.averageSampleNumber).toBeCloseTo(exact.sampleNumber, 12);
    }
  });

  it.each(['reject', 'both'] as const)('keeps its acceptance and has the enumerated sample number when curtailed: %s', (curtailment) => {
    for (const p of [0, 0.1, 0.4, 1])
      for (const firstSampleInFull of [true, false]) {
        const exact = enumerate(small, p, curtailment, firstSampleInFull);
        expect(exact.acceptance).toBeCloseTo(acceptanceProbability(small, { model: 'binomial', p }), 13);
        expect(curtailedSampleNumber(small, p, { curtailment, firstSampleInFull })).toBeCloseTo(exact.sampleNumber, 12);
      }
  });

  it('of a lot without return is that of every order of its items', () => {
    const lot = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const orders = (1 << lot.length) - 1;
    let accepted = 0;
    let all = 0;
    for (let mask = 0; mask <= orders; mask += 1) {
      const items = Array.from({ length: lot.length }, (_, item) => (mask >> item) & 1);
      if (items.reduce((sum, bad) => sum + bad, 0) !== 3) continue;
      all += 1;
      const count = (from: number, to: number): number => items.slice(from, to).reduce((sum, bad) => sum + bad, 0);
      const samples = [count(0, 4), count(4, 7), count(7, 10)];
      let verdict = judgeLot(small, samples.slice(0, 1));
      for (let stage = 2; verdict.decision === 'continue'; stage += 1) verdict = judgeLot(small, samples.slice(0, stage));
      if (verdict.decision === 'accept') accepted += 1;
    }
    expect(acceptanceProbability(small, { model: 'hypergeometric', p: 3 / 12, lotSize: 12 })).toBeCloseTo(accepted / all, 13);
  });

  it('falls with quality, from certain acceptance to certain rejection', () => {
    const plan = samplingPlan({ scheme: 'z1.4', codeLetter: 'K', aql: 1.5, type: 'multiple' });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (one, other) => {
        const [better, worse] = one < other ? [one, other] : [other, one];
        expect(acceptanceProbability(plan, { model: 'binomial', p: better })).toBeGreaterThanOrEqual(
          acceptanceProbability(plan, { model: 'binomial', p: worse }) - 1e-12,
        );
      }),
      { seed: 105, numRuns: 100 },
    );
    expect(planPerformance(plan, { model: 'binomial', p: 0 })).toMatchObject({ acceptance: 1 });
    expect(acceptanceProbability(plan, { model: 'binomial', p: 1 })).toBe(0);
  });

  it('accounts for every lot: accepted and rejected at the stages add up to one', () => {
    const { acceptedAt, rejectedAt } = planPerformance(small, { model: 'poisson', p: 0.4 });
    expect([...acceptedAt, ...rejectedAt].reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it('holds for sample sizes and numbers whose probabilities underflow', () => {
    expect(acceptanceProbability(single(2000, 1000), { model: 'binomial', p: 0.5 })).toBeCloseTo(0.5089, 4);
    expect(acceptanceProbability(single(2000, 1000), { model: 'poisson', p: 0.5 })).toBeCloseTo(0.508409, 5);
    expect(acceptanceProbability(single(3000, 60), { model: 'binomial', p: 0.9 })).toBe(0);
  });

  it('reports the part of a reduced plan that ends reduced inspection', () => {
    const plan = samplingPlan({ scheme: 'z1.4', codeLetter: 'K', aql: 1, severity: 'reduced' });
    const { acceptance, acceptedBetweenNumbers } = planPerformance(plan, { model: 'binomial', p: 0.02 });
    expect(acceptance).toBeCloseTo(acceptanceProbability(single(50, 3), { model: 'binomial', p: 0.02 }), 13);
    expect(acceptance - acceptedBetweenNumbers).toBeCloseTo(acceptanceProbability(single(50, 1), { model: 'binomial', p: 0.02 }), 13);
  });

  it.each([
    ['percent in place of a fraction', { model: 'binomial', p: 1.5 }],
    ['a negative quality', { model: 'poisson', p: -0.1 }],
    ['no number', { model: 'binomial', p: NaN }],
    ['a lot of unknown size', { model: 'hypergeometric', p: 0.1 }],
    ['part of an item', { model: 'hypergeometric', p: 0.05, lotSize: 30 }],
    ['samples larger than the lot', { model: 'hypergeometric', p: 0.1, lotSize: 10 }],
  ] as const)('is refused for %s', (_, quality) => {
    expect(() => acceptanceProbability(single(20, 1), quality)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});

describe('quality levels and risks', () => {
  it('lie where the curve says', () => {
    const plan = samplingPlan({ scheme: 'z1.4', codeLetter: 'J', aql: 1, type: 'double' });
    for (const { acceptance, p } of qualityPoints(plan, { model: 'binomial' })) {
      expect(acceptanceProbability(plan, { model: 'binomial', p })).toBeCloseTo(acceptance, 10);
    }
  });

  it('of a lot are whole items: one more item is accepted less often', () => {
    const quality = { model: 'hypergeometric', lotSize: 200 } as const;
    const { p } = qualityAt(single(32, 1), 0.1, quality);
    expect(acceptanceProbability(single(32, 1), { ...quality, p })).toBeGreaterThanOrEqual(0.1);
    expect(acceptanceProbability(single(32, 1), { ...quality, p: p + 1 / 200 })).toBeLessThan(0.1);
  });

  it('are complementary for the producer', () => {
    const risks = planRisks(single(89, 2), { producerP: 0.01, consumerP: 0.06 }, { model: 'binomial' });
    expect(risks.producer.risk).toBeCloseTo(1 - risks.producer.acceptance, 15);
    expect(risks.consumer.risk).toBe(risks.consumer.acceptance);
  });

  it('are refused for probabilities that are certain', () => {
    expect(() => qualityAt(single(5, 0), 1, { model: 'binomial' })).toThrow('between 0 and 1');
    expect(() => qualityAt(single(5, 5), 0.5, { model: 'binomial' })).toThrow('any quality');
  });
});

describe('rectifying inspection', () => {
  it('leaves nothing nonconforming once the whole lot is inspected', () => {
    const { averageOutgoingQuality, averageTotalInspection } = outgoingQuality(single(50, 0), 50, { model: 'binomial', p: 0.1 });
    expect(averageOutgoingQuality).toBe(0);
    expect(averageTotalInspection).toBeCloseTo(50, 12);
  });

  it('inspects the sample only while every lot is accepted', () => {
    expect(outgoingQuality(single(89, 2), 10_000, { model: 'binomial', p: 0 })).toEqual({
      p: 0,
      averageOutgoingQuality: 0,
      averageTotalInspection: 89,
    });
    expect(outgoingQuality(single(89, 2), 10_000, { model: 'binomial', p: 1 }).averageTotalInspection).toBe(10_000);
  });

  it('has its limit above the outgoing quality everywhere else', () => {
    const plan = samplingPlan({ scheme: 'z1.4', codeLetter: 'L', aql: 1, type: 'double' });
    const { limit } = outgoingQualityLimit(plan, 5000, { model: 'binomial' });
    for (let p = 0; p <= 0.2; p += 0.001)
      expect(outgoingQuality(plan, 5000, { model: 'binomial', p }).averageOutgoingQuality).toBeLessThanOrEqual(limit + 1e-15);
  });

  it('is refused for lots smaller than the samples', () => {
    expect(() => outgoingQuality(single(89, 2), 80, { model: 'binomial', p: 0.01 })).toThrow('does not hold');
    expect(() => outgoingQualityLimit(single(89, 2), 1000, { model: 'hypergeometric' })).toThrow('binomial or poisson');
  });
});

describe('the analysis of a plan', () => {
  it('has one point for each quality and agrees with the single functions', () => {
    const plan = single(89, 2);
    const { curve, producersRisk, consumersQuality } = analysePlan(plan, { lotSize: 10_000, ps: [0.01, 0.02], producerP: 0.01 });
    expect(curve.map(({ p, acceptance }) => [p, acceptance])).toEqual(
      operatingCharacteristic(plan, [0.01, 0.02], { model: 'binomial' }).map(({ p, acceptance }) => [p, acceptance]),
    );
    expect(producersRisk).toBeCloseTo(1 - (curve[0]?.acceptance ?? 0), 15);
    expect(acceptanceProbability(plan, { model: 'binomial', p: consumersQuality.p })).toBeCloseTo(0.1, 10);
    expect(curve[0]?.curtailedSampleNumber).toBeLessThan(89);
  });

  it('moves by whole items for a lot', () => {
    const { curve, lotSize } = analysePlan(single(20, 1), { model: 'hypergeometric', lotSize: 150 });
    expect(lotSize).toBe(150);
    for (const { p } of curve) expect(p * 150).toBeCloseTo(Math.round(p * 150), 9);
    expect(curve[0]).toMatchObject({ p: 0, acceptance: 1, curtailedSampleNumber: null });
  });

  it('of a process has no total inspection', () => {
    expect(analysePlan(single(20, 1)).curve[10]).toMatchObject({ averageTotalInspection: null });
  });
});
