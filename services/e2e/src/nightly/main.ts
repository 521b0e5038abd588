// Studies too long for every commit: `npm run nightly`. Today how often the intervals of attribution hold a truth that is known.
import { COVERAGE_SEEDS, STUDIED_ESTIMATORS, coverageStudy } from '@touchstone/loyalty/attribution';

let missed = 0;
for (const estimator of STUDIED_ESTIMATORS) {
  const { covered, falseClaims, seeds, bounds, withinBounds } = coverageStudy(estimator, COVERAGE_SEEDS);
  if (!withinBounds) missed += 1;
  process.stdout.write(`${withinBounds ? 'met   ' : 'MISSED'}  ${estimator}: the 95 % interval holds the truth in ${covered} of ${seeds} (asked ${bounds.lowest} to ${bounds.highest}), `
    + `an effect is claimed where there is none in ${falseClaims} (asked at most ${bounds.falseClaims})\n`);
}
process.exitCode = missed === 0 ? 0 : 1;
