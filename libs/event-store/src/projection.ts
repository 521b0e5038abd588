import type { RecordedEvent } from '@touchstone/kernel';
import type { RowSets } from './rows.js';

/** A TypeORM entity class. Its columns are text, int, numeric, boolean, timestamptz or jsonb; keys are given, never generated. */
export type Table<T extends object = object> = new () => T;

/**
 * A read model: tables that follow from the log and from nothing else, so they can be thrown away and built again, bit for bit.
 * `version` moves with any change of tables or meaning; the next version is built in a schema of its own, beside this one.
 */
export interface Projection {
  readonly name: string;
  readonly version: number;
  readonly tables: readonly Table[];
  /** Types of events that `apply` is given, in order. */
  readonly on: readonly string[];
  /** Folds a batch into rows. Load what is needed, change it in memory; one upsert a table follows, with the checkpoint. */
  readonly apply: (events: readonly RecordedEvent[], rows: RowSets) => Promise<void>;
}

export const projection = (definition: Projection): Projection => definition;

/** `lot_list_v1`. */
export const schemaOf = ({ name, version }: Pick<Projection, 'name' | 'version'>): string => `${name.replaceAll('-', '_')}_v${version}`;
