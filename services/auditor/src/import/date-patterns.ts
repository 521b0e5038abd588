import { shown } from './cell-values.js';
import { ImportFault, RowProblem } from './import-fault.js';
import { offsetMsOf, TimeZone, utcMsOf, type LocalTime, type Overlap } from './time-zones.js';

/** Letters of a pattern (those of Unicode TR 35) → what they match. Everything else in a pattern stands for itself. */
const FIELDS: Readonly<Record<string, string>> = {
  yyyy: '(?<year>\\d{4})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  dd: '(?<day>\\d{2})',
  d: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
  SSS: '(?<millisecond>\\d{3})',
  XXX: '(?<offset>Z|[+-]\\d{2}:?\\d{2})',
};

/** ISO 8601 in its extended form: a date, or a date and a time, with or without an offset. */
const ISO =
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:[T ](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<millisecond>\d{1,9}))?)?(?<offset>Z|[+-]\d{2}:?\d{2})?)?$/;

/** The most local times whose instants are kept; a purchase file names few days many times. */
const KEPT = 10_000;

export interface DateReading {
  readonly pattern?: string;
  readonly timeZone?: string;
  readonly overlap: Overlap;
  /** JSON Pointer into the mapping, for faults of the pattern itself. */
  readonly pointer: string;
}

/** Text → ISO 8601 in UTC. A date without offset needs a time zone: none is assumed. */
export function dateReader({ pattern, timeZone, overlap, pointer }: DateReading): (text: string, column: string | undefined) => string {
  const shape = pattern === undefined ? ISO : compiledPattern(pattern, pointer);
  if (pattern !== undefined && !pattern.includes('XXX') && timeZone === undefined) {
    throw new ImportFault(
      'DATE_WITHOUT_ZONE',
      `dates written ${shown(pattern)} carry no zone; say with timeZone which one they mean`,
      undefined,
      pointer,
    );
  }
  const zone = timeZone === undefined ? undefined : new TimeZone(timeZone);
  const kept = new Map<string, string>();
  return (text, column) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const instant = new Date(instantOf(text.trim(), shape, zone, overlap, column)).toISOString();
    if (kept.size >= KEPT) kept.clear();
    kept.set(text, instant);
    return instant;
  };
}

function compiledPattern(pattern: string, pointer: string): RegExp {
  const seen: string[] = [];
  const source = pattern.replace(/([A-Za-z])\1*|[^A-Za-z]+/g, (run) => {
    if (!/[A-Za-z]/.test(run)) return escaped(run);
    if (run === 'T') return 'T';
    const field = FIELDS[run];
    if (field === undefined)
      throw new ImportFault(
        'MAPPING_INVALID',
        `${shown(run)} is no field of a date pattern; known: ${Object.keys(FIELDS).join(' ')}`,
        undefined,
        pointer,
      );
    seen.push(run.charAt(0));
    return field;
  });
  if (new Set(seen).size !== seen.length || !['y', 'M', 'd'].every((field) => seen.includes(field))) {
    throw new ImportFault('MAPPING_INVALID', 'a date pattern names year, month and day, and no field twice', undefined, pointer);
  }
  return new RegExp(`^${source}$`);
}

const escaped = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

function instantOf(text: string, shape: RegExp, zone: TimeZone | undefined, overlap: Overlap, column: string | undefined): number {
  const fields = shape.exec(text)?.groups;
  if (!fields) throw new RowProblem('INVALID_DATE', `${shown(text)} is not a date of the expected form`, column);
  const number = (name: string): number => Number(fields[name] ?? '0');
  const local: LocalTime = {
    year: number('year'),
    month: number('month'),
    day: number('day'),
    hour: number('hour'),
    minute: number('minute'),
    second: number('second'),
    millisecond: Number((fields['millisecond'] ?? '0').padEnd(3, '0').slice(0, 3)),
    hasTime: fields['hour'] !== undefined,
  };
  if (!isReal(local)) throw new RowProblem('INVALID_DATE', `${shown(text)} is not in the calendar`, column);
  if (fields['offset'] !== undefined) return utcMsOf(local) - offsetOf(fields['offset'], text, column);
  if (!zone) throw new RowProblem('DATE_WITHOUT_ZONE', `${shown(text)} carries no zone and the mapping names none`, column);
  return zone.instantOf(local, overlap, column);
}

function offsetOf(offset: string, text: string, column: string | undefined): number {
  const offsetMs = offsetMsOf(offset);
  if (offsetMs === undefined) throw new RowProblem('INVALID_DATE', `${shown(text)} has an impossible offset`, column);
  return offsetMs;
}

function isReal(local: LocalTime): boolean {
  if (local.year < 1800 || local.hour > 23 || local.minute > 59 || local.second > 59) return false;
  const date = new Date(utcMsOf(local));
  return date.getUTCMonth() === local.month - 1 && date.getUTCDate() === local.day;
}
