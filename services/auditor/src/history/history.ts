/** `touchstone history`: everything that ever happened to one thing, as it was recorded, with what was corrected since. */
import { entityOf } from '@touchstone/kernel';
import type { Api } from '../api.js';
import { historyOf } from '../locate.js';
import { asEvents, moment, shortName, textOf, valueText } from '../recorded.js';
import type { SeenEvent } from '../recorded.js';
import { printable, table } from '../terminal.js';

export interface HistoryRow extends SeenEvent {
  /** What the event says that the stream had not said before, one statement each. */
  readonly changes: readonly string[];
}

export interface History {
  readonly service: string;
  readonly stream: string;
  readonly rows: readonly HistoryRow[];
}

export async function readHistory(api: Api, name: string): Promise<History> {
  const { service, stream, history } = await historyOf(api, name);
  const events = asEvents((history as { events?: unknown }).events);
  const told = new Map<string, string>();
  const rows = events.map((event) => ({ ...event, changes: changesOf(event, events, told) }));
  return { service, stream, rows };
}

/** Fields that repeat what the stream has said before are left out; `told` is kept up to date. */
function changesOf(event: SeenEvent, events: readonly SeenEvent[], told: Map<string, string>): string[] {
  const { data, meta, type, stream } = event;
  const changes = correctionIn(data);
  const own = entityOf(stream.replace(/^refusals-/, '')); // the thing's own id stands above the table
  for (const [name, value] of Object.entries(data)) {
    const text = JSON.stringify(value);
    if (told.get(name) === text || value === own || inCorrection(data, name)) continue;
    told.set(name, text);
    changes.push(`${name} ${name === 'values' && type === 'control.MeasurementsRecorded.v1' ? valuesText(event, events) : valueText(value)}`);
  }
  if (meta.reason !== undefined && textOf(data, 'reason') === undefined) changes.push(`reason ${meta.reason}`);
  return changes;
}

const newName = (data: SeenEvent['data']): string | undefined => ['now', 'dueAt'].find((name) => data[name] !== undefined);

/** Of a correction, both values come first: what was recorded, and what holds from now on. */
function correctionIn(data: SeenEvent['data']): string[] {
  const now = newName(data);
  if (data['was'] === undefined || now === undefined) return [];
  const where = now === 'now' ? placeOfValue(data) : now;
  return [`${where}${where && ' '}${valueText(data['was'])} → ${valueText(data[now])}`];
}

const inCorrection = (data: SeenEvent['data'], name: string): boolean =>
  data['was'] !== undefined && newName(data) !== undefined &&
  (name === 'was' || name === newName(data) || (newName(data) === 'now' && ['characteristicId', 'sample', 'index'].includes(name)));

function placeOfValue(data: SeenEvent['data']): string {
  const [characteristic, sample, index] = ['characteristicId', 'sample', 'index'].map((name) => textOf(data, name));
  return [characteristic, sample === undefined ? undefined : `sample ${sample}`, index === undefined ? undefined : `value ${Number(index) + 1}`]
    .filter((part) => part !== undefined).join(' ');
}

/** Measured values as they were recorded; beside a value, where it was corrected later. */
function valuesText({ data, version }: SeenEvent, events: readonly SeenEvent[]): string {
  const values = Array.isArray(data['values']) ? (data['values'] as readonly unknown[]) : [];
  return values
    .map((value, index) => {
      const later = events.filter((other) =>
        other.version > version && other.data['was'] !== undefined && other.data['now'] !== undefined && other.data['index'] === index &&
        other.data['sample'] === data['sample'] && other.data['characteristicId'] === data['characteristicId']);
      return [valueText(value), ...later.map((other) => `(corrected in version ${other.version}: ${valueText(other.data['now'])})`)].join(' ');
    })
    .join(', ');
}

export function historyText({ service, stream, rows }: History, width: number): string {
  const columns = [{ heading: '#', align: 'right' as const }, { heading: 'true from (UTC)' }, { heading: 'known from (UTC)' }, { heading: 'by' }, { heading: 'event' }, { heading: 'says' }];
  const cells = rows.map(({ version, meta, type, changes }) =>
    [String(version), moment(meta.occurredAt), moment(meta.recordedAt), `${meta.actor}${marks(meta.provenance)}`, shortName(type), changes.join('; ')]);
  return `${printable(`${service}/${stream}`)}, ${rows.length} ${rows.length === 1 ? 'event' : 'events'}\n\n${table(columns, cells, width)}`;
}

const marks = (provenance: readonly string[] | undefined): string => (provenance?.length ? ` (${provenance.join(', ')})` : '');
