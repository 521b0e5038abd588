import { StatisticsError } from '../statistics-error.js';
import { LARGEST_AQL_IN_PERCENT, aqlIndex, assertLotSize, codeLetter, letterIndex } from './code-letters.js';
import type { CodeLetter, InspectionLevel } from './code-letters.js';
import { masterPlan } from './master-tables.js';
import type { AcceptanceNumbers, MasterPlan, SamplingScheme, Severity } from './master-tables.js';
import { stageNumbers, stageSampleSize } from './stage-tables.js';

export type SamplingType = 'single' | 'double' | 'multiple';

/** What nonconformity is counted in: nonconforming items, or nonconformities of which one item can have several. */
export type Measure = 'percent-nonconforming' | 'nonconformities-per-hundred';

/** One sample of a plan. Acceptance and rejection numbers count everything found since the first sample. */
export interface Stage {
  /** Items to draw for this sample. */
  readonly n: number;
  /** Items drawn up to and including this sample. */
  readonly cumulative: number;
  /** Largest count that accepts the lot here; null where this stage cannot accept. */
  readonly ac: number | null;
  /** Smallest count that rejects the lot here. */
  readonly re: number;
}

/** All that a decision or an operating characteristic needs: any plan, from a standard or made up. */
export interface Stages {
  readonly stages: readonly Stage[];
}

/** Why the plan is of another type than the one asked for. */
export type Substitution =
  /** The table refers to the single plan: acceptance number 0, or a letter too small for several samples. */
  | 'table-refers-to-single'
  /** The table of multiple plans refers to the double plan: a letter too small for that many samples. */
  | 'table-refers-to-double'
  /** The samples together would not fit into the lot. */
  | 'lot-too-small'
  /** ISO 2859-1:1999 has a multiple plan here, but this library has not established its numbers and does not guess. */
  | 'not-established';

export interface SamplingPlan extends Stages {
  readonly scheme: SamplingScheme;
  readonly type: SamplingType;
  readonly requestedType: SamplingType;
  readonly substitution: Substitution | null;
  readonly severity: Severity;
  readonly aql: number;
  readonly measure: Measure;
  /** Items in the lot; null for a plan looked up by code letter, and for a lot without end. */
  readonly lotSize: number | null;
  readonly level: InspectionLevel | null;
  /** Letter of table I. */
  readonly codeLetter: CodeLetter;
  /** Row the plan stands in: another letter where an arrow was followed. */
  readonly planLetter: CodeLetter;
  readonly arrow: 'none' | 'up' | 'down';
  /** Sample size as tabulated; of several samples their sum. */
  readonly n: number;
  /** What is inspected at most: `n`, or the whole lot where `n` reaches its size. */
  readonly effectiveN: number;
  /** The tabulated sample reaches the size of the lot: every item is inspected. */
  readonly fullInspection: boolean;
  /** Acceptance and rejection number of the last stage. */
  readonly ac: number;
  readonly re: number;
  /** Whether two independent transcriptions of the printed table agree on this cell. The others agree with its operating characteristic. */
  readonly confirmed: boolean;
}

export interface PlanRequest {
  readonly scheme: SamplingScheme;
  /** Percent nonconforming or nonconformities per hundred units, one of the AQLs of the tables. */
  readonly aql: number;
  /** Items in the lot, from 2; Infinity for any size. Required unless `codeLetter` is given. */
  readonly lotSize?: number;
  /** Default II. */
  readonly level?: InspectionLevel;
  /** Instead of lot size and level. */
  readonly codeLetter?: CodeLetter;
  /** Default normal. */
  readonly severity?: Severity;
  /** Default single. */
  readonly type?: SamplingType;
  /** Default percent nonconforming up to AQL 10 and nonconformities per hundred units above. */
  readonly measure?: Measure;
}

/**
 * The plan of ANSI/ASQ Z1.4 (tables I, II-A to C, III-A to C and IV-A to C of MIL-STD-105E) or ISO 2859-1:1999 (tables 1 to 4).
 *
 * Arrows are followed to the first plan below or above, which is used with its own sample size. A sample as large as the lot
 * means inspecting all of it. Where a table refers to another type of plan, that one is returned and `substitution` says why.
 * The numbers of reduced z1.4 plans have a gap: what lies between is accepted, but ends reduced inspection (see `judgeLot`).
 *
 * @throws StatisticsError `BAD_OPTION` for a lot, level, letter or AQL outside the tables
 */
export function samplingPlan(request: PlanRequest): SamplingPlan {
  const { scheme, aql, severity = 'normal', type = 'single' } = request;
  assertKnown('scheme', scheme, ['z1.4', 'iso2859-1']);
  assertKnown('severity', severity, ['normal', 'tightened', 'reduced']);
  assertKnown('type', type, ['single', 'double', 'multiple']);
  const letter = letterOf(request);
  const lotSize = request.lotSize === undefined || request.lotSize === Infinity ? null : request.lotSize;
  const single = masterPlan(scheme, severity, letterIndex(letter), aqlIndex(aql));
  const drawn = drawnSamples(scheme, severity, single, type, lotSize);
  const n = drawn.stages[drawn.stages.length - 1]?.cumulative ?? single.n;
  const fullInspection = drawn.type === 'single' && lotSize !== null && n >= lotSize;
  const stages = fullInspection ? [{ n: lotSize, cumulative: lotSize, ac: single.ac, re: single.re }] : drawn.stages;
  const last = stages[stages.length - 1] as Stage;
  return {
    scheme,
    type: drawn.type,
    requestedType: type,
    substitution: drawn.substitution,
    severity,
    aql,
    measure: measureOf(request),
    lotSize,
    level: request.codeLetter === undefined ? (request.level ?? 'II') : null,
    codeLetter: letter,
    planLetter: single.letter,
    arrow: single.arrow,
    n,
    effectiveN: fullInspection ? lotSize : n,
    fullInspection,
    stages,
    ac: last.ac ?? 0,
    re: last.re,
    confirmed: isConfirmed(scheme, severity, drawn.type, single),
  };
}

/**
 * A plan from sample sizes and numbers of one's own: `customPlan([{ n: 50, ac: 1, re: 4 }, { n: 100, ac: 3, re: 4 }])`.
 * @throws StatisticsError `BAD_OPTION` for numbers that cannot come to a decision
 */
export function customPlan(samples: readonly { readonly n: number; readonly ac: number | null; readonly re: number }[]): Stages {
  if (samples.length === 0) throw new StatisticsError('BAD_OPTION', 'a plan needs at least one sample');
  let cumulative = 0;
  const stages = samples.map(({ n, ac, re }, index) => {
    if (!Number.isSafeInteger(n) || n < 1)
      throw new StatisticsError('BAD_OPTION', `sample ${index + 1} has size ${n}; sizes are whole numbers from 1`);
    const numbers = ac === null ? [re] : [ac, re];
    if (!numbers.every((number) => Number.isSafeInteger(number) && number >= 0) || re <= (ac ?? -1)) {
      throw new StatisticsError(
        'BAD_OPTION',
        `sample ${index + 1}: the rejection number must be a whole number above the acceptance number`,
      );
    }
    cumulative += n;
    return { n, cumulative, ac, re };
  });
  const last = stages[stages.length - 1] as Stage;
  if (last.ac === null) throw new StatisticsError('BAD_OPTION', 'the last sample must be able to accept');
  return { stages };
}

interface DrawnSamples {
  readonly type: SamplingType;
  readonly substitution: Substitution | null;
  readonly stages: readonly Stage[];
}

function drawnSamples(
  scheme: SamplingScheme,
  severity: Severity,
  single: MasterPlan,
  type: SamplingType,
  lotSize: number | null,
): DrawnSamples {
  const asSingle = (substitution: Substitution | null): DrawnSamples => ({
    type: 'single',
    substitution,
    stages: [{ n: single.n, cumulative: single.n, ac: single.ac, re: single.re }],
  });
  if (type === 'single') return asSingle(null);
  if (single.ac === 0 && single.re === 1) return asSingle('table-refers-to-single');
  const stages = severalSamples(scheme, severity, single, type);
  if (stages === 'smaller-type' || stages === 'not-established') {
    if (type === 'double') return asSingle(stages === 'smaller-type' ? 'table-refers-to-single' : stages);
    const double = drawnSamples(scheme, severity, single, 'double', lotSize);
    if (stages === 'not-established') return { ...double, substitution: stages };
    return { ...double, substitution: double.substitution ?? 'table-refers-to-double' };
  }
  const total = stages[stages.length - 1]?.cumulative ?? 0;
  if (lotSize !== null && total > lotSize) return asSingle('lot-too-small');
  return { type, substitution: null, stages };
}

function severalSamples(
  scheme: SamplingScheme,
  severity: Severity,
  single: MasterPlan,
  type: 'double' | 'multiple',
): readonly Stage[] | 'smaller-type' | 'not-established' {
  const n = stageSampleSize(type, severity, letterIndex(single.letter));
  if (n === null) return 'smaller-type';
  const numbers = stageNumbers(scheme, type, severity, single);
  if (numbers === null) return 'not-established';
  return numbers.map(({ ac, re }, index) => ({ n, cumulative: n * (index + 1), ac, re }));
}

/** The two transcriptions of table IV-B disagree on the first rejection number at acceptance number 3; tables X have 3 as in IV-A. */
function isConfirmed(scheme: SamplingScheme, severity: Severity, type: SamplingType, single: AcceptanceNumbers): boolean {
  if (type === 'single') return true;
  if (scheme === 'iso2859-1') return false;
  return !(type === 'multiple' && severity === 'tightened' && single.ac === 3);
}

function letterOf(request: PlanRequest): CodeLetter {
  if (request.lotSize !== undefined) assertLotSize(request.lotSize);
  if (request.codeLetter !== undefined) {
    if (letterIndex(request.codeLetter) <= letterIndex('R')) return request.codeLetter;
    throw new StatisticsError('BAD_OPTION', 'letter S is only reached by an arrow from Q or R');
  }
  if (request.lotSize === undefined) throw new StatisticsError('BAD_OPTION', 'a plan needs the size of the lot or a code letter');
  return codeLetter(request.lotSize, request.level ?? 'II');
}

function measureOf({ aql, measure }: PlanRequest): Measure {
  if (measure === undefined) return aql <= LARGEST_AQL_IN_PERCENT ? 'percent-nonconforming' : 'nonconformities-per-hundred';
  assertKnown('measure', measure, ['percent-nonconforming', 'nonconformities-per-hundred']);
  if (measure === 'nonconformities-per-hundred' || aql <= LARGEST_AQL_IN_PERCENT) return measure;
  throw new StatisticsError(
    'BAD_OPTION',
    `AQL ${aql} counts nonconformities per hundred units; percent nonconforming ends at ${LARGEST_AQL_IN_PERCENT}`,
  );
}

function assertKnown(name: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw new StatisticsError('BAD_OPTION', `${name} ${value} is none of ${known.join(', ')}`);
}
