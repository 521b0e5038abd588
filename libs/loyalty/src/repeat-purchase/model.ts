import type { CustomerHistory, HistoryTable } from './customer-history.js';
import type { Fit } from './maximum-likelihood.js';

/** Parameters of the BG/NBD model: rates are Gamma(r, α), α in units of time; chances of leaving after a purchase are Beta(a, b). */
export interface BgNbdParameters {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

/** Parameters of the Pareto/NBD model: purchase rates are Gamma(r, α), rates of leaving Gamma(s, β); α and β in units of time. */
export interface ParetoNbdParameters {
  readonly r: number;
  readonly alpha: number;
  readonly s: number;
  readonly beta: number;
}

export interface BgNbd {
  readonly model: 'bg-nbd';
  readonly parameters: BgNbdParameters;
}

export interface ParetoNbd {
  readonly model: 'pareto-nbd';
  readonly parameters: ParetoNbdParameters;
}

export type RepeatPurchaseModel = BgNbd | ParetoNbd;

/** What a fit rests on. */
export interface FittedData {
  readonly customers: number;
  readonly repeatCustomers: number;
  readonly repeatPurchases: number;
  /** Histories that differ. */
  readonly distinctHistories: number;
}

export type FittedBgNbd = BgNbd & Fit & FittedData;
export type FittedParetoNbd = ParetoNbd & Fit & FittedData;

export const fittedDataOf = ({ customers, repeatCustomers, repeatPurchases, rows }: HistoryTable): FittedData => ({
  customers,
  repeatCustomers,
  repeatPurchases,
  distinctHistories: rows,
});

/** What a model answers; each model has one of these, and so one set of questions serves both. */
export interface Answers<Parameters> {
  readonly logLikelihood: (parameters: Parameters, table: HistoryTable) => number;
  readonly probabilityAlive: (parameters: Parameters, history: CustomerHistory) => number;
  readonly expectedPurchases: (parameters: Parameters, time: number) => number;
  readonly expectedPurchasesOf: (parameters: Parameters, history: CustomerHistory, time: number) => number;
  readonly purchaseCountProbability: (parameters: Parameters, time: number, purchases: number) => number;
}
