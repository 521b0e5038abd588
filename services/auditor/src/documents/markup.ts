/** HTML whose texts cannot be mistaken for markup: everything put into a template is escaped, unless it was made by one. */
export class Markup {
  constructor(readonly html: string) {}
}

export type Content = Markup | string | number | undefined | readonly Content[];

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Also what XML cannot hold, and what turns the direction of writing, is shown as a replacement character. */
const escaped = (text: string): string =>
  text.replace(/[\p{Surrogate}\u202a-\u202e\u2066-\u2069\ufffe\uffff]|(?![\n\t])\p{Cc}/gu, '\ufffd').replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.map((part, index) => part + htmlOf(contents[index])).join(''));
}

function htmlOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.html;
  if (typeof content === 'string' || typeof content === 'number') return escaped(String(content));
  return content.map(htmlOf).join('');
}
