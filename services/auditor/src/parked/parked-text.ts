import { labelled, printable, table } from '../terminal.js';
import type { Decision, ParkedEvent, ParkedPage } from './parked.js';

const COUNTS = [{ heading: 'service' }, { heading: 'consumer' }, { heading: 'state' }, { heading: 'events', align: 'right' as const }, { heading: 'streams', align: 'right' as const }, { heading: 'since' }];
const EVENTS = [{ heading: 'service' }, { heading: 'consumer' }, { heading: 'stream' }, { heading: 'event' }, { heading: 'state' }, { heading: 'since' }, { heading: 'why' }];

export function parkedText({ counts, items, next }: ParkedPage, width: number): string {
  if (counts.length === 0 && items.length === 0) return 'Nothing of this kind is parked.\n';
  const counted = table(COUNTS, counts.map(({ service, consumer, state, count, streams, oldest }) => [service, consumer, state, String(count), String(streams), oldest]), width);
  const listed = table(EVENTS, items.map(({ service, consumer, stream, eventId, state, firstSeen, error, decidedBy, decidedAt, reason }) =>
    [service, consumer, stream, eventId, state, decidedAt ?? firstSeen, decidedBy === null ? error : `${decidedBy}: ${reason ?? ''}`]), width);
  return `${counted}\n${listed}${next === undefined ? '' : `\nMore: --cursor ${next}\n`}`;
}

export const parkedEventText = (events: readonly ParkedEvent[], width: number): string => events.map((event) => one(event, width)).join('\n');

function one({ service, consumer, stream, eventId, position, event, error, attempts, firstSeen, state, decidedBy, decidedAt, reason }: ParkedEvent, width: number): string {
  const lines: [string, string][] = [
    ['event', eventId], ['consumer', `${service} ${consumer}`], ['stream', `${stream} (at ${position})`], ['state', state], ['since', firstSeen], ['attempts', String(attempts)], ['error', error],
    ...(decidedBy === null ? [] : [['decided by', decidedBy], ['decided at', decidedAt ?? ''], ['because', reason ?? '']] as [string, string][]), ['as received', event],
  ];
  return `${lines.map(([label, text]) => labelled(label, text, width)).join('\n')}\n`;
}

export function decisionText({ service, consumer, stream, decision, dryRun, eventIds, failed, left }: Decision): string {
  const number = `${eventIds.length} ${eventIds.length === 1 ? 'event' : 'events'} of ${stream}`;
  const done = dryRun ? `would be ${decision}` : eventIds.length === 1 ? `was ${decision}` : `were ${decision}`;
  const stopped = failed ? `\n${dryRun ? 'It would stop' : 'It stopped'} at ${failed.eventId}: ${failed.error}` : '';
  const rest = left > 0 ? `\n${left} of the stream ${dryRun ? 'would wait' : 'wait'} still.` : dryRun ? '\nThe stream would flow again.' : '\nThe stream flows again.';
  return `${printable(`${number} ${done} for ${consumer} in ${service}.`)}${stopped === '' ? '' : `\n${printable(stopped.slice(1))}`}${rest}\n`;
}
