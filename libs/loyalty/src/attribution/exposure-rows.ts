import { StatisticsError } from '@touchstone/statistics';

/** One account's time under observation. All times in days on one clock. */
export interface AccountHistory {
  readonly account: string;
  /** First delivery: the clock starts when a failure could first reach the account, not when it was acquired or first found bad. */
  readonly startDays: number;
  /** When it churned, or was last known as a customer. */
  readonly endDays: number;
  readonly churned: boolean;
  /** When failures reached it, in any order. */
  readonly exposedAtDays: readonly number[];
}

/** One stretch of an account's time over which its exposure stayed the same: (startDays, stopDays]. */
export interface ExposureRow {
  readonly account: string;
  /** Position of the account in what was given, from 0. */
  readonly index: number;
  readonly startDays: number;
  readonly stopDays: number;
  /** 1 where the account churned at `stopDays`. */
  readonly event: 0 | 1;
  readonly exposed: 0 | 1;
  /** Failures in effect. */
  readonly exposures: number;
}

export interface ExposureRowOptions {
  /** `tenure`: days since each account's start, the default. `calendar`: days as given, accounts entering late. */
  readonly clock?: 'tenure' | 'calendar';
  /** Days from exposure until it can act. Default 0. */
  readonly delayDays?: number;
  /** Days it acts for; default for ever. */
  readonly lastingDays?: number;
}

/**
 * Counting-process rows of accounts whose exposure changes in time.
 *
 * The time before exposure counts as unexposed, also for accounts exposed later: to count it as exposed would make exposed accounts
 * immortal until their exposure (S. Suissa, Immortal time bias in pharmacoepidemiology, American Journal of Epidemiology 167, 2008).
 * A failure at the very moment of churn, or later, did not cause it: rows are open on the left. One before the start acts from the start.
 *
 * @throws StatisticsError `BAD_DATA` for an account that ends before it starts or occurs twice, `NOT_FINITE`, `BAD_OPTION`
 */
export function exposureRows(histories: readonly AccountHistory[], options: ExposureRowOptions = {}): ExposureRow[] {
  const { clock = 'tenure', delayDays = 0, lastingDays = Infinity } = options;
  if (!(delayDays >= 0 && Number.isFinite(delayDays)) || !(lastingDays > 0)) {
    throw new StatisticsError('BAD_OPTION', 'delayDays must not be negative, and lastingDays must be positive');
  }
  const seen = new Set<string>();
  return histories.flatMap((history, index) => {
    if (seen.has(history.account))
      throw new StatisticsError('BAD_DATA', `account ${history.account} occurs twice; give all its exposures in one history`);
    seen.add(history.account);
    return rowsOf(history, index, clock === 'tenure' ? history.startDays : 0, delayDays, lastingDays);
  });
}

function rowsOf(history: AccountHistory, index: number, origin: number, delayDays: number, lastingDays: number): ExposureRow[] {
  const { account, startDays, endDays, churned, exposedAtDays } = history;
  if (![startDays, endDays, ...exposedAtDays].every(Number.isFinite))
    throw new StatisticsError('NOT_FINITE', `account ${account} has a time that is not a finite number`);
  if (endDays <= startDays)
    throw new StatisticsError('BAD_DATA', `account ${account} ends at ${endDays}, not after its start at ${startDays}`);
  const acting = exposedAtDays.map((at) => ({ from: at + delayDays, until: at + delayDays + lastingDays }));
  const cuts = acting.flatMap(({ from, until }) => [from, until]).filter((cut) => cut > startDays && cut < endDays);
  const times = [...new Set([startDays, ...cuts, endDays])].sort((one, other) => one - other);
  const stretches = times.slice(1).map((stop, at) => ({
    start: times[at],
    stop,
    exposures: acting.filter(({ from, until }) => from <= times[at] && until >= stop).length,
  }));
  return merged(stretches).map(({ start, stop, exposures }) => ({
    account,
    index,
    startDays: start - origin,
    stopDays: stop - origin,
    event: churned && stop === endDays ? 1 : 0,
    exposed: exposures > 0 ? 1 : 0,
    exposures,
  }));
}

interface Stretch {
  readonly start: number;
  readonly stop: number;
  readonly exposures: number;
}

/** Neighbours with the same exposure as one stretch: one failure may take effect just as another ends. */
function merged(stretches: readonly Stretch[]): Stretch[] {
  const kept: Stretch[] = [];
  for (const stretch of stretches) {
    const last = kept.at(-1);
    if (last !== undefined && last.exposures === stretch.exposures) kept[kept.length - 1] = { ...last, stop: stretch.stop };
    else kept.push(stretch);
  }
  return kept;
}
