import type { EventMeta } from '@touchstone/kernel';
import type { Lineage, StoredEvent } from '@touchstone/event-store';
import { Unusable } from '../api.js';

/** What of a log is meant: places of it, times at which it was recorded, or one of each. All included. */
export interface Range {
  readonly fromSeq: number;
  readonly toSeq: number;
  /** ISO 8601 in UTC. */
  readonly fromTime?: string;
  readonly toTime?: string;
}

/** `from` and `to` are a seq, a position (`<log id>@<seq>`), a day or an instant in UTC. Throws {@link Unusable}. */
export function rangeOf({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }, lineage: Lineage, settled: number): Range {
  const [first, last] = [from === undefined ? {} : placeOf('--from', from, lineage), to === undefined ? {} : placeOf('--to', to, lineage)];
  const range = {
    fromSeq: first.seq ?? 1, toSeq: Math.min(last.seq ?? settled, settled),
    ...(first.day !== undefined && { fromTime: `${first.day}T00:00:00.000Z` }), ...(first.instant !== undefined && { fromTime: first.instant }),
    ...(last.day !== undefined && { toTime: `${last.day}T23:59:59.999Z` }), ...(last.instant !== undefined && { toTime: last.instant }),
  };
  if ((last.seq !== undefined && range.fromSeq > last.seq) || (range.fromTime ?? '0') > (range.toTime ?? '9')) throw new Unusable('--from is after --to');
  return range;
}

export function recordedWithin({ meta }: StoredEvent, { fromTime = '0', toTime = '9' }: Range): boolean {
  const { recordedAt } = JSON.parse(meta) as EventMeta;
  return recordedAt >= fromTime && recordedAt <= toTime;
}

function placeOf(option: string, text: string, lineage: Lineage): { seq?: number; day?: string; instant?: string } {
  if (/^[1-9]\d{0,14}$/.test(text)) return { seq: Number(text) };
  const [, logId, seq] = /^(.+)@([1-9]\d{0,14})$/.exec(text) ?? [];
  if (logId !== undefined) {
    if (!lineage.some((epoch) => epoch.logId === logId)) throw new Unusable(`${option} is a place in ${logId}, and the log is ${lineage.map((epoch) => epoch.logId).join(', ')}`);
    return { seq: Number(seq) };
  }
  const at = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/.test(text) ? new Date(text) : undefined;
  const instant = at === undefined || Number.isNaN(at.getTime()) ? '' : at.toISOString();
  if (!instant.startsWith(text.slice(0, 10)) || instant === '') throw new Unusable(`${option} must be a seq, a position such as ${lineage.at(-1)?.logId ?? 'control:plant:1'}@4711, a day, or an instant such as 2026-03-02T08:00:00Z`);
  return text.length === 10 ? { day: text } : { instant };
}
