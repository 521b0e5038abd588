import { customPlan, outgoingQuality, outgoingQualityLimit, rectifyingPlan } from './index.js';
import { acceptanceProbability } from './operating-characteristic.js';

describe('a plan for rectifying inspection', () => {
  it('keeps the average outgoing quality limit with the least inspection', () => {
    const request = { lotSize: 300, processAverage: 0.01, protection: { kind: 'average-outgoing-quality-limit', p: 0.03 } } as const;
    const best = rectifyingPlan(request);
    for (let ac = 0; ac <= 4; ac += 1)
      for (let n = ac + 1; n <= 120; n += 1) {
        const plan = customPlan([{ n, ac, re: ac + 1 }]);
        if (outgoingQuality(plan, 300, { model: 'binomial', p: 0.01 }).averageTotalInspection >= best.averageTotalInspection - 1e-9)
          continue;
        expect(outgoingQualityLimit(plan, 300, { model: 'binomial' }).limit).toBeGreaterThan(0.03);
      }
    expect(best.averageOutgoingQualityLimit).toBeLessThanOrEqual(0.03);
  }, 30_000);

  it('accepts lots at their tolerance no more often than allowed', () => {
    const request = { lotSize: 1000, processAverage: 0.002, protection: { kind: 'lot-tolerance', p: 0.02, consumersRisk: 0.05 } } as const;
    const { n, ac, ...plan } = rectifyingPlan(request);
    expect(acceptanceProbability(plan, { model: 'hypergeometric', lotSize: 1000, p: 0.02 })).toBeLessThanOrEqual(0.05);
    expect(
      acceptanceProbability(customPlan([{ n: n - 1, ac, re: ac + 1 }]), { model: 'hypergeometric', lotSize: 1000, p: 0.02 }),
    ).toBeGreaterThan(0.05);
  });

  it.each([
    ['a process no better than the protection', { lotSize: 100, processAverage: 0.05, protection: { kind: 'lot-tolerance', p: 0.05 } }],
    ['percent in place of fractions', { lotSize: 100, processAverage: 0, protection: { kind: 'lot-tolerance', p: 5 } }],
    ['a lot of one', { lotSize: 1, processAverage: 0, protection: { kind: 'lot-tolerance', p: 0.1 } }],
    ['a risk that is none', { lotSize: 100, processAverage: 0, protection: { kind: 'lot-tolerance', p: 0.1, consumersRisk: 1 } }],
    [
      'a lot only full inspection protects',
      { lotSize: 20, processAverage: 0, protection: { kind: 'lot-tolerance', p: 0.01, consumersRisk: 0.01 } },
    ],
  ] as const)('does not exist for %s', (_, request) => {
    expect(() => rectifyingPlan(request)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});
