import { customPlan, judgeLot, samplingPlan } from './index.js';

const double = customPlan([
  { n: 50, ac: 1, re: 4 },
  { n: 100, ac: 3, re: 4 },
]);
const reduced = samplingPlan({ scheme: 'z1.4', codeLetter: 'K', aql: 1, severity: 'reduced' });

describe('a lot', () => {
  it.each([
    [2, 'accept'],
    [3, 'reject'],
  ] as const)('with %d nonconforming under Ac 2 Re 3: %s', (found, decision) => {
    expect(judgeLot(customPlan([{ n: 80, ac: 2, re: 3 }]), [found])).toMatchObject({
      decision,
      nonconforming: found,
      inspected: 80,
      returnToNormal: false,
    });
  });

  it('draws its second sample only between the numbers of the first', () => {
    expect(judgeLot(double, [1])).toMatchObject({ decision: 'accept', stage: 1, inspected: 50 });
    expect(judgeLot(double, [4])).toMatchObject({ decision: 'reject', stage: 1 });
    expect(judgeLot(double, [2])).toMatchObject({
      decision: 'continue',
      stage: 2,
      nextSampleSize: 100,
      reason: 'between-numbers-draw-next-sample',
    });
    expect(judgeLot(double, [2, 1])).toMatchObject({ decision: 'accept', stage: 2, nonconforming: 3, inspected: 150 });
    expect(judgeLot(double, [2, 2])).toMatchObject({ decision: 'reject', stage: 2, nonconforming: 4 });
  });

  it('is never accepted at a stage that cannot accept', () => {
    const multiple = samplingPlan({ scheme: 'z1.4', codeLetter: 'K', aql: 1, type: 'multiple' });
    expect(judgeLot(multiple, [0])).toMatchObject({ decision: 'continue', stage: 2 });
    expect(judgeLot(multiple, [0, 0])).toMatchObject({ decision: 'accept', stage: 2, inspected: 64 });
  });

  it('between the numbers of a reduced plan is accepted, and ends reduced inspection', () => {
    expect(reduced).toMatchObject({ ac: 1, re: 4 });
    expect(judgeLot(reduced, [1])).toMatchObject({ decision: 'accept', returnToNormal: false });
    expect(judgeLot(reduced, [2])).toMatchObject({ decision: 'accept', returnToNormal: true, reason: 'between-numbers-of-reduced-plan' });
    expect(judgeLot(reduced, [3])).toMatchObject({ decision: 'accept', returnToNormal: true });
    expect(judgeLot(reduced, [4])).toMatchObject({ decision: 'reject', returnToNormal: false });
  });

  it('can be decided within a sample only where curtailment is asked for', () => {
    const options = { inspectedOfLastSample: 30 };
    expect(judgeLot(double, [4], options)).toMatchObject({ decision: 'continue', reason: 'sample-incomplete', nextSampleSize: 20 });
    expect(judgeLot(double, [4], { ...options, curtailment: 'reject' })).toMatchObject({
      decision: 'reject',
      reason: 'curtailed-rejection',
      inspected: 30,
    });
    expect(judgeLot(double, [3], { ...options, curtailment: 'reject' })).toMatchObject({ decision: 'continue' });
    expect(judgeLot(double, [0], { inspectedOfLastSample: 49, curtailment: 'both' })).toMatchObject({
      decision: 'accept',
      reason: 'curtailed-acceptance',
      inspected: 49,
    });
    expect(judgeLot(double, [1], { inspectedOfLastSample: 49, curtailment: 'both' })).toMatchObject({ decision: 'continue' });
    expect(judgeLot(double, [0], { inspectedOfLastSample: 49, curtailment: 'reject' })).toMatchObject({ decision: 'continue' });
  });

  it('with several nonconformities an item may have more of them than items', () => {
    const plan = samplingPlan({ scheme: 'z1.4', codeLetter: 'C', aql: 100 });
    expect(judgeLot(plan, [9])).toMatchObject({ decision: 'accept' });
    expect(() => judgeLot(plan, [2], { curtailment: 'both' })).toThrow('never certain');
  });

  it.each([
    ['no sample', [], undefined],
    ['more samples than the plan has', [2, 0, 0], undefined],
    ['a sample after the decision', [1, 0], undefined],
    ['more nonconforming than inspected', [51], undefined],
    ['part of an item', [0.5], undefined],
    ['a negative count', [-1], undefined],
    ['more nonconforming than inspected so far', [3], { inspectedOfLastSample: 2 }],
    ['more inspected than drawn', [0], { inspectedOfLastSample: 51 }],
  ])('cannot be judged from %s', (_, counts, options) => {
    expect(() => judgeLot(double, counts, options)).toThrow(/./);
  });
});
