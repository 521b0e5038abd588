import type { Projection, RowSets, Table } from '@touchstone/event-store';
import { Column, CreateDateColumn, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { projectionSpec, recorded, testDatabase } from './index.js';

const database = testDatabase();

@Entity('every_type')
class EveryType {
  @PrimaryColumn('text') key!: string;
  @PrimaryColumn('int') part!: number;
  @Column('numeric', { nullable: true }) quantity!: string | null;
  @Column('timestamptz') at!: string;
  @Column('jsonb') detail!: unknown;
  @Column('text', { array: true }) tags!: string[];
}

type Change = (rows: RowSets) => Promise<void> | void;
/** Each event of the log is one change of the rows. */
const changing = (...changes: readonly Change[]) => {
  const projection: Projection = {
    name: 'every-type', version: 1, tables: [EveryType], on: ['control.Changed.v1'],
    apply: async (events, rows) => {
      for (const { data } of events) await changes[(data as { index: number }).index]?.(rows);
    },
  };
  return projectionSpec(projection, { database }).given(...changes.map((_, index) => recorded('control.Changed.v1', { index }, { stream: 'thing-1' })));
};

const row: EveryType = { key: 'ä', part: 1, quantity: '1.50', at: '2026-03-02T08:00:00.000Z', detail: { list: [1, null] }, tags: ['a,b', '"'] };
const put: Change = (rows) => rows(EveryType).put(row);
const { key, part } = row;

describe('the rows of a batch', () => {
  it('are written as they were put, exactly, whatever their type', async () => {
    await changing(put).thenRows(EveryType, [row]);
  });
  it('are found again when they are loaded, within a batch and in a later one', async () => {
    const seen: unknown[] = [];
    const again: Change = async (rows) => {
      const table = rows(EveryType);
      await table.load([{ key, part }, { key, part: 2 }]);
      const known = table.get({ key, part });
      seen.push(known?.quantity, table.get({ key, part: 2 }));
      table.put({ ...(known ?? row), quantity: null });
    };
    const log = changing(put, again, put, again);
    await log.thenRows(EveryType, [{ ...row, quantity: null }]);
    expect(seen).toEqual(['1.50', undefined, '1.50', undefined]);
    await log.survivesRandomBatches(4);
    expect(new Set(seen)).toEqual(new Set(['1.50', undefined]));
  });
  it('can be removed, and put again after that', async () => {
    const remove: Change = (rows) => rows(EveryType).remove({ key, part });
    await changing(put, remove).thenRows(EveryType, []);
    await changing(put, remove, put).thenRows(EveryType, [row]);
    await changing(put, remove, put, remove).survivesRandomBatches(4);
  });
  it('must be loaded before they are read: what is not in memory is not taken for absent', async () => {
    await expect(changing((rows) => void rows(EveryType).get({ key, part })).thenRows(EveryType, [])).rejects.toThrow('was not loaded');
  });
});

describe('a table that would differ from one building to the next', () => {
  @Entity('generated')
  class Generated {
    @PrimaryGeneratedColumn() id!: number;
  }
  @Entity('clocked')
  class Clocked {
    @PrimaryColumn('text') id!: string;
    @CreateDateColumn() at!: Date;
  }
  @Entity('inexact')
  class Inexact {
    @PrimaryColumn('text') id!: string;
    @Column('double precision') value!: number;
  }
  @Entity('silent')
  class Silent {
    @PrimaryColumn('text') id!: string;
    @Column('int', { default: 0 }) value!: number;
  }
  it.each<Table>([Generated, Clocked, Inexact, Silent])('is refused: %p', async (table) => {
    const projection: Projection = { name: 'refused', version: 1, tables: [table], on: [], apply: () => Promise.resolve() };
    await expect(projectionSpec(projection, { database }).given().thenRows(table, [])).rejects.toThrow('takes no default, generated, clock or float column');
  });
});
