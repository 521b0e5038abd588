import type pg from 'pg';
import { CodedError } from './answer.js';
import { inTransaction } from './postgres/transaction.js';
import type { Projection } from './projection.js';
import { schemaOf } from './projection.js';
import type { ReadModel } from './read-model.js';
import { dropSchema } from './read-model.js';

/** `serve`: the first of its version; `replace`: takes the live one's place; `compare`: is compared with it and dropped. */
export type Purpose = 'serve' | 'replace' | 'compare';
/** `stopped`: cancelled, or failed; goes on from its checkpoint when it is asked for again. `gone`: its schema was dropped. */
export type GenerationState = 'building' | 'live' | 'retired' | 'stopped' | 'gone';

/** One building of a read model, in a schema of its own. */
export interface Generation {
  readonly schema: string;
  readonly name: string;
  readonly version: number;
  readonly generation: number;
  readonly state: GenerationState;
  readonly purpose: Purpose;
  /** Id under which its building is watched. */
  readonly operation: string;
  readonly fingerprint: string;
  /** Its checkpoint; null when the schema is gone. */
  readonly seq: number | null;
  /** Where the present attempt began, and how long ago. */
  readonly begunSeq: number | null;
  readonly begunMs: number | null;
  /** What a comparison found. */
  readonly outcome: RebuildReport | null;
  readonly failure: string | null;
}

export interface RebuildReport {
  /** The live schema. */
  readonly name: string;
  /** Position in the log at which both were compared. */
  readonly seq: number;
  readonly liveHash: string;
  readonly rebuiltHash: string;
  readonly equal: boolean;
  readonly durationMs: number;
}

/** The read model is being built already, for another purpose. */
export class RebuildUnderWay extends CodedError {
  readonly code = 'REBUILD_UNDER_WAY';
  readonly status = 409;
}

const COLUMNS = `r.schema, r.name, r.version, r.generation, r.state, r.purpose, r.operation, r.fingerprint, c.seq, r.begun_seq as "begunSeq",
  (extract(epoch from coalesce(r.ended_at, clock_timestamp()) - r.begun_at) * 1000)::float8 as "begunMs", r.outcome, r.failure`;
const STOPPED_KEPT = '1 day';
const HISTORY = 20;

type Of = Pick<Projection, 'name' | 'version'>;

/** The register of read models: which schema is live, which is being built beside it, and which nobody uses any more. */
export class Generations {
  constructor(private readonly pool: pg.Pool) {}

  /** All that are not gone, and the newest that are; the newest first. */
  of(names: readonly string[]): Promise<Generation[]> {
    return this.select('r.name = any($1) order by r.name, r.version desc, r.generation desc', [names]);
  }

  async byOperation(operation: string): Promise<Generation | undefined> {
    return (await this.select('r.operation = $1', [operation]))[0];
  }

  /**
   * The generation to use for `purpose`: one that is being built for it, one that was stopped on the way and has the same text, or a
   * new one. For `serve` also the live one. Safe to call by many processes at once.
   */
  async obtain(of: Of, purpose: Purpose, fingerprint: string): Promise<Generation> {
    return inTransaction(this.pool, async (client) => {
      await client.query(`select pg_advisory_xact_lock(hashtextextended('touchstone.read-model:' || $1, 0))`, [of.name]);
      const all = await this.select('r.name = $1 and r.version = $2 order by r.generation desc', [of.name, of.version], client);
      const building = all.find(({ state }) => state === 'building');
      const serving = purpose === 'serve' ? (all.find(({ state }) => state === 'live') ?? building) : undefined;
      if (serving) return serving;
      if (building?.purpose === purpose) return building;
      if (building) throw new RebuildUnderWay(`${of.name} is being built to ${building.purpose} already: wait for it, or cancel it`);
      const stopped = all.find((each) => each.state === 'stopped' && each.fingerprint === fingerprint);
      const generation = (all[0]?.generation ?? 0) + 1;
      const schema = generation === 1 ? schemaOf(of) : `${schemaOf(of)}_g${generation}`;
      if (stopped) await client.query(`update read_model set state = 'building', purpose = $2, failure = null, ended_at = null, seen_at = now() where schema = $1`, [stopped.schema, purpose]);
      else await client.query(`insert into read_model (schema, name, version, generation, state, purpose, fingerprint) values ($1, $2, $3, $4, 'building', $5, $6)`, [schema, of.name, of.version, generation, purpose, fingerprint]);
      const [found] = await this.select('r.schema = $1', [stopped?.schema ?? schema], client);
      if (!found) throw new Error('unreachable: the generation was just written');
      return found;
    });
  }

  /** For the transaction that makes its schema: locks the row, so that one process makes it, and a retired one never comes back. */
  async isBuilding(client: pg.PoolClient, schema: string): Promise<boolean> {
    const { rows } = await client.query(`select from read_model where schema = $1 and state = 'building' for update`, [schema]);
    return rows.length > 0;
  }

  async begun(schema: string, seq: number): Promise<void> {
    await this.pool.query('update read_model set begun_at = clock_timestamp(), begun_seq = $2 where schema = $1', [schema, seq]);
  }

  /** Throws away what was built so far, of another text than this one. */
  async startOver(schema: string, fingerprint: string): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await dropSchema(client, schema);
      await client.query('update read_model set fingerprint = $2 where schema = $1', [schema, fingerprint]);
    });
  }

  /** The first of its version has caught up. */
  async serves(schema: string): Promise<void> {
    await this.pool.query(`update read_model set state = 'live', ended_at = clock_timestamp() where schema = $1 and state = 'building'`, [schema]);
  }

  /** Stops a building where it stands: cancelled, or because of a failure. */
  async stop(schema: string, failure: string | null): Promise<void> {
    await this.pool.query(`update read_model set state = 'stopped', ended_at = clock_timestamp(), failure = $2 where schema = $1 and state = 'building' and purpose <> 'serve'`, [schema, failure]);
  }

  async compared(model: ReadModel, outcome: RebuildReport): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await client.query(`update read_model set state = 'gone', ended_at = clock_timestamp(), outcome = $2 where schema = $1 and state = 'building'`, [model.schema, JSON.stringify(outcome)]);
      await dropSchema(client, model.schema);
    });
  }

  /**
   * Puts `next` in the place of `live`, in one transaction; false while it is behind. From here on nobody can write the old one, so
   * that whoever still reads it never sees more there than in its successor. Throws when another process was faster, or it was called off.
   */
  async replace(live: string, next: string): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<{ name: string; seq: number }>('select name, seq from checkpoint where name in ($1, $2) order by name for update', [live, next]);
      const at = (schema: string) => rows.find(({ name }) => name === schema)?.seq ?? -1;
      const meanwhile = new Error(`${next} cannot take the place of ${live}: one of them was stopped or replaced meanwhile`);
      if (at(live) < 0 || at(next) < 0) throw meanwhile;
      if (at(next) < at(live)) return false;
      const retired = await client.query(`update read_model set state = 'retired', ended_at = clock_timestamp(), seen_at = now() where schema = $1 and state = 'live'`, [live]);
      const raised = await client.query(`update read_model set state = 'live', ended_at = clock_timestamp() where schema = $1 and state = 'building'`, [next]);
      if (retired.rowCount !== 1 || raised.rowCount !== 1) throw meanwhile;
      await client.query('delete from checkpoint where name = $1', [live]);
      return true;
    });
  }

  /** These schemas are in use here. */
  async seen(schemas: readonly string[]): Promise<void> {
    await this.pool.query('update read_model set seen_at = now() where schema = any($1)', [schemas]);
  }

  /** Drops what is retired, or of an older version than one that is live, once no process has had it in use for `graceMs`. */
  async sweep(names: readonly string[], graceMs: number): Promise<string[]> {
    const unused = `r.seen_at < now() - $1 * interval '1 ms' and (r.state = 'retired' or (r.state = 'stopped' and r.ended_at < now() - interval '${STOPPED_KEPT}')
      or (r.state in ('live', 'building') and exists (select from read_model newer where newer.name = r.name and newer.version > r.version and newer.state = 'live')))`;
    const { rows } = await this.pool.query<{ schema: string }>(`select r.schema from read_model r where r.name = any($2) and ${unused}`, [graceMs, names]);
    const dropped: string[] = [];
    for (const { schema } of rows) {
      await inTransaction(this.pool, async (client) => {
        await client.query(`set local lock_timeout = '2s'`);
        const { rowCount } = await client.query(`update read_model r set state = 'gone', ended_at = coalesce(r.ended_at, now()) where r.schema = $2 and ${unused}`, [graceMs, schema]);
        if (rowCount !== 1) return;
        await dropSchema(client, schema);
        dropped.push(schema);
      });
    }
    await this.pool.query(
      `delete from read_model r where r.name = any($1) and r.state = 'gone' and
         r.generation < (select max(m.generation) - ${HISTORY} from read_model m where m.name = r.name and m.version = r.version)`,
      [names],
    );
    return dropped;
  }

  private async select(where: string, values: unknown[], client: Pick<pg.PoolClient, 'query'> = this.pool): Promise<Generation[]> {
    const { rows } = await client.query<Generation>(`select ${COLUMNS} from read_model r left join checkpoint c on c.name = r.schema where ${where}`, values);
    return rows;
  }
}

/** How far a building is. */
export interface Progress extends Pick<Generation, 'operation' | 'name' | 'version' | 'generation' | 'state' | 'purpose' | 'failure' | 'outcome'> {
  /** Position reached, and the end of the log. */
  readonly seq: number;
  readonly head: number;
  /** Over the present attempt; missing before it has moved. */
  readonly eventsPerSecond?: number;
  readonly secondsLeft?: number;
}

export function progressOf({ operation, name, version, generation, state, purpose, failure, outcome, ...at }: Generation, head: number): Progress {
  const seq = at.seq ?? outcome?.seq ?? 0;
  const moved = at.begunSeq === null ? 0 : seq - at.begunSeq;
  const rate = moved > 0 && at.begunMs ? (moved * 1_000) / at.begunMs : 0;
  return {
    operation, name, version, generation, state, purpose, seq, head, failure, outcome,
    ...(rate > 0 && { eventsPerSecond: Math.round(rate), ...(state === 'building' && { secondsLeft: Math.ceil(Math.max(0, head - seq) / rate) }) }),
  };
}
