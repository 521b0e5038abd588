import { planOf } from './store/plan.js';
import { isAsItShould, runChaos } from './store/run.js';

describe('a small part of the chaos run', () => {
  it('finds nothing but the bugs that are planted, and those', async () => {
    const plan = planOf({ seed: 5, points: 8 });
    const report = await runChaos({ ...plan, faults: ['kill', 'cut', 'planted'], cuts: plan.cuts.slice(0, 6) }, { durationMs: 500 }, () => undefined);
    expect(report.outcomes.filter(({ planted }) => !planted).flatMap(({ violations }) => violations)).toEqual([]);
    expect(report.outcomes.map(({ planted }) => planted && [planted.bug, planted.found.length > 0])).toEqual([
      undefined, undefined, ['no-flush', true], ['checkpoint-ahead', true], ['no-duplicate-check', true],
    ]);
    expect(isAsItShould(report)).toBe(true);
    for (const { acknowledged, unknown, resolved, planted } of report.outcomes) {
      expect(acknowledged).toBeGreaterThan(0);
      if (!planted) expect(resolved).toBe(unknown);
    }
  }, 180_000);

  it('is not as it should be when a planted bug is not found', () => {
    const outcome = { fault: 'planted' as const, what: '', points: 1, missed: [], reached: {}, trials: 1, acknowledged: 1, unknown: 0, resolved: 0, violations: [], durationMs: 1 };
    expect(isAsItShould({ outcomes: [{ ...outcome, planted: { bug: 'no-flush', found: [] } }] })).toBe(false);
    expect(isAsItShould({ outcomes: [{ ...outcome, fault: 'cut', violations: ['lost'] }] })).toBe(false);
    expect(isAsItShould({ outcomes: [{ ...outcome, planted: { bug: 'no-flush', found: ['lost'] }, violations: ['lost'] }, { ...outcome, fault: 'cut' }] })).toBe(true);
  });
});
