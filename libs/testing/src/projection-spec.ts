/// <reference types="jest" />
import fc from 'fast-check';
import { derivedId } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import { canonicalize } from '@touchstone/ledger';
import type { Projection, ReadModelOptions, StoredEvent, Table } from '@touchstone/event-store';
import { LogFeed, MemoryKeys, MemoryStore, ReadModel, rebuild, Upcasting } from '@touchstone/event-store';
import type { FreshDatabase, TestDatabase } from './database.js';
import type { Unnumbered } from './recorded.js';

export interface GivenLog {
  /** The rows of a table, all of them, in any order. */
  thenRows<T extends object>(table: Table<T>, rows: readonly object[]): Promise<void>;
  /** However the log is cut into batches, the tables are the same, bit for bit. */
  survivesRandomBatches(runs?: number): Promise<void>;
  /** Built from zero beside the live one, the tables are the same, bit for bit. */
  rebuildEqualsLive(): Promise<void>;
}

export interface ProjectionSpec {
  given(...events: readonly Unnumbered[]): GivenLog;
}

const REACH_MS = 20_000;

/** Specs of a projection, on a real PostgreSQL: a log is given, and rows follow. */
export function projectionSpec(projection: Projection, { database }: { readonly database: TestDatabase }): ProjectionSpec {
  let fresh: Promise<FreshDatabase> | undefined;
  let schemas = 0;
  const project = async <T>(events: readonly Unnumbered[], cuts: readonly number[], look: (model: ReadModel, options: ReadModelOptions) => Promise<T>): Promise<T> => {
    const { store, url } = await (fresh ??= database.fresh({ service: 'projections' }));
    const log = new CutLog(cuts);
    await log.fill(events);
    const options = { pool: store.pool, url, feed: new LogFeed(log, new MemoryKeys(), new Upcasting(contracts.upcasters)) };
    const model = new ReadModel(projection, options, `spec_${(schemas += 1)}`);
    await model.open();
    try {
      model.follower.start();
      await handled(model, events.length);
      return await look(model, options);
    } finally {
      await model.drop();
    }
  };
  return {
    given: (...events) => ({
      thenRows: (table, rows) => project(events, [], async (model) => {
        const found = await model.manager.find<object>(table);
        expect(sorted(found)).toEqual(sorted(rows));
      }),
      survivesRandomBatches: async (runs = 8) => {
        const whole = await project(events, [], (model) => model.hash());
        const cuts = fc.array(fc.integer({ min: 1, max: Math.max(1, Math.ceil(events.length / 2)) }), { minLength: 1, maxLength: events.length || 1 });
        await fc.assert(fc.asyncProperty(cuts, async (lengths) => expect(await project(events, lengths, (model) => model.hash())).toBe(whole)), { numRuns: runs });
        expect(await project(events, [1], (model) => model.hash())).toBe(whole);
      },
      rebuildEqualsLive: () => project(events, [1], async (model, options) => {
        const report = await rebuild(model, options);
        expect(report).toMatchObject({ seq: events.length, rebuiltHash: report.liveHash, equal: true });
      }),
    }),
  };
}

async function handled(model: ReadModel, seq: number): Promise<void> {
  for (const until = performance.now() + REACH_MS; performance.now() < until;) {
    if (await model.follower.reached(seq, 10)) return;
    if (model.follower.failure) throw model.follower.failure;
  }
  throw new Error(`${model.projection.name} stands at ${model.follower.position} of ${seq} after ${REACH_MS} ms`);
}

/** A log whose pages have the lengths that are given, over and over; one page when none are. */
class CutLog extends MemoryStore {
  private page = 0;

  constructor(private readonly cuts: readonly number[]) {
    super('projections:test:1');
  }

  async fill(events: readonly Unnumbered[]): Promise<void> {
    await this.ingest(events.map(({ type, data, meta, stream }, index) => ({
      id: derivedId('given', index, type), type, stream, body: canonicalize(data), meta: canonicalize(meta), topic: 'given', offset: index + 1,
    })));
  }

  override readAll(seq: number, limit: number): Promise<StoredEvent[]> {
    const length = this.cuts[this.page % this.cuts.length] ?? limit;
    this.page += 1;
    return super.readAll(seq, Math.min(length, limit));
  }
}

/** Compared as JSON, in one order: dates are ISO text, and classes do not matter. */
const sorted = (rows: readonly object[]): unknown[] =>
  (JSON.parse(JSON.stringify(rows)) as object[]).toSorted((a, b) => (canonicalize(a) < canonicalize(b) ? -1 : 1));
