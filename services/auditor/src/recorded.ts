/** Recorded events as the HTTP interface tells them, and how they are named to people. */
import type { EventMeta } from '@touchstone/kernel';

export interface SeenEvent {
  readonly seq: number;
  readonly id: string;
  /** With its service in front where another service's log told it: `control/lot-1`. */
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta: EventMeta;
}

export const asEvents = (answer: unknown): readonly SeenEvent[] => (Array.isArray(answer) ? (answer as readonly SeenEvent[]) : []);

/** `LotRejected` of `control.LotRejected.v1`. */
export const shortName = (type: string): string => type.replace(/^[a-z-]+\./, '').replace(/\.v\d+$/, '');

/** `control/lot-1@3`: where an event stands, whoever's log told of it. */
export const placeOf = (service: string, { stream, version }: Pick<SeenEvent, 'stream' | 'version'>): string =>
  `${stream.includes('/') ? stream : `${service}/${stream}`}@${version}`;

/** `2026-03-01 08:00:00`, of an instant in UTC; the milliseconds are in the JSON. */
export const moment = (instant: string): string => instant.slice(0, 19).replace('T', ' ');

/** A value in one line. Decimals stay as they were written. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((item) => (typeof item === 'object' && item !== null ? `(${valueText(item)})` : valueText(item))).join(', ') || 'none';
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value).map(([name, member]) => `${name} ${typeof member === 'object' && member !== null ? `(${valueText(member)})` : valueText(member)}`).join(', ');
}

export const textOf = (data: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = data[name];
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};
