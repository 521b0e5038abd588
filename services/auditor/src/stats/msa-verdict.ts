import type { AttributeAgreement, BiasStudy, DistinctCategories, LinearityStudy, Variation } from '@touchstone/statistics/measurement-systems';

/** Verdicts as in AIAG, Measurement Systems Analysis, 4th ed.: chapter II section D (%GRR, ndc) and chapter III section C (attributes). */
export type Word = 'acceptable' | 'conditionally acceptable' | 'unacceptable';

export interface GageVerdict {
  /** By %GRR of the study variation. */
  readonly ofStudyVariation: Word;
  /** By %GRR of the tolerance; null without one. */
  readonly ofTolerance: Word | null;
  /** By %GRR of the process variation; null without one. */
  readonly ofProcess: Word | null;
  /** Whether five or more groups of parts can be told apart; null when the gage showed no variation. */
  readonly enoughCategories: boolean | null;
}

const [GOOD, BAD, LEAST_CATEGORIES] = [10, 30, 5];

export const wordOf = (percentGrr: number): Word => (percentGrr < GOOD ? 'acceptable' : percentGrr <= BAD ? 'conditionally acceptable' : 'unacceptable');

export function verdictOfGage({ gageRR, ndc }: Variation & DistinctCategories): GageVerdict {
  const of = (percent: number | null): Word | null => (percent === null ? null : wordOf(percent));
  return {
    ofStudyVariation: wordOf(gageRR.percentStudyVariation), ofTolerance: of(gageRR.percentTolerance), ofProcess: of(gageRR.percentProcess),
    enoughCategories: ndc === null ? null : ndc >= LEAST_CATEGORIES,
  };
}

export interface BiasVerdict {
  readonly word: Word;
}

export const biasVerdict = ({ acceptable }: BiasStudy): BiasVerdict => ({ word: acceptable ? 'acceptable' : 'unacceptable' });
export const linearityVerdict = ({ acceptable }: LinearityStudy): BiasVerdict => ({ word: acceptable ? 'acceptable' : 'unacceptable' });

export interface AgreementVerdict {
  /** The worst of effectiveness, miss rate and false alarm rate of each appraiser; null without a standard. */
  readonly appraisers: readonly { readonly appraiser: string; readonly word: Word | null }[];
}

/** Effectiveness 90 % and 80 %, misses 2 % and 5 %, false alarms 5 % and 10 %: acceptable and marginally acceptable. */
const [EFFECTIVE, MARGINAL] = [{ effectiveness: 90, misses: 2, falseAlarms: 5 }, { effectiveness: 80, misses: 5, falseAlarms: 10 }];

export const verdictOfAgreement = ({ appraisers }: AttributeAgreement): AgreementVerdict => ({
  appraisers: appraisers.map(({ appraiser, versusStandard, errors }) => {
    if (versusStandard === null) return { appraiser, word: null };
    const keeps = (limits: typeof EFFECTIVE): boolean =>
      versusStandard.percent >= limits.effectiveness && (errors?.missPercent ?? 0) <= limits.misses && (errors?.falseAlarmPercent ?? 0) <= limits.falseAlarms;
    return { appraiser, word: keeps(EFFECTIVE) ? 'acceptable' : keeps(MARGINAL) ? 'conditionally acceptable' : 'unacceptable' };
  }),
});

/** AIAG: above 0.75 good to excellent agreement, below 0.40 poor. */
export const agreementWord = (kappa: number): string => (kappa > 0.75 ? 'good' : kappa < 0.4 ? 'poor' : 'fair');
