import { count, duration, positive } from './arguments.js';
import { bgNbdAnswers } from './bg-nbd.js';
import { assertHistory, tableOf } from './customer-history.js';
import type { CustomerHistory } from './customer-history.js';
import type { Answers, RepeatPurchaseModel } from './model.js';
import { paretoNbdAnswers } from './pareto-nbd.js';

// All times in the unit the model was fitted in. Every function here throws StatisticsError `BAD_OPTION` for parameters, durations
// and counts out of range, and `BAD_DATA` or `NOT_FINITE` for histories that cannot have happened.

/** Probability that a customer with this history has not left for good. With BG/NBD it is 1 before the first repeat purchase. */
export const probabilityAlive = (model: RepeatPurchaseModel, history: CustomerHistory): number =>
  ask(model, (answers, parameters) => answers.probabilityAlive(parameters, assertHistory(history)));

/** Expected repeat purchases of a new customer in the first `time` after the first purchase: E[X(t)]. */
export const expectedPurchases = (model: RepeatPurchaseModel, time: number): number =>
  ask(model, (answers, parameters) => answers.expectedPurchases(parameters, duration(time)));

/** Expected purchases of a customer with this history in the next `time`: E[Y(t) | x, tₓ, T]. */
export const expectedPurchasesOf = (model: RepeatPurchaseModel, history: CustomerHistory, time: number): number =>
  ask(model, (answers, parameters) => answers.expectedPurchasesOf(parameters, assertHistory(history), duration(time)));

/** Probability that a new customer makes exactly so many repeat purchases in the first `time`: P(X(t) = x). */
export const purchaseCountProbability = (model: RepeatPurchaseModel, time: number, purchases: number): number =>
  ask(model, (answers, parameters) => answers.purchaseCountProbability(parameters, duration(time), count(purchases)));

/** Log-likelihood of histories under given parameters, as for comparing published estimates. @throws StatisticsError `TOO_FEW_POINTS` too */
export const logLikelihoodOf = (model: RepeatPurchaseModel, histories: Iterable<CustomerHistory>): number =>
  ask(model, (answers, parameters) => answers.logLikelihood(parameters, tableOf(histories)));

function ask<Result>(
  model: RepeatPurchaseModel,
  question: <Parameters>(answers: Answers<Parameters>, parameters: Parameters) => Result,
): Result {
  return model.model === 'bg-nbd'
    ? question(bgNbdAnswers, positive(model.parameters))
    : question(paretoNbdAnswers, positive(model.parameters));
}
