import { existsSync, readFileSync } from 'node:fs';
import { datasets } from './datasets.js';

describe('the data sets', () => {
  it('are all there, each with its mapping for the service that takes it', () => {
    for (const { name, file, mapping, service } of datasets) {
      expect([name, existsSync(file)]).toEqual([name, true]);
      expect([name, (JSON.parse(readFileSync(mapping, 'utf8')) as { service: string }).service]).toEqual([name, service]);
    }
    expect(new Set(datasets.map(({ name }) => name)).size).toBe(datasets.length);
  });

  it('name the item of what was measured as their mapping does, and give it a number and a planned characteristic of its own', () => {
    const measured = datasets.filter(({ service }) => service === 'control');
    expect(measured.length).toBeGreaterThanOrEqual(7);
    for (const { item, mapping } of measured) {
      const [source = '', key = ''] = item?.number.toLowerCase().split('-') ?? [];
      expect(readFileSync(mapping, 'utf8').replace(/\s+/g, '')).toContain(`"itemId":{"uuidOf":["item","${source}","${key}"]}`);
      expect(readFileSync(mapping, 'utf8')).toContain(JSON.stringify((item?.characteristic as { characteristicId: string }).characteristicId));
    }
    expect(new Set(measured.map(({ item }) => item?.itemId)).size).toBe(measured.length);
  });
});
