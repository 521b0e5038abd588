import { StatisticsError } from '../statistics-error.js';
import type { Curtailment } from './judge-lot.js';
import type { Stage, Stages } from './sampling-plan.js';

export interface CurtailedOptions {
  /** `reject`: stop at the rejection number (semi-curtailed); `both`: also when acceptance has become certain. Default `reject`. */
  readonly curtailment?: Curtailment;
  /** Whether the first sample is nevertheless inspected in full, which keeps an unbiased process average. Default true for several samples. */
  readonly firstSampleInFull?: boolean;
}

/**
 * Average sample number when inspection stops within a sample as soon as its outcome is certain, item by item from the binomial
 * distribution. For a double plan whose second sample is curtailed at rejection this is Montgomery's
 * ASN = n1 + Σ P(n1, j)·[n2·PL(n2, c2 − j) + (c2 − j + 1)/p·PM(n2 + 1, c2 − j + 2)] (section 15.3.1).
 *
 * @param p fraction nonconforming
 * @throws StatisticsError `BAD_OPTION`
 */
export function curtailedSampleNumber(plan: Stages, p: number, options?: CurtailedOptions): number {
  if (!(p >= 0 && p <= 1)) throw new StatisticsError('BAD_OPTION', `${p} is not a fraction nonconforming; give percent divided by 100`);
  const curtailment = options?.curtailment ?? 'reject';
  const firstInFull = options?.firstSampleInFull ?? plan.stages.length > 1;
  let undecided = new Float64Array([1]);
  let expected = 0;
  plan.stages.forEach((stage, index) => {
    const ended = inspectStage(undecided, stage, p, index === 0 && firstInFull ? 'none' : curtailment);
    expected += ended.expected;
    undecided = ended.undecided;
  });
  return expected;
}

/** Items expected in one sample, and the counts that go on to the next. */
function inspectStage(
  from: Float64Array,
  stage: Stage,
  p: number,
  curtailment: Curtailment,
): { expected: number; undecided: Float64Array<ArrayBuffer> } {
  const { n, re } = stage;
  const ac = stage.ac ?? -1;
  const counts = new Float64Array(re);
  counts.set(from.subarray(0, re));
  let lost = 0;
  let expected = 0;
  for (let item = 0; item < n; item += 1) {
    const inspecting = total(counts) + (curtailment === 'none' ? lost : 0);
    expected += inspecting;
    lost += (counts[re - 1] as number) * p;
    for (let count = re - 1; count > 0; count -= 1) {
      counts[count] = (counts[count] as number) * (1 - p) + (counts[count - 1] as number) * p;
    }
    counts[0] = (counts[0] as number) * (1 - p);
    if (curtailment !== 'both') continue;
    const certain = ac - (n - item - 1);
    if (certain >= 0) counts.fill(0, 0, certain + 1);
  }
  const undecided = counts.slice();
  undecided.fill(0, 0, ac + 1);
  return { expected, undecided };
}

function total(counts: Float64Array): number {
  let sum = 0;
  for (const probability of counts) sum += probability;
  return sum;
}
