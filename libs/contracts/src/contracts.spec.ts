import { ContractBroken, contracts } from './index.js';

describe('public events', () => {
  it.each(contracts.events.map((event) => [event.type, event] as const))('%s keeps its golden samples, and says what its fields mean', (type, event) => {
    expect(type).toMatch(/^[a-z]+\.[A-Z][A-Za-z]+\.v[1-9][0-9]*$/);
    expect(event.samples.length).toBeGreaterThan(0);
    for (const data of event.samples) contracts.check({ type, data });
    expect(event.meaning.length).toBeGreaterThan(20);
    const properties = Object.entries(event.data['properties'] as Record<string, { description?: string; items?: unknown }>);
    expect(properties.filter(([, schema]) => schema.description === undefined && schema.items === undefined)).toEqual([]);
  });

  it.each(contracts.events.map((event) => [event.type, event] as const))('%s refuses a field it does not know, and a missing one', (type, event) => {
    const [sample] = event.samples as object[];
    expect(() => contracts.check({ type, data: { ...sample, surprise: 1 } })).toThrow(ContractBroken);
    expect(() => contracts.check({ type, data: {} })).toThrow(ContractBroken);
  });

  it('name the subject of each personal field', () => {
    expect(contracts.personalFields('control.LotRejected.v1')).toEqual([{ path: 'inspectorName', subject: 'inspectorId' }]);
  });
});
