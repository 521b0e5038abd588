import { ImportFault, RowProblem } from './import-fault.js';

/** Which instant to take where clocks went back and a local time happened twice. */
export type Overlap = 'refuse' | 'earlier' | 'later';

export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** False for a date alone: it stands for the beginning of that day, whenever the clocks made it begin. */
  readonly hasTime: boolean;
}

const DAY_MS = 86_400_000;
const OFFSET = /^(?:Z|UTC|([+-])(\d{2}):?(\d{2}))$/;

/** Local times of one zone → instants (ms since 1970-01-01 UTC). The zone is an IANA name or a fixed offset such as +01:00. */
export class TimeZone {
  private readonly fixedOffsetMs: number | undefined;
  private readonly format: Intl.DateTimeFormat | undefined;

  constructor(readonly name: string) {
    this.fixedOffsetMs = offsetMsOf(name);
    if (this.fixedOffsetMs !== undefined) return;
    try {
      this.format = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        calendar: 'iso8601',
        numberingSystem: 'latn',
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch {
      throw new ImportFault(
        'MAPPING_INVALID',
        `no time zone ${JSON.stringify(name)} is known; use an IANA name such as Europe/Zurich, or an offset such as +01:00`,
      );
    }
  }

  instantOf(local: LocalTime, overlap: Overlap, column?: string): number {
    const asUtc = utcMsOf(local);
    const candidates = this.instantsOf(asUtc);
    const [earlier, later] = candidates;
    if (earlier === undefined) {
      if (!local.hasTime) return this.firstInstantAfter(asUtc);
      throw new RowProblem(
        'LOCAL_TIME_DOES_NOT_EXIST',
        `${wallClock(asUtc)} does not exist in ${this.name}: clocks were set forward over it`,
        column,
      );
    }
    if (later === undefined || !local.hasTime || overlap === 'earlier') return earlier;
    if (overlap === 'later') return later;
    throw new RowProblem(
      'LOCAL_TIME_AMBIGUOUS',
      `${wallClock(asUtc)} happened twice in ${this.name}; give the offset, or say in the mapping which one is meant`,
      column,
    );
  }

  /** The instants at which the clocks of the zone showed this time, in order: one, or two in an overlap, or none in a gap. */
  private instantsOf(asUtc: number): number[] {
    if (this.fixedOffsetMs !== undefined) return [asUtc - this.fixedOffsetMs];
    const offsets = [this.offsetAt(asUtc - DAY_MS), this.offsetAt(asUtc + DAY_MS)];
    const instants = [...new Set(offsets.map((offset) => asUtc - offset))];
    return instants.filter((instant) => instant + this.offsetAt(instant) === asUtc).sort((a, b) => a - b);
  }

  /** A day whose midnight was skipped begins when the clocks jump: with the offset in force before, midnight is that instant. */
  private firstInstantAfter(asUtc: number): number {
    return asUtc - this.offsetAt(asUtc - DAY_MS);
  }

  private offsetAt(instant: number): number {
    if (!this.format) return 0;
    const wholeSecond = Math.floor(instant / 1000) * 1000;
    const parts = new Map(this.format.formatToParts(wholeSecond).map(({ type, value }) => [type, Number(value)]));
    const at = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second')) - wholeSecond;
  }
}

/** Milliseconds east of UTC, or undefined where `text` is not an offset. */
export function offsetMsOf(text: string): number | undefined {
  const match = OFFSET.exec(text);
  if (!match) return undefined;
  const [, sign, hours = '0', minutes = '0'] = match;
  if (Number(hours) > 18 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

export const utcMsOf = ({ year, month, day, hour, minute, second, millisecond }: LocalTime): number =>
  Date.UTC(year, month - 1, day, hour, minute, second, millisecond);

const wallClock = (asUtc: number): string => new Date(asUtc).toISOString().slice(0, 16).replace('T', ' ');
