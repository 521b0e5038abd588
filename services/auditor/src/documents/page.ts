import { hashOf } from '@touchstone/ledger';
import { Markup, markup } from './markup.js';
import type { Content } from './markup.js';
import { moment } from '../recorded.js';
import type { SeenEvent } from '../recorded.js';

// Black on white, told apart by words, lines and weight: it is printed, copied, and read aloud.
const STYLE = `
@page { size: A4; margin: 18mm 16mm; }
* { box-sizing: border-box; }
body { font: 10.5pt/1.45 "Liberation Sans", Arial, Helvetica, sans-serif; color: #000; background: #fff; max-width: 178mm; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 18pt; margin: 0 0 .3rem; }
h2 { font-size: 12.5pt; margin: 1.4rem 0 .5rem; padding-bottom: .15rem; border-bottom: 1.5pt solid #000; break-after: avoid; }
h3 { font-size: 10.5pt; margin: .9rem 0 .3rem; break-after: avoid; }
p { margin: .3rem 0; }
dl { display: grid; grid-template-columns: 11rem 1fr; gap: .15rem .8rem; margin: .3rem 0; }
dt { font-weight: bold; }
dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
article { border: .75pt solid #000; padding: .5rem .7rem; margin: .5rem 0; break-inside: avoid; }
.signature { border-top: .5pt solid #000; margin-top: .5rem; padding-top: .3rem; font-size: 9pt; }
.missing { border: 1pt dashed #000; padding: .4rem .7rem; font-style: italic; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; font-size: 8.5pt; }
caption { text-align: left; font-weight: bold; padding-bottom: .3rem; }
thead { display: table-header-group; }
th, td { border: .5pt solid #000; padding: .25rem .35rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
tr { break-inside: avoid; }
code { font: 8.5pt "Liberation Mono", Consolas, monospace; overflow-wrap: anywhere; }
footer { margin-top: 1.5rem; border-top: 1pt solid #000; padding-top: .4rem; font-size: 9pt; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dt { margin-top: .4rem; } }
`;

/** A whole document: no script, nothing loaded from elsewhere, and the browser is told to allow neither. */
export function page(title: string, body: Content): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.html;
}

export type Field = readonly [label: string, value: Content];

/** Fields without a value are left out. */
export const fieldList = (fields: readonly Field[]): Markup =>
  markup`<dl>${fields.filter(([, value]) => value !== undefined && value !== '').map(([label, value]) => markup`<dt>${label}</dt><dd>${value}</dd>\n`)}</dl>`;

/** `2026-03-01 08:00:00 UTC`, readable by machines too. */
export const time = (instant: string): Markup => markup`<time datetime="${instant}">${moment(instant)} UTC</time>`;

const SHORT_HASH = 12;

/** Beginning of the SHA-256 over the event's body, in hex, as its reader sees it: personal fields count in plain or as their marker. */
export const shortHash = ({ data }: Pick<SeenEvent, 'data'>): string => hashOf(data).slice(0, SHORT_HASH);

/** Known latest: the document says nothing about what was recorded after. */
export const recordedUpTo = (events: readonly SeenEvent[]): string | undefined => events.map(({ meta }) => meta.recordedAt).toSorted().at(-1);
