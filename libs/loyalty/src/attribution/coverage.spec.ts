import { COVERAGE_SEEDS, COVERAGE_TARGET, STUDIED_ESTIMATORS, coverageBounds, coverageStudy } from './index.js';

describe('the bounds of a coverage study', () => {
  it('are 93 % to 97 % and 7.1 % for 1,000 seeds', () => {
    const { lowest, highest, falseClaims } = COVERAGE_TARGET;
    expect(coverageBounds(1000)).toEqual({ lowest, highest, falseClaims });
  });

  it('are those a true 95 % interval breaks no likelier with 100 seeds', () => {
    expect(coverageBounds(100)).toEqual({ lowest: 88, highest: 100, falseClaims: 12 });
  });
});

describe('the seeds of the study', () => {
  it('are 1 to 1000, whatever the results', () => {
    expect(COVERAGE_SEEDS).toHaveLength(1000);
    expect([COVERAGE_SEEDS[0], COVERAGE_SEEDS[999]]).toEqual([1, 1000]);
  });
});

describe.each(STUDIED_ESTIMATORS)('over 100 seeds, the 95 % interval of the %s', (estimator) => {
  const study = coverageStudy(estimator, COVERAGE_SEEDS.slice(0, 100));

  it('holds the truth as often as it says', () => {
    expect(study.covered).toBeGreaterThanOrEqual(study.bounds.lowest);
    expect(study.covered).toBeLessThanOrEqual(study.bounds.highest);
  });

  it('finds no effect where there is none, but for chance', () => {
    expect(study.falseClaims).toBeLessThanOrEqual(study.bounds.falseClaims);
    expect(study.withinBounds).toBe(true);
  });

  it('is as wide as the estimates really spread, around the truth', () => {
    expect(Math.abs(study.meanError)).toBeLessThan(4 * (study.spread / Math.sqrt(study.seeds)));
    expect(Math.abs(study.meanStandardError / study.spread - 1)).toBeLessThan(0.25);
  });
});
