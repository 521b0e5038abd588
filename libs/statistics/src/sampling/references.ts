// Published results acceptance sampling is held to.
import type { ReferenceCase, ReferencedMethod, ReferencesOf } from '../reference.js';
import type { InspectionLevel } from './code-letters.js';
import type { Severity } from './master-tables.js';
import { acceptanceProbability } from './operating-characteristic.js';
import { qualityAt } from './quality-levels.js';
import { rectifyingPlan } from './rectifying-plan.js';
import { outgoingQuality, outgoingQualityLimit } from './rectifying-inspection.js';
import { customPlan, samplingPlan } from './sampling-plan.js';
import type { Stages } from './sampling-plan.js';
import { twoPointPlan } from './two-point-plan.js';

/** What the fixture sampling-plans.json holds. */
interface PublishedPlans {
  readonly cases: readonly {
    readonly lot_size: number;
    readonly level: InspectionLevel;
    readonly aql: number;
    readonly inspection: Severity;
    readonly n: number;
    readonly Ac: number;
    readonly Re: number;
    readonly P_accept_binomial_at_pct: Readonly<Record<string, number>>;
  }[];
}

const as = (quantity: string, published: number, tolerance: number, ours: () => number): ReferenceCase => ({
  quantity,
  published,
  tolerance,
  ours,
});
const single = (n: number, ac: number): Stages => customPlan([{ n, ac, re: ac + 1 }]);
const accepted = (plan: Stages, p: number): number => acceptanceProbability(plan, { model: 'binomial', p });

export const samplingReferences: ReferencesOf = (read) => {
  const published = JSON.parse(read('sampling-plans.json')) as PublishedPlans;
  return [
    plans(published),
    characteristic(published),
    doubleCharacteristic,
    levels,
    poissonLevels,
    outgoing,
    limits,
    twoPoints,
    rectifying,
  ];
};

function plans({ cases }: PublishedPlans): ReferencedMethod {
  return {
    name: 'Sampling plans of ANSI/ASQ Z1.4',
    formula:
      'table I gives the code letter, tables II-A to II-C sample size and acceptance number; arrows lead to the first plan below or above',
    source: 'MIL-STD-105E (1989), tables I and II; cases from the R package AQLSchemes 1.7-2 and an independent transcription',
    cases: cases.flatMap(({ lot_size: lotSize, level, aql, inspection: severity, n, Ac, Re }) => {
      const plan = samplingPlan({ scheme: 'z1.4', lotSize, level, aql, severity });
      const where = `lot ${lotSize}, level ${level}, AQL ${aql}, ${severity}`;
      return [
        as(`sample size, ${where}`, n, 0, () => plan.n),
        as(`Ac, ${where}`, Ac, 0, () => plan.ac),
        as(`Re, ${where}`, Re, 0, () => plan.re),
      ];
    }),
  };
}

function characteristic({ cases }: PublishedPlans): ReferencedMethod {
  const montgomery: readonly (readonly [number, number])[] = [
    [0.005, 0.9897],
    [0.01, 0.9397],
    [0.02, 0.7366],
    [0.03, 0.4985],
    [0.04, 0.3042],
    [0.05, 0.1721],
    [0.06, 0.0919],
    [0.07, 0.0468],
    [0.08, 0.023],
    [0.09, 0.0109],
  ];
  return {
    name: 'Operating characteristic, single sampling',
    formula: 'Pa = Σ C(n, d) p^d (1 − p)^(n − d) over d = 0 … Ac',
    source:
      'D. C. Montgomery, Introduction to Statistical Quality Control, table 15.2: quoted; the source was not at hand to be compared; SciPy; R package AcceptanceSampling 1.0.11 and its manual (n = 20 compared with it)',
    cases: [
      ...montgomery.map(([p, pa]) => as(`Pa of n = 89, Ac = 2 at p = ${p}`, pa, 5e-5, () => accepted(single(89, 2), p))),
      as('Pa of n = 80, Ac = 2 at p = 0.01', 0.9534468, 5e-8, () => accepted(single(80, 2), 0.01)),
      as('Pa of n = 125, Ac = 3 at p = 0.01', 0.9625509, 5e-8, () => accepted(single(125, 3), 0.01)),
      as('Pa of n = 32, Ac = 1 at p = 0.01', 0.9593174, 5e-8, () => accepted(single(32, 1), 0.01)),
      as('Pa of n = 20, Ac = 0 at p = 0.05', 0.358, 5e-4, () => accepted(single(20, 0), 0.05)),
      as('Pa of n = 20, Ac = 0 at p = 0.15', 0.039, 5e-4, () => accepted(single(20, 0), 0.15)),
      ...cases.flatMap(({ n, Ac, P_accept_binomial_at_pct: at }) =>
        Object.entries(at).map(([percent, pa]) =>
          as(`Pa of n = ${n}, Ac = ${Ac} at ${percent} %`, pa, 1e-12, () => accepted(single(n, Ac), Number(percent) / 100)),
        ),
      ),
    ],
  };
}

const montgomeryDouble = customPlan([
  { n: 50, ac: 1, re: 4 },
  { n: 100, ac: 3, re: 4 },
]);

const doubleCharacteristic: ReferencedMethod = {
  name: 'Operating characteristic, double sampling',
  formula: 'Pa = Pa(first sample) + Σ P(d1) P(d2 ≤ Ac2 − d1) over Ac1 < d1 < Re1',
  source:
    'D. C. Montgomery, Introduction to Statistical Quality Control, section 15.3.1 (n1 = 50, c1 = 1, n2 = 100, c2 = 3): quoted; the source was not at hand to be compared',
  cases: [
    as('Pa on the first sample at p = 0.05', 0.279, 5e-4, () => accepted(single(50, 1), 0.05)),
    // The book adds terms rounded to three decimals: 0.009 and 0.001.
    as('Pa on the combined samples at p = 0.05', 0.01, 1e-3, () => accepted(montgomeryDouble, 0.05) - accepted(single(50, 1), 0.05)),
  ],
};

const levels: ReferencedMethod = {
  name: 'Quality at given acceptance',
  formula: 'the p at which Pa(p) equals the probability asked for',
  source: 'MIL-STD-105E, table X-J-1, AQL 1.0 (n = 80, Ac = 2), percent nonconforming: quoted; the source was not at hand to be compared',
  cases: (
    [
      [0.99, 0.55, 5e-3],
      [0.95, 1.03, 5e-3],
      [0.75, 2.16, 5e-3],
      [0.5, 3.33, 5e-3],
      [0.25, 4.84, 5e-3],
      [0.1, 6.52, 5e-3],
      [0.05, 7.66, 5e-3],
      [0.01, 10.1, 5e-2],
    ] as const
  ).map(([pa, percent, tolerance]) =>
    as(`percent nonconforming at Pa = ${pa}`, percent, tolerance, () => qualityAt(single(80, 2), pa, { model: 'binomial' }).perHundred),
  ),
};

const poissonLevels: ReferencedMethod = {
  name: 'Quality at given acceptance, Poisson',
  formula: 'the mean n·p at which Σ e^(−np) (np)^d / d! over d = 0 … Ac equals the probability asked for',
  source:
    'J. M. Cameron, Tables for Constructing and for Computing the Operating Characteristics of Single-Sampling Plans, Industrial Quality Control 9 (1952): quoted; the source was not at hand to be compared',
  cases: (
    [
      [0, null, 2.303],
      [1, 0.355, 3.89],
      [2, 0.818, 5.322],
      [3, 1.366, 6.681],
      [4, 1.97, 7.994],
      [5, 2.613, 9.275],
    ] as const
  ).flatMap(([ac, good, bad]) => [
    ...(good === null ? [] : [as(`np at Pa = 0.95, Ac = ${ac}`, good, 6e-4, () => qualityAt(single(1, ac), 0.95, { model: 'poisson' }).p)]),
    as(`np at Pa = 0.10, Ac = ${ac}`, bad, 6e-4, () => qualityAt(single(1, ac), 0.1, { model: 'poisson' }).p),
  ]),
};

const outgoing: ReferencedMethod = {
  name: 'Average outgoing quality and average total inspection',
  formula: 'AOQ = Pa·p·(N − n)/N; ATI = n + (1 − Pa)(N − n)',
  source:
    'D. C. Montgomery, Introduction to Statistical Quality Control, section 15.2.3 (N = 10 000, n = 89, Ac = 2): quoted; the source was not at hand to be compared',
  cases: [
    as(
      'AOQ at p = 0.01',
      0.0093,
      5e-5,
      () => outgoingQuality(single(89, 2), 10_000, { model: 'binomial', p: 0.01 }).averageOutgoingQuality,
    ),
    as('ATI at p = 0.01', 687, 0.5, () => outgoingQuality(single(89, 2), 10_000, { model: 'binomial', p: 0.01 }).averageTotalInspection),
  ],
};

const limits: ReferencedMethod = {
  name: 'Average outgoing quality limit',
  formula: 'AOQL = the largest AOQ over all p',
  source:
    'D. C. Montgomery, section 15.2.3, read off figure 15.12; MIL-STD-105E, table V-A, percent, for lots much larger than the sample; both quoted; the source was not at hand to be compared',
  cases: [
    as('AOQL of n = 89, Ac = 2', 0.0155, 2e-4, () => outgoingQualityLimit(single(89, 2), Infinity, { model: 'binomial' }).limit),
    as('factor of letter J at AQL 1.0', 1.7, 0.05, () => 100 * outgoingQualityLimit(single(80, 2), Infinity, { model: 'poisson' }).limit),
    as('factor of letter K at AQL 1.0', 1.6, 0.05, () => 100 * outgoingQualityLimit(single(125, 3), Infinity, { model: 'poisson' }).limit),
    as('factor of letter L at AQL 1.0', 1.6, 0.05, () => 100 * outgoingQualityLimit(single(200, 5), Infinity, { model: 'poisson' }).limit),
  ],
};

const kiermeier = { producerP: 0.05, alpha: 0.05, consumerP: 0.15, beta: 0.075 };

const twoPoints: ReferencedMethod = {
  name: 'Single plan through two points',
  formula: 'the smallest n and Ac with Pa(producer’s quality) ≥ 1 − α and Pa(consumer’s quality) ≤ β',
  source:
    'A. Kiermeier, Visualizing and Assessing Acceptance Sampling Plans: The R Package AcceptanceSampling, Journal of Statistical Software 26 (2008), compared with the manual of that package',
  cases: [
    as('n for 0.05/0.95 and 0.15/0.075', 80, 0, () => twoPointPlan(kiermeier).n),
    as('Ac for 0.05/0.95 and 0.15/0.075', 7, 0, () => twoPointPlan(kiermeier).ac),
  ],
};

const dodgeRomig = (kind: 'lot-tolerance' | 'average-outgoing-quality-limit', p: number, processAverage: number) =>
  rectifyingPlan({ lotSize: 5000, processAverage, protection: { kind, p } });

const rectifying: ReferencedMethod = {
  name: 'Plan for rectifying inspection',
  formula: 'the n and Ac with the least average total inspection at the process average that keep the AOQL or the lot tolerance',
  source:
    'H. F. Dodge, H. G. Romig, Sampling Inspection Tables, as quoted by Montgomery, section 15.5 (lots of 4001 to 5000; theirs is one plan for a range): quoted; the source was not at hand to be compared',
  cases: [
    as('Ac, AOQL 3 %, process average 1 %', 3, 0, () => dodgeRomig('average-outgoing-quality-limit', 0.03, 0.01).ac),
    as('n, AOQL 3 %, process average 1 %', 65, 1, () => dodgeRomig('average-outgoing-quality-limit', 0.03, 0.01).n),
    as('Ac, LTPD 1 %, process average 0.25 %', 4, 0, () => dodgeRomig('lot-tolerance', 0.01, 0.0025).ac),
    as('n, LTPD 1 %, process average 0.25 %', 770, 5, () => dodgeRomig('lot-tolerance', 0.01, 0.0025).n),
    as('AOQL of that plan', 0.0028, 5e-5, () => dodgeRomig('lot-tolerance', 0.01, 0.0025).averageOutgoingQualityLimit),
  ],
};
