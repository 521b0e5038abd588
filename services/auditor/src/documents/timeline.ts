import { moment, placeOf, shortName, textOf } from '../recorded.js';
import type { TimelineData, TimelineEntry } from './collect-timeline.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { kindOf, kinds, sentenceOf } from './moments.js';
import { fieldList, page, recordedUpTo, shortHash, time } from './page.js';

/** What a customer bought, received and said, and what was answered, in the order in which it happened, as a printable page. */
export function customerTimeline(data: TimelineData): string {
  const { entries, gaps, accountId } = data;
  const registered = entries.find(({ event }) => event.type === 'feedback.AccountRegistered.v1');
  const name = textOf(registered?.event.data ?? {}, 'name') ?? accountId;
  const counts = kinds.map((kind) => [kind, entries.filter(({ event }) => kindOf(event) === kind).length] as const).filter(([, count]) => count > 0);
  return page(`Customer timeline: ${name}`, markup`<header><h1>Customer timeline</h1>
${fieldList([['Customer', name], ['Account', markup`<code>${accountId}</code>`], ['Events', counts.map(([kind, count]) => `${count} ${kind}`).join(', ')]])}</header>
${gaps.map((gap) => markup`<p class="missing">${gap}</p>\n`)}<table>
<caption>In the order in which it happened</caption>
<colgroup><col style="width: 12%"><col style="width: 12%"><col style="width: 11%"><col style="width: 37%"><col style="width: 28%"></colgroup>
<thead><tr><th scope="col">Happened (UTC)</th><th scope="col">Known from (UTC)</th><th scope="col">Kind</th><th scope="col">What</th><th scope="col">Recorded as</th></tr></thead>
<tbody>
${entries.map(row)}</tbody>
</table>
${footer(data)}`);
}

function row({ service, event, hash = shortHash(event) }: TimelineEntry): Markup {
  const { meta, id, type } = event;
  const origin = meta.provenance?.length ? markup`<br>${meta.provenance.join(', ')}` : undefined;
  const reason = meta.reason === undefined ? undefined : ` Reason: ${meta.reason}`;
  return markup`<tr><td>${clock(meta.occurredAt)}</td><td>${clock(meta.recordedAt)}</td><th scope="row">${kindOf(event)}</th><td>${sentenceOf(event)}${reason}</td><td>${shortName(type)} by ${meta.actor}${origin}<br><code>${placeOf(service, event)}</code><br><code>${id}</code><br>SHA-256 <code>${hash}</code></td></tr>
`;
}

const clock = (instant: string): Markup => markup`<time datetime="${instant}">${moment(instant)}</time>`;

function footer({ entries }: TimelineData): Markup {
  const upTo = recordedUpTo(entries.map(({ event }) => event));
  return markup`<footer><p>Written from ${entries.length} recorded events${upTo === undefined ? undefined : markup`, known up to ${time(upTo)}`}. Each can be read and explained by its id or place: touchstone why.
The hash is the beginning of the SHA-256 over the canonical JSON (RFC 8785) of the event's whole body as its reader may see it; of an exposure, other customers are not told here.</p></footer>
`;
}
