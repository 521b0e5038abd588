import { StatisticsError } from '@touchstone/statistics';

const ISO_DAY = /^(\d{4})-?(\d{2})-?(\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z)?$/;
/** Far beyond any count of days in use (Julian day numbers are at 2.5 million): a calendar day written as a number, 19970131. */
const TOO_LARGE = 10_000_000;
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day: an integer on any scale that counts days, or an ISO 8601 day (`1997-01-31`, `19970131`), or a UTC instant, of which the day counts. */
export type Day = number | string;

/**
 * Days since 1970-01-01 in the proleptic Gregorian calendar, by arithmetic alone: no clock, no time zone.
 * Numbers are taken as day numbers already.
 * @throws StatisticsError `BAD_DATA` for what is no day
 */
export function dayNumberOf(day: Day): number {
  if (typeof day === 'number') {
    if (Number.isInteger(day) && Math.abs(day) < TOO_LARGE) return day;
    throw new StatisticsError(
      'BAD_DATA',
      `${day} is no day number: days are counted in integers, or given as text such as 1997-01-31 or 19970131`,
    );
  }
  const match = ISO_DAY.exec(day);
  if (match === null) throw new StatisticsError('BAD_DATA', `'${day}' is no ISO day such as 1997-01-31`);
  const [year, month, dayOfMonth] = match.slice(1, 4).map(Number);
  if (month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > daysIn(year, month)) {
    throw new StatisticsError('BAD_DATA', `'${day}' is a day no calendar has`);
  }
  const before = LENGTHS.slice(0, month - 1).reduce((sum, length) => sum + length, 0) + (month > 2 && isLeap(year) ? 1 : 0);
  return daysBefore(year) - daysBefore(1970) + before + dayOfMonth - 1;
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const daysIn = (year: number, month: number): number => LENGTHS[month - 1] + (month === 2 && isLeap(year) ? 1 : 0);

/** Days between the first of January of year 1 and of `year`. */
function daysBefore(year: number): number {
  const years = year - 1;
  return years * 365 + Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
}
