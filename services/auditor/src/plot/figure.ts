// Charts as SVG: what a quality engineer prints. Text stays text, so it can be selected and searched; colours are those of
// Okabe and Ito, and no meaning hangs on colour alone (marks differ in shape, lines in their dashes), so they are read in grey too.
import { scaleOver } from './scale.js';
import type { Scale } from './scale.js';

export const ink = { black: '#000000', grey: '#6e6e6e', blue: '#0072b2', vermillion: '#d55e00', green: '#009e73', purple: '#aa4499' } as const;
export type Ink = keyof typeof ink;

export type Mark =
  | { readonly kind: 'line' | 'steps'; readonly x: readonly number[]; readonly y: readonly (number | null)[]; readonly ink?: Ink; readonly dashes?: boolean; readonly thin?: boolean; /** At the right edge, where the line ends. */ readonly label?: string }
  | { readonly kind: 'points'; readonly x: readonly number[]; readonly y: readonly (number | null)[]; readonly ink?: Ink; readonly shape?: 'dot' | 'square' | 'cross' | 'ring'; readonly labels?: readonly string[] }
  | { readonly kind: 'bars'; readonly x: readonly (readonly [from: number, to: number])[]; readonly y: readonly number[]; readonly ink?: Ink }
  | { readonly kind: 'band'; readonly x: readonly number[]; readonly low: readonly number[]; readonly high: readonly number[]; readonly ink?: Ink; readonly steps?: boolean }
  | { readonly kind: 'level' | 'upright'; readonly at: number; readonly label?: string; readonly ink?: Ink; readonly dashes?: boolean }
  | { readonly kind: 'span'; readonly y: number; readonly low: number; readonly high: number; readonly ink?: Ink };

export interface Panel {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly marks: readonly Mark[];
  readonly x?: { readonly low?: number; readonly high?: number };
  readonly y?: { readonly low?: number; readonly high?: number };
  /** Words instead of numbers along an axis, at its values 1, 2, 3, … */
  readonly xNames?: readonly string[];
  readonly yNames?: readonly string[];
  /** What the marks mean, below the panel. */
  readonly legend?: readonly { readonly text: string; readonly ink: Ink; readonly dashes?: boolean }[];
  readonly height?: number;
}

export interface Figure {
  readonly title: string;
  /** Lines below the title: what was computed, and from what. */
  readonly notes?: readonly string[];
  readonly panels: readonly Panel[];
}

const [WIDTH, LEFT, RIGHT, PANEL_HEIGHT, AXIS_HEIGHT] = [800, 76, 92, 240, 52];
const LETTER = 6.2;

export const escaped = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029\ufffe\uffff]/gu, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The figure as one SVG document: no script, no font, no address but SVG's own. */
export function svgOf({ title, notes = [], panels }: Figure): string {
  const heading = [words(16, 26, title, { size: 16, bold: true }), ...notes.map((note, index) => words(16, 46 + index * 16, note, { fill: ink.grey }))];
  let top = 40 + notes.length * 16;
  const drawn = panels.map((panel) => {
    const text = panelSvg(panel, top);
    top += (panel.height ?? PANEL_HEIGHT) + AXIS_HEIGHT + (panel.legend ? 18 : 0);
    return text;
  });
  const height = top + 4;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="Helvetica, Arial, sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`, `<desc>${escaped(notes.join('. '))}</desc>`, `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...heading, ...drawn, '</svg>', '',
  ].join('\n');
}

interface Frame {
  readonly x: Scale;
  readonly y: Scale;
  readonly top: number;
  readonly bottom: number;
  readonly right: number;
}

function panelSvg(panel: Panel, offset: number): string {
  const [top, bottom, right] = [offset + 10, offset + (panel.height ?? PANEL_HEIGHT), WIDTH - RIGHT];
  const x = scaleOver(panel.marks.flatMap(xValues), [LEFT, right], panel.xNames ? { low: 0.5, high: panel.xNames.length + 0.5 } : panel.x);
  const y = scaleOver(panel.marks.flatMap(yValues), [bottom, top], panel.yNames ? { low: 0.5, high: panel.yNames.length + 0.5 } : panel.y);
  const frame: Frame = { x, y, top, bottom, right };
  return ['<g>', ...axes(panel, frame), ...panel.marks.map((mark) => markSvg(mark, frame)), ...endLabels(panel, frame), ...uprightLabels(panel, frame), ...legendOf(panel, bottom + AXIS_HEIGHT + 4), '</g>'].join('\n');
}

const numbersIn = (values: readonly (number | null)[]): number[] => values.filter((value): value is number => value !== null && Number.isFinite(value));

function xValues(mark: Mark): number[] {
  switch (mark.kind) {
    case 'bars': return mark.x.flat();
    case 'level': return [];
    case 'upright': return [mark.at];
    case 'span': return [mark.low, mark.high];
    default: return [...mark.x];
  }
}

function yValues(mark: Mark): number[] {
  switch (mark.kind) {
    case 'band': return numbersIn([...mark.low, ...mark.high]);
    case 'level': return [mark.at];
    case 'upright': return [];
    case 'span': return [mark.y];
    case 'bars': return [0, ...mark.y];
    default: return numbersIn(mark.y);
  }
}

function axes(panel: Panel, { x, y, top, bottom, right }: Frame): string[] {
  const named = (names: readonly string[] | undefined, scale: Scale) => names?.map((text, index) => ({ value: index + 1, text })) ?? scale.ticks;
  const across = named(panel.xNames, x);
  const every = Math.max(1, Math.ceil((across.length * (Math.max(...across.map(({ text }) => text.length)) * LETTER + 8)) / (right - LEFT)));
  return [
    `<rect x="${LEFT}" y="${top}" width="${right - LEFT}" height="${round(bottom - top)}" fill="none" stroke="${ink.grey}"/>`,
    ...across.filter((_, index) => index % every === 0).map(({ value, text }) => {
      const at = round(x.at(value));
      return `<path d="M${at} ${bottom}v5" stroke="${ink.grey}"/>${words(at, bottom + 18, text, { anchor: 'middle' })}`;
    }),
    ...named(panel.yNames, y).map(({ value, text }) => {
      const at = round(y.at(value));
      return `<path d="M${LEFT} ${at}h-5" stroke="${ink.grey}"/>${words(LEFT - 8, at + 4, shortened(text, LEFT - 10), { anchor: 'end' })}`;
    }),
    words((LEFT + right) / 2, bottom + 36, panel.xLabel, { anchor: 'middle' }),
    `<text transform="translate(14 ${round((top + bottom) / 2)}) rotate(-90)" text-anchor="middle">${escaped(panel.yLabel)}</text>`,
  ];
}

const shortened = (text: string, width: number): string => (text.length * LETTER <= width ? text : `${text.slice(0, Math.max(1, Math.floor(width / LETTER) - 1))}…`);

function markSvg(mark: Mark, { x, y, top, bottom, right }: Frame): string {
  const colour = ink[mark.ink ?? 'black'];
  switch (mark.kind) {
    case 'line': case 'steps':
      return `<path d="${pathOf(mark.x, mark.y, x, y, mark.kind === 'steps')}" fill="none" stroke="${colour}" stroke-width="${mark.thin ? 0.8 : 1.5}"${mark.dashes ? ' stroke-dasharray="6 4"' : ''}/>`;
    case 'points':
      return mark.y.map((value, index) => (value === null ? '' : pointSvg(x.at(mark.x[index]), y.at(value), mark.shape ?? 'dot', colour, mark.labels?.[index] ?? '', top))).join('');
    case 'bars':
      return mark.x.map(([from, to], index) => {
        const [left, level] = [x.at(from), y.at(mark.y[index])];
        return `<rect x="${round(left)}" y="${round(Math.min(level, y.at(0)))}" width="${round(x.at(to) - left)}" height="${round(Math.abs(y.at(0) - level))}" fill="${colour}" fill-opacity="0.35" stroke="${colour}"/>`;
      }).join('');
    case 'band': {
      const there = pathOf(mark.x, mark.high, x, y, mark.steps);
      const back = pathOf(mark.x, mark.low, x, y, mark.steps, true).replace(/^M/, 'L');
      return there === '' ? '' : `<path d="${there}${back}Z" fill="${colour}" fill-opacity="0.15" stroke="none"/>`;
    }
    case 'level': return `<path d="M${LEFT} ${round(y.at(mark.at))}H${right}" stroke="${colour}"${mark.dashes ? ' stroke-dasharray="6 4"' : ''}/>`;
    case 'upright': return `<path d="M${round(x.at(mark.at))} ${bottom}V${top}" stroke="${colour}"${mark.dashes ? ' stroke-dasharray="6 4"' : ''}/>`;
    case 'span': return `<path d="M${round(x.at(mark.low))} ${round(y.at(mark.y))}H${round(x.at(mark.high))}" stroke="${colour}" stroke-width="1.5"/>`;
  }
}

/** A line through the points, broken where one is missing. */
function pathOf(xs: readonly number[], ys: readonly (number | null)[], x: Scale, y: Scale, steps = false, backwards = false): string {
  const order = backwards ? xs.map((_, index) => xs.length - 1 - index) : xs.keys();
  let path = '';
  let before: number | undefined;
  for (const index of order) {
    const value = ys[index];
    if (value === null || !Number.isFinite(value)) {
      before = undefined;
      continue;
    }
    const [across, down] = [round(x.at(xs[index])), round(y.at(value))];
    if (before === undefined) path += `M${across} ${down}`;
    else if (!steps) path += `L${across} ${down}`;
    else path += backwards ? `V${down}H${across}` : `H${across}V${down}`;
    before = down;
  }
  return path;
}

function pointSvg(x: number, y: number, shape: 'dot' | 'square' | 'cross' | 'ring', colour: string, label: string, top: number): string {
  const [across, down] = [round(x), round(y)];
  const mark = {
    dot: `<circle cx="${across}" cy="${down}" r="2.6" fill="${colour}"/>`,
    ring: `<circle cx="${across}" cy="${down}" r="3" fill="#ffffff" stroke="${colour}"/>`,
    square: `<rect x="${round(x - 4)}" y="${round(y - 4)}" width="8" height="8" fill="${colour}"/>`,
    cross: `<path d="M${round(x - 4)} ${round(y - 4)}l8 8m0 -8l-8 8" stroke="${colour}" stroke-width="1.6"/>`,
  }[shape];
  return label === '' ? mark : `${mark}${words(x, y - 8 < top + 10 ? y + 18 : y - 8, label, { anchor: 'middle', fill: colour })}`;
}

/** Labels of levels and of lines at the right edge, moved apart where they would cover each other. */
function endLabels({ marks }: Panel, { y, right }: Frame): string[] {
  const labels = marks.flatMap((mark) => {
    if (!('label' in mark) || mark.label === undefined || mark.kind === 'upright') return [];
    const end = 'at' in mark ? mark.at : mark.y.findLast((value) => value !== null);
    return typeof end === 'number' ? [{ at: y.at(end) + 4, text: mark.label, fill: ink[mark.ink ?? 'black'] }] : [];
  });
  labels.sort((a, b) => a.at - b.at);
  let lowest = -Infinity;
  return labels.map(({ at, text, fill }) => {
    lowest = Math.max(at, lowest + 13);
    return words(right + 4, lowest, text, { fill });
  });
}

/** Labels of uprights at their top: on the side where there is room, and one line lower where they would cover another. */
function uprightLabels({ marks }: Panel, { x, top, right }: Frame): string[] {
  const taken: { from: number; to: number; row: number }[] = [];
  return marks.flatMap((mark) => {
    if (mark.kind !== 'upright' || mark.label === undefined) return [];
    const width = mark.label.length * LETTER;
    const at = x.at(mark.at);
    const onLeft = at + 3 + width > right;
    const [from, to] = onLeft ? [at - 3 - width, at - 3] : [at + 3, at + 3 + width];
    let row = 0;
    while (taken.some((other) => other.row === row && other.from < to && from < other.to)) row += 1;
    taken.push({ from, to, row });
    return [words(onLeft ? to : from, top + 12 + 13 * row, mark.label, { fill: ink[mark.ink ?? 'black'], ...(onLeft && { anchor: 'end' }) })];
  });
}

function legendOf({ legend = [] }: Panel, down: number): string[] {
  let across = LEFT;
  return legend.map(({ text, ink: colour, dashes }) => {
    const line = `<path d="M${round(across)} ${down - 4}h22" stroke="${ink[colour]}" stroke-width="2"${dashes ? ' stroke-dasharray="6 4"' : ''}/>${words(across + 27, down, text)}`;
    across += 45 + text.length * LETTER;
    return line;
  });
}

function words(x: number, y: number, text: string, { anchor, fill, size, bold }: { anchor?: string; fill?: string; size?: number; bold?: boolean } = {}): string {
  const looks = `${anchor ? ` text-anchor="${anchor}"` : ''}${fill ? ` fill="${fill}"` : ''}${size ? ` font-size="${size}"` : ''}${bold ? ' font-weight="bold"' : ''}`;
  return `<text x="${round(x)}" y="${round(y)}"${looks}>${escaped(text)}</text>`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
