// Table VIII of MIL-STD-105E: how many nonconforming items the samples of the last ten lots may have had before reduced
// inspection. The printed numbers follow a one-sided 90 % limit of a Poisson count, E − 1.282·√E rounded down, where E is
// the AQL times the smallest number of sample units of the row; a negative one is printed as a star: too few units to tell.

const ROWS = [20, 30, 50, 80, 130, 200, 320, 500, 800, 1250, 2000, 3150, 5000, 8000, 12500, 20000, 31500, 50000] as const;
const NORMAL_QUANTILE_90 = 1.282;

/** 130 to 199 units at AQL 10: the rule gives 8, reprints of the table are remembered with 7. Until one is at hand the stricter counts. */
const EXCEPTION = { units: 130, aql: 10, limit: 7 } as const;

/**
 * The limit number for an AQL and the number of items inspected in the last ten lots, or null where the table has a star:
 * reduced inspection then has to wait for more lots.
 */
export function limitNumber(aql: number, sampleUnits: number): number | null {
  const row = ROWS.findLast((least) => sampleUnits >= least);
  if (row === undefined) return null;
  if (row === EXCEPTION.units && aql === EXCEPTION.aql) return EXCEPTION.limit;
  const expected = (row * aql) / 100;
  const limit = Math.floor(expected - NORMAL_QUANTILE_90 * Math.sqrt(expected));
  return limit < 0 ? null : limit;
}
