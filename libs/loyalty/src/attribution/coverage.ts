import { sumOf } from '@touchstone/statistics';
import { binomialCdf } from '@touchstone/statistics/distributions';
import { compareExposed } from './compare-exposed.js';
import { differenceInDifferences } from './difference-in-differences.js';
import { claimsEffect } from './estimate.js';
import type { Estimate } from './estimate.js';
import { eventStudy } from './event-study.js';
import { exposureHazard } from './exposure-hazard.js';
import { columnsAdjustedForSite, simulateComparison, simulateHistories, simulatePanel } from './simulator.js';

/** The estimators whose intervals are put to the test. */
export type StudiedEstimator = 'risk-difference' | 'risk-ratio' | 'event-study' | 'difference-in-differences' | 'hazard';

export const STUDIED_ESTIMATORS: readonly StudiedEstimator[] = [
  'risk-difference',
  'risk-ratio',
  'event-study',
  'difference-in-differences',
  'hazard',
];

/** Fixed before the first study was run: 1 to 1000. */
export const COVERAGE_SEEDS: readonly number[] = Array.from({ length: 1000 }, (_, index) => index + 1);

/** What is asked of 1,000 seeds: 95 % intervals hold the truth in 93 % to 97 %, and find an effect where there is none in at most 7.1 %. */
export const COVERAGE_TARGET = { seeds: 1000, lowest: 930, highest: 970, falseClaims: 71 };

export interface CoverageBounds {
  /** Fewest and most seeds whose interval may hold the truth. */
  readonly lowest: number;
  readonly highest: number;
  /** Most seeds that may claim an effect where there is none. */
  readonly falseClaims: number;
}

export interface CoverageStudy {
  readonly estimator: StudiedEstimator;
  readonly seeds: number;
  /** Seeds of a world with an effect whose 95 % interval holds it. */
  readonly covered: number;
  readonly coverage: number;
  /** Seeds of a world without whose interval leaves out no effect. */
  readonly falseClaims: number;
  readonly falseClaimRate: number;
  readonly truth: number;
  /** Mean of estimate less truth, of their logarithms for a ratio, in the world with an effect. */
  readonly meanError: number;
  /** Mean standard error reported, against what the estimates really spread by. */
  readonly meanStandardError: number;
  readonly spread: number;
  readonly bounds: CoverageBounds;
  readonly withinBounds: boolean;
}

interface Outcome {
  readonly estimate: Estimate;
  readonly truth: number;
}

interface Study {
  readonly effect: number;
  readonly none: number;
  readonly run: (seed: number, effect: number) => Outcome;
}

/** Every world is confounded, so an estimator that does not adjust fails. */
const STUDIES: Readonly<Record<StudiedEstimator, Study>> = {
  'risk-difference': { effect: 0.1, none: 0, run: (seed, effect) => compared(seed, effect, 'difference') },
  'risk-ratio': { effect: 1.5, none: 1, run: (seed, effect) => compared(seed, effect, 'ratio') },
  'event-study': {
    effect: -0.5,
    none: 0,
    run(seed, effect) {
      const panel = simulatePanel(seed, { effect });
      return { estimate: eventStudy(panel, { leads: 3, lags: 3 }).effect, truth: panel.truth };
    },
  },
  'difference-in-differences': {
    effect: -0.5,
    none: 0,
    run(seed, effect) {
      const { account, outcome, exposedFrom, period, truth } = simulatePanel(seed, { effect });
      const after = Array.from(period, (at) => Number(at >= FIRST_EXPOSED_PERIOD));
      const exposed = Array.from(exposedFrom, (from) => Number(from !== null));
      return { estimate: differenceInDifferences({ account, after, exposed, outcome }).effect, truth };
    },
  },
  hazard: {
    effect: 2,
    none: 1,
    run(seed, hazardRatio) {
      const { histories, small, truth } = simulateHistories(seed, { hazardRatio });
      const { hazardRatio: estimate } = exposureHazard(histories, {
        covariates: [{ name: 'small', role: 'confounder', measured: 'before-exposure', values: small }],
      });
      return { estimate, truth };
    },
  },
};

/** Half of the simulator's eight periods. */
const FIRST_EXPOSED_PERIOD = 4;

/**
 * How often an estimator's 95 % interval holds the truth of simulated worlds with an effect, and how often it finds one where there
 * is none. Follows from the seeds alone.
 */
export function coverageStudy(estimator: StudiedEstimator, seeds: readonly number[] = COVERAGE_SEEDS): CoverageStudy {
  const { effect, none, run } = STUDIES[estimator];
  const found = seeds.map((seed) => run(seed, effect));
  const covered = found.filter(({ estimate, truth }) => estimate.lower <= truth && truth <= estimate.upper).length;
  const falseClaims = seeds.filter((seed) => claimsEffect(run(seed, none).estimate)).length;
  const errors = found.map(({ estimate, truth }) =>
    estimate.scale === 'ratio' ? Math.log(estimate.estimate / truth) : estimate.estimate - truth,
  );
  const meanError = sumOf(errors) / seeds.length;
  const bounds = coverageBounds(seeds.length);
  return {
    estimator,
    seeds: seeds.length,
    covered,
    coverage: covered / seeds.length,
    falseClaims,
    falseClaimRate: falseClaims / seeds.length,
    truth: effect,
    meanError,
    meanStandardError: sumOf(found.map(({ estimate }) => estimate.standardError)) / seeds.length,
    spread: Math.sqrt(sumOf(errors.map((error) => (error - meanError) ** 2)) / Math.max(1, seeds.length - 1)),
    bounds,
    withinBounds: covered >= bounds.lowest && covered <= bounds.highest && falseClaims <= bounds.falseClaims,
  };
}

/** The bounds for a number of seeds that a true 95 % interval breaks no likelier than those of 1,000 seeds, which they are at 1,000. */
export function coverageBounds(seeds: number): CoverageBounds {
  const { seeds: all, lowest, highest, falseClaims } = COVERAGE_TARGET;
  const below = binomialCdf(lowest - 1, all, 0.95);
  const above = 1 - binomialCdf(highest, all, 0.95);
  const tooMany = 1 - binomialCdf(falseClaims, all, 0.05);
  const most = (p: number, risk: number): number => {
    let count = 0;
    while (count < seeds && 1 - binomialCdf(count, seeds, p) > risk * ROUNDING) count += 1;
    return count;
  };
  let least = 0;
  while (least < seeds && binomialCdf(least, seeds, 0.95) <= below * ROUNDING) least += 1;
  return { lowest: least, highest: most(0.95, above), falseClaims: most(0.05, tooMany) };
}

/** So that the bounds of 1,000 seeds come out as they went in, whatever the last digit of the distribution. */
const ROUNDING = 1 + 1e-9;

function compared(seed: number, effect: number, measure: 'difference' | 'ratio'): Outcome {
  const world = simulateComparison(seed, { effect, measure });
  const { riskDifference, riskRatio } = compareExposed(columnsAdjustedForSite(world));
  return { estimate: measure === 'ratio' ? riskRatio : riskDifference, truth: world.truth };
}
