import { acceptanceProbability, customPlan, twoPointPlan } from './index.js';

describe('a plan through two points', () => {
  it.each(['binomial', 'poisson'] as const)('is the smallest that keeps both risks: %s', (model) => {
    const request = { producerP: 0.02, alpha: 0.05, consumerP: 0.1, beta: 0.1, model };
    const { n, ac, risks } = twoPointPlan(request);
    expect(risks.producer.risk).toBeLessThanOrEqual(0.05);
    expect(risks.consumer.risk).toBeLessThanOrEqual(0.1);
    for (let size = 1; size < n; size += 1)
      for (let number = 0; number <= ac + 2; number += 1) {
        if (number >= size) continue;
        const plan = customPlan([{ n: size, ac: number, re: number + 1 }]);
        const good = acceptanceProbability(plan, { model, p: 0.02 });
        const bad = acceptanceProbability(plan, { model, p: 0.1 });
        expect(good >= 0.95 && bad <= 0.1).toBe(false);
      }
  });

  it('needs fewer items from a lot than from a process', () => {
    const request = { producerP: 0.05, alpha: 0.05, consumerP: 0.15, beta: 0.075 };
    const ofLot = twoPointPlan({ ...request, model: 'hypergeometric', lotSize: 100 });
    expect(ofLot.n).toBeLessThan(twoPointPlan(request).n);
    expect(acceptanceProbability(ofLot, { model: 'hypergeometric', lotSize: 100, p: 0.15 })).toBeLessThanOrEqual(0.075);
  });

  it.each([
    ['equal qualities', { producerP: 0.05, alpha: 0.05, consumerP: 0.05, beta: 0.1 }],
    ['qualities the wrong way round', { producerP: 0.1, alpha: 0.05, consumerP: 0.05, beta: 0.1 }],
    ['percent in place of fractions', { producerP: 1, alpha: 0.05, consumerP: 5, beta: 0.1 }],
    ['no risk at all', { producerP: 0.01, alpha: 0, consumerP: 0.05, beta: 0.1 }],
    ['risks that any coin keeps', { producerP: 0.01, alpha: 0.6, consumerP: 0.05, beta: 0.5 }],
  ])('does not exist for %s', (_, request) => {
    expect(() => twoPointPlan(request)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});
