// What customers say: net promoter, satisfaction and effort scores with intervals, and complaints sorted by their words.
// Guards: an answer off its scale is refused by its row, a small sample says that it is one, a category is the sum of its
// words' contributions to the last bit, and the same texts give the same model on every machine.
export { MINIMUM_ANSWERS } from './answers.js';
export type { Answers, Reliability, Scale } from './answers.js';
export { effort, effortDifference } from './effort.js';
export type { Effort, EffortDifference, EffortOptions } from './effort.js';
export { netPromoterScore, netPromoterScoreOf, npsDifference } from './net-promoter.js';
export type { NetPromoterScore, NpsCounts, NpsInterval, NpsOptions, PeriodDifference } from './net-promoter.js';
export type { Bounds, ShareMethod } from './proportions.js';
export { satisfaction, satisfactionDifference } from './satisfaction.js';
export type { Satisfaction, SatisfactionOptions } from './satisfaction.js';
export { learnVocabulary, weighTexts } from './tf-idf.js';
export type { TfIdfOptions, Vocabulary, WeightedText } from './tf-idf.js';
export { tokensOf } from './tokens.js';
export type { TokenOptions } from './tokens.js';
export { trainTriage, triage, triageAll } from './triage.js';
export type { CategoryScore, TriageDecision, TriageModel, TriageOptions, WordContribution } from './triage.js';
export { crossValidateTriage, triageAccuracy } from './triage-validation.js';
export type { CategoryAccuracy, TriageAccuracy } from './triage-validation.js';
