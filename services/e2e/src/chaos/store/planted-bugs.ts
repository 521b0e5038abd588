import type { Cluster, Database } from './cluster.js';
import type { Grounds, Outcome } from './grounds.js';
import { outcomeOf } from './grounds.js';
import { killTrial } from './kills.js';
import type { KillPoint, PlantedBug } from './messages.js';
import { serviceAndWriter } from './trial.js';

/** PostgreSQL's own function, in this one database, writes nothing: the transaction that it is called in has nothing to wait for. */
const withoutFlush = (cluster: Cluster, { name }: Database): Promise<unknown> => cluster.asOwner([
  `create or replace function pg_catalog.pg_logical_emit_message(transactional boolean, prefix text, message text, flush boolean default false)
     returns pg_lsn language sql as $$ select '0/0'::pg_lsn $$`,
], name);

const LOOK = `where id = (e->>'id')::uuid`;

/** Throws when the log looks for duplicates otherwise by now: the bug would not be planted. */
export async function withoutDuplicateCheck(cluster: Cluster, { name }: Pick<Database, 'name'>): Promise<void> {
  const [found] = await cluster.asOwner([`select pg_get_functiondef('ingest_events(json, bigint)'::regprocedure) as source`], name);
  const { source } = found?.rows[0] as { source: string };
  if (!source.includes(LOOK)) throw new Error(`ingest_events has no "${LOOK}": plant the bug where it belongs now`);
  await cluster.asOwner([source.replace(LOOK, 'where false'), 'alter table event drop constraint event_id_key'], name);
}

interface Plant {
  readonly bug: PlantedBug;
  readonly what: string;
  readonly into: (cluster: Cluster, database: Database) => Promise<unknown>;
  readonly kills: readonly KillPoint[];
  /** Findings that are its mark; others may come with it. */
  readonly mark: RegExp;
}

const at = (step: KillPoint['step'], moment: KillPoint['moment'], victim: KillPoint['victim']): KillPoint => ({ step, moment, victim, nth: 8, delayMicroseconds: 0 });
const nothing = () => Promise.resolve();

const plants: readonly Plant[] = [
  {
    bug: 'no-flush', what: 'planted: appends are answered without a flush', into: withoutFlush, mark: /acknowledged-lost/,
    kills: [at('tell', 'after', 'server'), at('append', 'after', 'server'), at('tell', 'after', 'server')],
  },
  {
    bug: 'checkpoint-ahead', what: 'planted: a subscriber keeps its checkpoint before it acts', into: nothing, mark: /checkpoint-ahead|never-delivered|skipped/,
    kills: [at('keep-checkpoint', 'after', 'service'), at('keep-checkpoint', 'after', 'service')],
  },
  {
    bug: 'no-duplicate-check', what: 'planted: foreign events are taken in without looking whether they are there', into: withoutDuplicateCheck, mark: /event-stored-twice|taken-in-twice/,
    kills: [at('append', 'sent', 'service')],
  },
];

/** Bugs that must be found: else the run is worth nothing. */
export async function plantBugs(grounds: Grounds): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  await grounds.cluster.delayBackgroundFlush('10s');
  for (const { bug, what, into, kills, mark } of plants) {
    const outcome: Outcome = { ...outcomeOf('planted', what), planted: { bug, found: [] } };
    await killTrial(grounds, outcome, { name: `planted-${bug}`, roles: serviceAndWriter, bug }, kills, (database) => into(grounds.cluster, database));
    outcomes.push({ ...outcome, planted: { bug, found: outcome.violations.filter((found) => mark.test(found)) } });
  }
  return outcomes;
}
