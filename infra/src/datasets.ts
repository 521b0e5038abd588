import { fileURLToPath } from 'node:url';
import { derivedId } from '@touchstone/kernel';

/** A real data set: its file, how it becomes commands, and for measurements the item and characteristic they belong to. */
export interface Dataset {
  readonly name: string;
  readonly file: string;
  readonly mapping: string;
  readonly service: 'control' | 'feedback';
  readonly item?: { readonly itemId: string; readonly number: string; readonly name: string; readonly characteristic: object };
}

const path = (name: string): string => fileURLToPath(new URL(`../datasets/${name}`, import.meta.url));

const characteristic = (characteristicId: string, unit: string, sampleSize: number, chart: string, limits: object = {}) => ({
  characteristicId, name: characteristicId, unit, ...limits, severity: 'minor', method: 'as published', gaugeClass: 'as published', sampleSize,
  acceptanceNumber: 1_000, chart, onSignal: 'task', reaction: 'none: published data',
});

const series = (source: string, key: string, file: string, mapping: string, what: object): Dataset => ({
  name: `${source}-${key}`.toLowerCase(), file: path(`measurements/${file}`), mapping: path(`mappings/${mapping}.json`), service: 'control',
  item: { itemId: derivedId('item', source, key), number: `${source}-${key}`.toUpperCase(), name: `${file} (${source})`, characteristic: what },
});

/** Every data set of the repository, in the order in which the demonstration imports them. */
export const datasets: readonly Dataset[] = [
  { name: 'cdnow', file: path('purchases/CDNOW_sample.txt'), mapping: path('mappings/cdnow.json'), service: 'feedback' },
  { name: 'cfpb-complaints', file: path('complaints/ccdb_complaints_subset_official.csv'), mapping: path('mappings/cfpb-complaints.json'), service: 'feedback' },
  { name: 'cfpb-narratives', file: path('complaints/cfpb_sample_by_category.json'), mapping: path('mappings/cfpb-narratives.json'), service: 'feedback' },
  series('montgomery', 'pistonrings', 'pistonrings.csv', 'pistonrings', characteristic('diameter', 'mm', 5, 'xbar-r', { lower: '73.95', upper: '74.05' })),
  series('nist', 'lithogra', 'LITHOGRA.DAT', 'nist-lithogra', characteristic('line-width', 'um', 5, 'xbar-r')),
  series('nist', 'mavro', 'MAVRO.DAT', 'nist-mavro', characteristic('transmittance', '1', 1, 'individuals')),
  series('nist', 'lew', 'LEW.DAT', 'nist-lew', characteristic('deflection', '1', 1, 'none')),
  series('nist', 'michelso', 'MICHELSO.DAT', 'nist-michelso', characteristic('speed-of-light', 'Mm/s', 1, 'none')),
  series('nist', 'montgome', 'MONTGOME.DAT', 'nist-montgome', characteristic('grit-share-large-medium-small', 'percent', 3, 'none')),
  series('nist', 'mpc61', 'MPC61.DAT', 'nist-mpc61', characteristic('resistivity', 'ohm.cm', 1, 'none')),
];
