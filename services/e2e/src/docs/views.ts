// The page of the views over exported events, from their definitions.
import { views } from '@touchstone/analytics/export';
import { table } from './markdown.js';

export const viewTables = (): string =>
  views.map(({ name, meaning, columns }) => `## ${name}\n\n${meaning}\n\n${table(['column', 'means'], Object.entries(columns).map(([column, what]) => [`\`${column}\``, what]))}`).join('\n\n');
