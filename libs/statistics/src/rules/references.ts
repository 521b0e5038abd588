import { nelsonTests } from './nelson.js';
import type { NelsonTest } from './nelson.js';
import { runRules } from './run-rules.js';
import type { RuleNumber } from './rule-sets.js';
import type { ReferencesOf } from '../reference.js';

interface PistonRings {
  readonly center: number;
  readonly sigma_of_plotted: number;
  readonly values: readonly number[];
  readonly nelson: Readonly<Record<string, readonly number[]>>;
  readonly western_electric: Readonly<Record<string, readonly number[]>>;
}

/** Points at which rules fire on the means of the piston rings, as R's qcc and an independent check by brute force find them. */
export const rulesReferences: ReferencesOf = (read) => {
  const { pistonRings } = JSON.parse(read('nelson-tests.json')) as { readonly pistonRings: PistonRings };
  const { values, center, sigma_of_plotted: sigma } = pistonRings;
  const casesOf = (fires: Readonly<Record<string, readonly number[]>>, what: string, points: (rule: number) => readonly number[]) =>
    Object.entries(fires).flatMap(([rule, published]) => [
      {
        quantity: `piston rings, ${what} ${rule}: points it fires at`,
        published: published.length,
        ours: () => points(Number(rule)).length,
        tolerance: 0,
      },
      ...published.map((point, index) => ({
        quantity: `piston rings, ${what} ${rule}: point ${index + 1} of them`,
        published: point,
        ours: () => points(Number(rule))[index] ?? 0,
        tolerance: 0,
      })),
    ]);
  return [
    {
      name: 'Nelson’s eight tests',
      formula:
        'points in a row by zone of |x − center|/σ: 1 of 1 beyond 3; 9 on a side; 6 steady; 14 alternating; 2 of 3 beyond 2; 4 of 5 beyond 1; 15 within 1; 8 beyond 1 on both sides',
      source: 'L. S. Nelson, Journal of Quality Technology 16 (1984) 237–239',
      cases: casesOf(pistonRings.nelson, 'test', (rule) =>
        nelsonTests(values, { center, sigma }, { tests: [rule as NelsonTest] }).map(({ at }) => at),
      ),
    },
    {
      name: 'Western Electric rules',
      formula: '1 of 1 beyond 3σ; 2 of 3 beyond 2σ on a side; 4 of 5 beyond 1σ on a side; 8 on a side',
      source: 'Western Electric, Statistical Quality Control Handbook (1956), tests for instability',
      cases: casesOf(pistonRings.western_electric, 'rule', (rule) =>
        runRules(values, { center, sigma }, { set: 'western-electric', rules: [rule as RuleNumber] }).signals.map(({ at }) => at),
      ),
    },
  ];
};
