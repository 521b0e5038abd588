import { clopperPearsonInterval } from '../inference/proportions.js';
import { StatisticsError } from '../statistics-error.js';
import { cohenKappa, fleissKappa, orderedCategories } from './kappa.js';
import type { CohenKappa, FleissKappa } from './kappa.js';
import { assertColumns, namesOf, times } from './study-layout.js';
import type { Name } from './study-layout.js';
import { levelOf } from './variation.js';

/** Columns of equal length, one row a judgement; the trials of an appraiser on an item in the order of the rows. */
export interface AttributeStudy {
  readonly items: readonly Name[];
  readonly appraisers: readonly Name[];
  readonly ratings: readonly Name[];
  /** The right rating of the item of each row, where it is known. */
  readonly standards?: readonly Name[];
}

export interface AttributeOptions {
  /** Of several categories the one that passes: misses and false alarms are counted from it. Everything else is a reject. */
  readonly acceptable?: Name;
  /** The categories in their order. Default: as numbers where all are, otherwise alphabetical by code point. */
  readonly categories?: readonly Name[];
  /** Default 0.95. */
  readonly level?: number;
}

/** A share of items with its exact interval (C. J. Clopper, E. S. Pearson, Biometrika 26, 1934). */
export interface Share {
  readonly matched: number;
  readonly n: number;
  readonly percent: number;
  readonly lowerPercent: number;
  readonly upperPercent: number;
}

/** Judgements, not items. A rate is null where nothing could have been missed or alarmed about. */
export interface DecisionErrors {
  /** Rejects that were accepted, of all judgements of rejects. */
  readonly misses: number;
  readonly missOpportunities: number;
  readonly missPercent: number | null;
  /** Acceptable items that were rejected, of all judgements of acceptable items. */
  readonly falseAlarms: number;
  readonly falseAlarmOpportunities: number;
  readonly falseAlarmPercent: number | null;
}

export interface AppraiserAgreement {
  readonly appraiser: string;
  /** Items on which all own trials agree; null for a single trial. Kappa is null as well where only one category was used. */
  readonly within: Share | null;
  readonly withinKappa: FleissKappa | null;
  /** Items on which all trials agree with the standard: the effectiveness. Null without standards. */
  readonly versusStandard: Share | null;
  /** Of all judgements against the standard. */
  readonly standardKappa: CohenKappa | null;
  /** Items judged wrong in every trial alike, and items judged both ways. */
  readonly consistentlyWrong: number | null;
  readonly mixed: number;
  /** Null without standards or `acceptable`. */
  readonly errors: DecisionErrors | null;
}

export interface AttributeAgreement {
  readonly items: number;
  readonly trials: number;
  readonly categories: readonly string[];
  readonly appraisers: readonly AppraiserAgreement[];
  /** Cohen's kappa of each pair of appraisers, trial by trial; null where only one category was used. */
  readonly pairs: readonly { readonly first: string; readonly second: string; readonly kappa: CohenKappa | null }[];
  /** Items on which all trials of all appraisers agree; null for one appraiser. */
  readonly between: Share | null;
  readonly betweenKappa: FleissKappa | null;
  /** Items on which all of them agree with the standard. */
  readonly allVersusStandard: Share | null;
  readonly level: number;
}

interface Sheet {
  readonly items: readonly string[];
  readonly appraisers: readonly string[];
  readonly trials: number;
  /** `ratings[appraiser][item]` in the order of the trials. */
  readonly ratings: readonly (readonly (readonly string[])[])[];
  readonly standards: readonly string[] | null;
}

/**
 * How far appraisers agree with themselves, with each other and with the standard.
 * Source: AIAG, Measurement Systems Analysis, 4th ed., chapter III section C: kappa from the cross tables, effectiveness, miss
 * rate and false alarm rate.
 *
 * @throws StatisticsError `BAD_DATA` naming the item and appraiser with a trial too few, two standards for one item, or an unknown category; `TOO_FEW_POINTS`, `BAD_OPTION`
 */
export function attributeAgreement(study: AttributeStudy, options: AttributeOptions = {}): AttributeAgreement {
  const level = levelOf(options.level);
  const sheet = sheetOf(study);
  const categories = orderedCategories([...study.ratings, ...(study.standards ?? [])], options.categories);
  const acceptable = options.acceptable === undefined ? null : String(options.acceptable);
  if (acceptable !== null && !categories.includes(acceptable))
    throw new StatisticsError('BAD_OPTION', `${acceptable} is not one of the categories ${categories.join(', ')}`);
  const { standards } = sheet;
  const share = (holds: (item: number) => boolean): Share =>
    shareOf(sheet.items.filter((_, item) => holds(item)).length, sheet.items.length, level);
  const all = sheet.items.map((_, item) => sheet.ratings.flatMap((rows) => rows[item]));
  const several = sheet.appraisers.length > 1;
  return {
    items: sheet.items.length,
    trials: sheet.trials,
    categories,
    appraisers: sheet.appraisers.map((appraiser, a) =>
      ofAppraiser(appraiser, sheet.ratings[a], { sheet, categories, acceptable, level, share }),
    ),
    pairs: sheet.appraisers.flatMap((first, a) =>
      sheet.appraisers.slice(a + 1).map((second, later) => ({
        first,
        second,
        kappa: pairKappa(sheet.ratings[a].flat(), sheet.ratings[a + 1 + later].flat(), categories, level),
      })),
    ),
    between: several ? share((item) => isUnanimous(all[item])) : null,
    betweenKappa: several ? manyKappa(all, categories) : null,
    allVersusStandard: standards === null ? null : share((item) => all[item].every((rating) => rating === standards[item])),
    level,
  };
}

interface Context {
  readonly sheet: Sheet;
  readonly categories: readonly string[];
  readonly acceptable: string | null;
  readonly level: number;
  readonly share: (holds: (item: number) => boolean) => Share;
}

function ofAppraiser(
  appraiser: string,
  ratings: Sheet['ratings'][number],
  { sheet, categories, acceptable, level, share }: Context,
): AppraiserAgreement {
  const { standards, trials } = sheet;
  const expected = standards === null ? null : ratings.flatMap((row, item) => row.map(() => standards[item]));
  const wrong = (item: number): boolean => standards !== null && isUnanimous(ratings[item]) && ratings[item][0] !== standards[item];
  return {
    appraiser,
    within: trials > 1 ? share((item) => isUnanimous(ratings[item])) : null,
    withinKappa: trials > 1 ? manyKappa(ratings, categories) : null,
    versusStandard: standards === null ? null : share((item) => ratings[item].every((rating) => rating === standards[item])),
    standardKappa: expected === null ? null : pairKappa(ratings.flat(), expected, categories, level),
    consistentlyWrong: standards === null ? null : ratings.filter((_, item) => wrong(item)).length,
    mixed: ratings.filter((row) => !isUnanimous(row)).length,
    errors: expected === null || acceptable === null ? null : errorsOf(ratings.flat(), expected, acceptable),
  };
}

function errorsOf(ratings: readonly string[], standards: readonly string[], acceptable: string): DecisionErrors {
  const rejects = ratings.filter((_, row) => standards[row] !== acceptable);
  const accepts = ratings.filter((_, row) => standards[row] === acceptable);
  const misses = rejects.filter((rating) => rating === acceptable).length;
  const falseAlarms = accepts.filter((rating) => rating !== acceptable).length;
  return {
    misses,
    missOpportunities: rejects.length,
    missPercent: rejects.length === 0 ? null : (100 * misses) / rejects.length,
    falseAlarms,
    falseAlarmOpportunities: accepts.length,
    falseAlarmPercent: accepts.length === 0 ? null : (100 * falseAlarms) / accepts.length,
  };
}

/** Exact interval of a share in percent. */
export function shareOf(matched: number, n: number, level: number): Share {
  const tail = (1 - level) / 2;
  const { lower, upper } = clopperPearsonInterval(matched, n, { below: tail, above: tail });
  return { matched, n, percent: (100 * matched) / n, lowerPercent: 100 * lower, upperPercent: 100 * upper };
}

const isUnanimous = (ratings: readonly string[]): boolean => ratings.every((rating) => rating === ratings[0]);

function pairKappa(first: readonly string[], second: readonly string[], categories: readonly string[], level: number): CohenKappa | null {
  return isUnanimous([...first, ...second]) ? null : cohenKappa(first, second, { categories, level });
}

function manyKappa(ratings: readonly (readonly string[])[], categories: readonly string[]): FleissKappa | null {
  return isUnanimous(ratings.flat()) ? null : fleissKappa(ratings, { categories });
}

function sheetOf(study: AttributeStudy): Sheet {
  const { standards } = study;
  const columns = { items: study.items, appraisers: study.appraisers, ratings: study.ratings };
  assertColumns(standards === undefined ? columns : { ...columns, standards });
  const items = namesOf(study.items);
  const appraisers = namesOf(study.appraisers);
  const itemAt = new Map(items.map((item, at) => [item, at]));
  const appraiserAt = new Map(appraisers.map((appraiser, at) => [appraiser, at]));
  const ratings = appraisers.map(() => items.map((): string[] => []));
  for (const [row, rating] of study.ratings.entries()) {
    const item = itemAt.get(String(study.items[row])) ?? 0;
    ratings[appraiserAt.get(String(study.appraisers[row])) ?? 0][item].push(String(rating));
  }
  const trials = Math.max(...ratings.flat().map((cell) => cell.length));
  for (const [a, rows] of ratings.entries()) {
    const item = rows.findIndex((cell) => cell.length !== trials);
    if (item < 0) continue;
    throw new StatisticsError(
      'BAD_DATA',
      `appraiser ${appraisers[a]} judged item ${items[item]} ${times(rows[item].length)}, others ${times(trials)}; every item needs as many trials by everybody`,
    );
  }
  return { items, appraisers, trials, ratings, standards: standards === undefined ? null : standardsOf(study.items, standards, items) };
}

function standardsOf(column: readonly Name[], standards: readonly Name[], items: readonly string[]): string[] {
  const known = new Map<string, string>();
  for (const [row, standard] of standards.entries()) {
    const item = String(column[row]);
    const before = known.get(item);
    if (before !== undefined && before !== String(standard))
      throw new StatisticsError('BAD_DATA', `item ${item} has two standards, ${before} and ${standard}`);
    known.set(item, String(standard));
  }
  return items.map((item) => known.get(item) ?? '');
}
