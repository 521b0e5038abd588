import { Type } from '@sinclair/typebox';
import { Body, eventMaker, publicDowncaster, publicEvent, publicUpcaster } from './define-event.js';
import { Catalogue, ContractBroken, contracts, fieldsOf, publishedSchema } from './index.js';

describe('public events', () => {
  it.each(contracts.events.map((event) => [event.type, event] as const))('%s keeps its golden samples, and says what its fields mean, and in which unit a number is', (type, event) => {
    expect(type).toMatch(/^[a-z]+\.[A-Z][A-Za-z]+\.v[1-9][0-9]*$/);
    expect(event.samples.length).toBeGreaterThan(0);
    for (const data of event.samples) contracts.check({ type, data });
    expect(event.meaning.length).toBeGreaterThan(20);
    expect(fieldsOf(publishedSchema(event)).filter(({ description }) => !description).map(({ path }) => path)).toEqual([]);
    expect(fieldsOf(publishedSchema(event)).filter(({ number, unit }) => number !== (unit !== undefined)).map(({ path }) => path)).toEqual([]);
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

describe('versions of a public event', () => {
  const meaning = 'A pallet was moved in the depot.';
  const MovedV1 = publicEvent('depot.PalletMoved.v1', { stream: 'pallet', meaning, data: Body({ to: Type.Integer() }), samples: [{ to: 7 }] });
  const MovedV2 = publicEvent('depot.PalletMoved.v2', { stream: 'pallet', meaning, data: Body({ to: Type.String() }), samples: [{ to: 'yard' }] });
  const upcasters = [publicUpcaster(MovedV1, MovedV2, ({ to }) => ({ to: `place ${to}` }))];
  const makers = [eventMaker(MovedV2)];

  it('all keep their contracts; only those with a maker are written', () => {
    const catalogue = new Catalogue([MovedV1, MovedV2], { upcasters, makers });
    expect(['depot.PalletMoved.v1', 'depot.PalletMoved.v2'].map((type) => [catalogue.isPublic(type), catalogue.isWritten(type)])).toEqual([[true, false], [true, true]]);
    expect(catalogue.upcasters).toEqual([expect.objectContaining({ from: 'depot.PalletMoved.v1', to: 'depot.PalletMoved.v2' })]);
    expect(makers[0]?.({ to: 'yard' })).toEqual({ type: 'depot.PalletMoved.v2', data: { to: 'yard' } });
  });
  it('cannot lose the contract of one that is still read', () => {
    expect(() => new Catalogue([MovedV2], { upcasters, makers })).toThrow('depot.PalletMoved.v1 has an upcaster or downcaster, but no contract');
  });
  it('are published as the older ones say it, too, while those have a downcaster', () => {
    const downcasters = [publicDowncaster(MovedV2, MovedV1, () => ({ to: 0 }))];
    const catalogue = new Catalogue([MovedV1, MovedV2], { upcasters, downcasters, makers });
    expect(catalogue.asOlderVersions(MovedV2.type, () => ({ to: 'yard' }))).toEqual([{ type: MovedV1.type, data: { to: 0 } }]);
    expect([catalogue, new Catalogue([MovedV1, MovedV2], { upcasters, makers })].map((each) => each.isPublished(MovedV1.type))).toEqual([true, false]);
  });
  it('are today all written, each by its maker, until one has a successor', () => {
    const upcast = new Set(contracts.upcasters.map(({ from }) => from));
    expect(contracts.events.map(({ type }) => type).filter((type) => contracts.isWritten(type) === upcast.has(type))).toEqual([]);
  });
  it('are upcast to what the next contract allows, whatever sample of the older one it is', () => {
    for (const { from, to, upcast } of contracts.upcasters) {
      for (const data of contracts.events.find(({ type }) => type === from)?.samples ?? []) contracts.check({ type: to, data: upcast(data) });
    }
    expect(contracts.upcasters.length).toBeLessThan(contracts.events.length);
  });
});
