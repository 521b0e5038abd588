import type { ReadFixture, ReferenceCase, ReferencedMethod, ReferencesOf } from '@touchstone/statistics/references';
import { fitBgNbd } from './bg-nbd.js';
import type { CustomerHistory } from './customer-history.js';
import { expectedSpend, fitGammaGamma } from './gamma-gamma.js';
import type { FittedGammaGamma } from './gamma-gamma.js';
import { compareHoldout } from './goodness.js';
import type { FittedBgNbd, FittedParetoNbd } from './model.js';
import { fitParetoNbd } from './pareto-nbd.js';
import { expectedPurchases, expectedPurchasesOf, logLikelihoodOf, probabilityAlive } from './predictions.js';
import { summariesOf } from './purchase-log.js';
import type { PurchaseSummaries } from './purchase-log.js';

/** Figures of others on the CDNOW sample; the fixture says whose. */
interface CdnowFigures {
  readonly bgNbd: { readonly published: Figures; readonly fromLog: Figures; readonly fromRounded: Figures };
  readonly logLikelihoodAtPublished: number;
  readonly expectedPurchases: Readonly<Record<string, number>>;
  readonly customers: readonly {
    readonly id: number;
    readonly x: number;
    readonly tx: number;
    readonly T: number;
    readonly expected39: number;
    readonly pAlive: number;
  }[];
  readonly frequentCustomer: {
    readonly x: number;
    readonly tx: number;
    readonly T: number;
    readonly expected52: number;
    readonly pAlive: number;
  };
  readonly holdout: { readonly actual: number; readonly expected: number; readonly meanAbsoluteError: number };
  readonly paretoNbd: { readonly published: Figures; readonly fromRounded: Figures };
  readonly gammaGamma: {
    readonly published: Figures;
    readonly fromRounded: Figures;
    readonly populationMean: number;
    readonly spends: readonly { readonly x: number; readonly value: number; readonly expected: number }[];
  };
}

type Figures = Readonly<Record<string, number>>;

/** The purchases of the CDNOW sample, as summaries of the 39 weeks to 1997-09-30. */
export function cdnowSummaries(read: ReadFixture): PurchaseSummaries {
  const rows = read('repeat-purchase-cdnow.csv')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  const log = { customers: rows.map((row) => row[0]), days: rows.map((row) => row[1]), values: rows.map((row) => Number(row[2])) };
  return summariesOf(log, { calibrationEnd: '1997-09-30', observationEnd: '1998-06-30' });
}

/** Published summaries have two decimals. */
const rounded = (value: number): number => Math.round(value * 100 + 1e-9) / 100;

/** What the cases need, each computed once and only when asked for. */
class Cdnow {
  private readonly known = new Map<string, unknown>();

  constructor(private readonly read: ReadFixture) {}

  readonly figures = (): CdnowFigures => this.once('figures', () => JSON.parse(this.read('repeat-purchase-cdnow.json')) as CdnowFigures);
  readonly summaries = (): PurchaseSummaries => this.once('summaries', () => cdnowSummaries(this.read));
  readonly histories = (): CustomerHistory[] =>
    this.summaries().customers.map(({ frequency, recency, age }) => ({ frequency, recency: rounded(recency), age: rounded(age) }));
  readonly bgNbd = (): FittedBgNbd => this.once('bg', () => fitBgNbd(this.summaries().customers));
  readonly bgNbdRounded = (): FittedBgNbd => this.once('bg rounded', () => fitBgNbd(this.histories()));
  readonly paretoNbd = (): FittedParetoNbd => this.once('pareto', () => fitParetoNbd(this.summaries().customers));
  readonly paretoNbdRounded = (): FittedParetoNbd => this.once('pareto rounded', () => fitParetoNbd(this.histories()));
  readonly spending = (): FittedGammaGamma => this.once('spending', () => fitGammaGamma(this.summaries().customers));
  readonly spendingRounded = (): FittedGammaGamma =>
    this.once('spending rounded', () =>
      fitGammaGamma(
        this.summaries().customers.map(({ frequency, value }) => ({ frequency, value: value === null ? null : rounded(value) })),
      ),
    );

  private once<Value>(name: string, compute: () => Value): Value {
    if (!this.known.has(name)) this.known.set(name, compute());
    return this.known.get(name) as Value;
  }
}

const PUBLISHED_DIGIT = 5e-4;
/** The others' optimisers stopped within about this share of the estimate; ours leaves no slope. */
const OTHERS_OPTIMUM = 1e-4;

function parameterCases(data: string, figures: Figures, ours: () => object, tolerance: (published: number) => number): ReferenceCase[] {
  return Object.entries(figures).map(([name, published]) => ({
    quantity: `${name}, ${data}`,
    published,
    ours: () => (ours() as Record<string, number>)[name],
    tolerance: tolerance(published),
  }));
}

const printed = (digit: number) => (): number => digit;
const optimum = (published: number): number => OTHERS_OPTIMUM * published;

function bgNbdMethod(cdnow: Cdnow): ReferencedMethod {
  const { bgNbd, logLikelihoodAtPublished, expectedPurchases: expected, customers, frequentCustomer, holdout } = cdnow.figures();
  const published = { model: 'bg-nbd', parameters: bgNbd.published as unknown as FittedBgNbd['parameters'] } as const;
  const theirs = { model: 'bg-nbd', parameters: bgNbd.fromRounded as unknown as FittedBgNbd['parameters'] } as const;
  const log = 'CDNOW sample, 2,357 customers, 39 weeks';
  return {
    name: 'BG/NBD model',
    formula: 'L = Γ(r+x)/Γ(r) · αʳ · B(a,b+x)/B(a,b) · [ (α+T)^−(r+x) + [x>0] · a/(b+x−1) · (α+tₓ)^−(r+x) ]',
    source:
      'P. S. Fader, B. G. S. Hardie, K. L. Lee, "Counting Your Customers" the Easy Way, Marketing Science 24 (2005), equation 6 and table 2',
    cases: [
      ...parameterCases(`published, ${log}`, bgNbd.published, () => cdnow.bgNbd().parameters, printed(PUBLISHED_DIGIT)),
      ...parameterCases(`from the log, ${log}`, bgNbd.fromLog, () => cdnow.bgNbd().parameters, optimum),
      ...parameterCases(
        `lifetimes 0.11.3, times to two decimals, ${log}`,
        bgNbd.fromRounded,
        () => cdnow.bgNbdRounded().parameters,
        optimum,
      ),
      {
        quantity: `log-likelihood at the maximum, ${log}`,
        published: -9582.429206673929,
        ours: () => cdnow.bgNbd().logLikelihood,
        tolerance: 1e-6,
      },
      {
        quantity: `log-likelihood at the published parameters, times to two decimals, ${log}`,
        published: logLikelihoodAtPublished,
        ours: () => logLikelihoodOf(published, cdnow.histories()),
        tolerance: 1e-8,
      },
      ...Object.entries(expected).map(([weeks, value]) => ({
        quantity: `purchases expected of a new customer in ${weeks} weeks`,
        published: value,
        ours: () => expectedPurchases(cdnow.bgNbdRounded(), Number(weeks)),
        tolerance: OTHERS_OPTIMUM * value,
      })),
      ...customers.flatMap(({ id, x, tx, T, expected39, pAlive }) => {
        const history = { frequency: x, recency: tx, age: T };
        return [
          {
            quantity: `purchases expected of customer ${id} in 39 weeks`,
            published: expected39,
            ours: () => expectedPurchasesOf(theirs, history, 39),
            tolerance: 1e-6,
          },
          { quantity: `P(alive) of customer ${id}`, published: pAlive, ours: () => probabilityAlive(theirs, history), tolerance: 1e-7 },
        ];
      }),
      ...frequentCases(cdnow, frequentCustomer),
      ...holdoutCases(cdnow, holdout),
    ],
  };
}

function holdoutCases(cdnow: Cdnow, holdout: CdnowFigures['holdout']): ReferenceCase[] {
  return [
    {
      quantity: 'purchases in the 39 weeks after',
      published: holdout.actual,
      ours: () => compareHoldout(cdnow.bgNbd(), cdnow.summaries()).actual,
      tolerance: 0,
    },
    {
      quantity: 'purchases foreseen for them',
      published: holdout.expected,
      ours: () => compareHoldout(cdnow.bgNbd(), cdnow.summaries()).expected,
      tolerance: 0.05,
    },
    {
      quantity: 'mean absolute error of the forecast',
      published: holdout.meanAbsoluteError,
      ours: () => compareHoldout(cdnow.bgNbd(), cdnow.summaries()).meanAbsoluteError,
      tolerance: 1e-5,
    },
  ];
}

function frequentCases(cdnow: Cdnow, { x, tx, T, expected52, pAlive }: CdnowFigures['frequentCustomer']): ReferenceCase[] {
  const history = { frequency: x, recency: tx, age: T };
  return [
    {
      quantity: `purchases expected in 52 weeks of a customer with ${x} repeat purchases`,
      published: expected52,
      ours: () => expectedPurchasesOf(cdnow.bgNbd(), history, 52),
      tolerance: 1e-4,
    },
    {
      quantity: `P(alive) of a customer with ${x} repeat purchases`,
      published: pAlive,
      ours: () => probabilityAlive(cdnow.bgNbd(), history),
      tolerance: 1e-6,
    },
  ];
}

function paretoNbdMethod(cdnow: Cdnow): ReferencedMethod {
  const { published, fromRounded } = cdnow.figures().paretoNbd;
  const { logLikelihood, ...parameters } = fromRounded;
  const log = 'CDNOW sample, 2,357 customers, 39 weeks';
  return {
    name: 'Pareto/NBD model',
    formula: 'L = Γ(r+x)/Γ(r) · αʳ · βˢ · [ (α+T)^−(r+x) · (β+T)^−s + s · ∫ (α+y)^−(r+x) · (β+y)^−(s+1) dy, y from tₓ to T ]',
    source:
      'D. C. Schmittlein, D. G. Morrison, R. Colombo, Counting Your Customers, Management Science 33 (1987); figures of Fader, Hardie and Lee (2005), table 2',
    cases: [
      ...parameterCases(`published, ${log}`, published, () => cdnow.paretoNbd().parameters, printed(PUBLISHED_DIGIT)),
      ...parameterCases(`lifetimes 0.11.3, times to two decimals, ${log}`, parameters, () => cdnow.paretoNbdRounded().parameters, optimum),
      {
        quantity: `log-likelihood, lifetimes 0.11.3, times to two decimals, ${log}`,
        published: logLikelihood,
        ours: () => cdnow.paretoNbdRounded().logLikelihood,
        tolerance: 1e-6,
      },
      { quantity: `log-likelihood as published, ${log}`, published: -9595, ours: () => cdnow.paretoNbd().logLikelihood, tolerance: 0.05 },
    ],
  };
}

function gammaGammaMethod(cdnow: Cdnow): ReferencedMethod {
  const { published, fromRounded, populationMean, spends } = cdnow.figures().gammaGamma;
  const theirs = { model: 'gamma-gamma', parameters: fromRounded as unknown as FittedGammaGamma['parameters'] } as const;
  return {
    name: 'Gamma-Gamma model of spending',
    formula: 'L = Γ(px+q)/(Γ(px)·Γ(q)) · v^q · z̄^(px−1) · x^(px) / (v + x·z̄)^(px+q);  E = p·(v + x·z̄)/(px + q − 1)',
    source: 'P. S. Fader, B. G. S. Hardie, The Gamma-Gamma Model of Monetary Value (2013)',
    cases: [
      ...parameterCases('published, CDNOW sample, 946 customers', published, () => cdnow.spending().parameters, printed(5e-3)),
      ...parameterCases('mean values to two decimals, CDNOW sample', fromRounded, () => cdnow.spendingRounded().parameters, optimum),
      {
        quantity: 'mean spend of the population, CDNOW sample',
        published: populationMean,
        ours: () => cdnow.spendingRounded().populationMean ?? Number.NaN,
        tolerance: OTHERS_OPTIMUM,
      },
      ...spends.map(({ x, value, expected }) => ({
        quantity: `spend expected after ${x} repeat purchases of ${value}`,
        published: expected,
        ours: () => expectedSpend(theirs, { frequency: x, value }),
        tolerance: 1e-9,
      })),
    ],
  };
}

/** Repeat purchase against the literature and the Python package lifetimes 0.11.3. */
export const repeatPurchaseReferences: ReferencesOf = (read) => {
  const cdnow = new Cdnow(read);
  return [bgNbdMethod(cdnow), paretoNbdMethod(cdnow), gammaGammaMethod(cdnow)];
};
