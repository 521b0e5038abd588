/** An instant: ISO 8601, UTC, milliseconds, e.g. `2026-11-22T08:00:00.000Z`. Such strings sort as they follow in time. */
export type Instant = string;

/** Where the time comes from. Only a host moves time; everything else asks. */
export interface Clock {
  now(): Instant;
  /** True when a host moves this clock by hand: what is recorded under it is marked `simulated` for ever. */
  readonly simulated: boolean;
}

export const systemClock: Clock = { now: () => new Date().toISOString(), simulated: false };

/** A clock that stands until it is moved, and never moves back. */
export class SimulatedClock implements Clock {
  readonly simulated = true;
  constructor(private at: Instant) {}
  now(): Instant {
    return this.at;
  }
  moveTo(instant: Instant): void {
    if (instant < this.at) throw new RangeError(`the clock stands at ${this.at} and cannot go back to ${instant}`);
    this.at = instant;
  }
}

const SHAPE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** `text` as an {@link Instant}; undefined when it is no date, no real one (30 February), or names no zone. */
export function instant(text: string): Instant | undefined {
  if (!SHAPE.test(text)) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) return undefined;
  const day = Number(text.slice(8, 10));
  const inMonth = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
  return day <= inMonth ? new Date(time).toISOString() : undefined;
}

const DAY_MS = 86_400_000;

/** `at` moved by whole days of 24 hours (business calendars are master data, not arithmetic). */
export const plusDays = (at: Instant, days: number): Instant => new Date(Date.parse(at) + days * DAY_MS).toISOString();

/** Days from `from` to `to`, with fraction; negative when `to` lies before. */
export const daysBetween = (from: Instant, to: Instant): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;
