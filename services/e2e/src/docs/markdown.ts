import { posix } from 'node:path';

/** A fenced block: what stands behind the backticks, and its lines. */
export interface CodeBlock {
  readonly info: string;
  readonly text: string;
}

const FENCE = /^(`{3,})([^\n`]*)\n([\s\S]*?)^\1\s*$/gm;

export const codeBlocks = (markdown: string): CodeBlock[] =>
  [...markdown.matchAll(FENCE)].map(([, , info = '', text = '']) => ({ info: info.trim(), text }));

const withoutBlocks = (markdown: string): string => markdown.replaceAll(FENCE, '');

/** Everything written as code, a line each: what stands in fenced blocks, and between backticks. */
export const codeLines = (markdown: string): string[] => [
  ...codeBlocks(markdown).flatMap(({ text }) => text.split('\n')),
  ...[...withoutBlocks(markdown).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code),
];

/** Targets of links that point into the repository. */
export const relativeLinks = (markdown: string): string[] =>
  [...withoutBlocks(markdown).replaceAll(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target));

/** The anchors that headings get. */
export const anchors = (markdown: string): string[] =>
  [...withoutBlocks(markdown).matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = '']) =>
    heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').trim().replaceAll(/\s/g, '-'));

/** Path from the root, and anchor, of a link in the file at `path`. */
export function resolved(path: string, link: string): { path: string; anchor?: string } {
  const [target = '', anchor] = link.split('#');
  const to = target === '' ? path : posix.join(posix.dirname(path), decodeURIComponent(target));
  return { path: to.replace(/\/$/, ''), ...(anchor !== undefined && { anchor }) };
}

const START = (name: string): string => `<!-- written by a program: ${name} -->`;
const END = '<!-- end -->';

/** Names of the parts of a page that a program writes. */
export const writtenParts = (markdown: string): string[] =>
  [...markdown.matchAll(/<!-- written by a program: (.+?) -->/g)].map(([, name = '']) => name);

export function partOf(markdown: string, name: string): string {
  const from = markdown.indexOf(START(name));
  const to = markdown.indexOf(END, from);
  if (from < 0 || to < 0) throw new Error(`the page has no part ${name} between ${START(name)} and ${END}`);
  return markdown.slice(from + START(name).length, to).trim();
}

export function withPart(markdown: string, name: string, text: string): string {
  const now = partOf(markdown, name);
  const [before, after] = [markdown.slice(0, markdown.indexOf(START(name)) + START(name).length), markdown.slice(markdown.indexOf(START(name)) + START(name).length)];
  const rest = after.slice(after.indexOf(now) + now.length);
  return `${before}\n${text.trim()}\n${rest.trimStart()}`;
}

export const table = (heading: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Cells of the table's rows, without its heading. */
export const rowsOf = (text: string): string[][] =>
  text.split('\n').filter((line) => line.startsWith('|')).slice(2).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
