import { readFileSync } from 'node:fs';

type Column = readonly (string | number | boolean | null)[];

/** A data set of the loyalty library's own specs. */
export const fixture = (name: string): Record<string, never> => JSON.parse(readFileSync(new URL(`../../../../libs/loyalty/src/fixtures/${name}.json`, import.meta.url), 'utf8')) as Record<string, never>;

/** Columns as a file with a header. */
export function csv(columns: Readonly<Record<string, Column>>): string {
  const names = Object.keys(columns);
  const rows = (columns[names[0] ?? ''] ?? []).map((_, row) => names.map((name) => String(columns[name]?.[row] ?? '')).join(','));
  return `${[names.join(','), ...rows].join('\n')}\n`;
}
