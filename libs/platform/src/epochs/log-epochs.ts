import type { Actor, RecordedEvent } from '@touchstone/kernel';
import { derivedId, fold } from '@touchstone/kernel';
import { WITHDRAWN_PER_PAGE } from '@touchstone/contracts/platform';
import type { LogEpoch, PostgresStore, Runtime } from '@touchstone/event-store';
import { CodedError, Commands, currentEpoch, decodeAll, isDatabaseLost, logIdIn, pause, positionOf, readLineage, startLogEpoch } from '@touchstone/event-store';
import type { HeldEvent, LogGuard } from '@touchstone/messaging';
import { topicOf } from '@touchstone/messaging';
import { StartLogEpoch, WithdrawEvents } from './commands.js';
import type { WithdrawnEvent } from './commands.js';
import type { EpochEvent } from './decider.js';
import { epoch, isFinished } from './decider.js';
import { epochs, epochStream } from './slice.js';

/** What came of starting an epoch. */
export interface EpochReport {
  readonly service: string;
  readonly logId: string;
  readonly epoch: number;
  readonly forkSeq: number;
  /** Events that others were told and the log no longer has. */
  readonly withdrawn: number;
  /** How many of them each holder had first told of. */
  readonly toldBy: Readonly<Record<string, number>>;
  /** Events that two holders have with different bytes: somebody changed one. */
  readonly differing: number;
  readonly durationMs: number;
}

export class EpochUnderWay extends CodedError {
  readonly code = 'EPOCH_UNDER_WAY';
  readonly status = 409;
}

/** Evidence keeps its id and bytes, under a type that nothing acts on: what was withdrawn is no fact of this log. */
const asEvidence = (held: HeldEvent, logId: string, topic: string) => ({
  id: held.id, stream: `${logIdIn(logId, held.epoch)}/${held.key}`, type: `withdrawn:${held.type}`, body: held.value, meta: held.meta, topic, offset: held.seq,
});

const FOUND = 'others were told of an epoch that was not finished: start it again';

/**
 * A new epoch for a log that was put back. In this order, so that it can be broken off and given again: the log takes its new id,
 * which shuts out whoever knows the old one; what others were told beyond the fork is kept as evidence; then everybody is told.
 */
export class LogEpochs {
  private underWay = false;
  private readonly commands: Commands;

  constructor(private readonly service: string, private readonly runtime: Runtime, private readonly guard: LogGuard, private readonly onStarted: () => Promise<void>) {
    const { store, keys, clock, contracts } = runtime.options;
    this.commands = new Commands({ store, keys, clock, contracts, upcasting: runtime.upcasting, ports: (context) => runtime.ports(context, context.at) });
  }

  async start(actor: Actor, reason: string): Promise<EpochReport> {
    if (this.underWay) throw new EpochUnderWay('an epoch is being started: wait for it');
    this.underWay = true;
    try {
      const began = performance.now();
      const report = await this.guard.closedWhile('an epoch of the log is being started', () => this.begin(actor, reason));
      await patiently(() => this.guard.proven());
      await this.onStarted();
      return { ...report, durationMs: Math.round(performance.now() - began) };
    } finally {
      this.underWay = false;
    }
  }

  private async begin(actor: Actor, reason: string): Promise<Omit<EpochReport, 'durationMs'>> {
    const { store, url } = this.runtime.options;
    const current = currentEpoch(await readLineage(store.pool));
    const highest = Math.max(await this.guard.highestEpoch(), currentEpoch(store.lineage).epoch);
    if (highest > current.epoch || (await unfinished(store, current)) === undefined) {
      await startLogEpoch(url, { epoch: highest + 1, logId: logIdIn(store.logId, highest + 1), startedBy: actor.id, reason });
    }
    await patiently(() => store.adoptEpoch());
    const started = currentEpoch(store.lineage);
    const topic = `withdrawn:${topicOf(this.service)}@${started.epoch}`;
    const kept = await patiently(() => this.keepEvidence(topic));
    const withdrawn = await patiently(() => this.announce(started, topic, actor, reason));
    return { service: this.service, logId: started.logId, epoch: started.epoch, forkSeq: started.forkSeq, withdrawn, ...kept };
  }

  private async keepEvidence(topic: string): Promise<Pick<EpochReport, 'toldBy' | 'differing'>> {
    const { store } = this.runtime.options;
    const toldBy: Record<string, number> = {};
    let differing = 0;
    for await (const { holder, events } of this.guard.lost()) {
      const results = await store.ingest(events.map((held) => asEvidence(held, store.logId, topic)));
      toldBy[holder] = (toldBy[holder] ?? 0) + results.filter((result) => result === 'appended').length;
      differing += results.filter((result) => result === 'incident').length;
    }
    return { toldBy, differing };
  }

  /** The number of events withdrawn. Goes on where it was broken off. */
  private async announce(started: LogEpoch, topic: string, actor: Actor, reason: string): Promise<number> {
    const { store } = this.runtime.options;
    const { rows: [{ withdrawn } = { withdrawn: 0 }] } = await store.pool.query<{ withdrawn: number }>('select count(*) as withdrawn from event where topic = $1', [topic]);
    const said = await this.said(started.epoch);
    const { service } = this;
    if (said.length === 0) {
      await this.say(actor, reason, started, 0, Object.assign(new StartLogEpoch(), {
        service, epoch: started.epoch, logId: started.logId, formerLogId: store.lineage.at(-2)?.logId ?? started.logId, forkSeq: started.forkSeq,
        withdrawn, pages: Math.ceil(withdrawn / WITHDRAWN_PER_PAGE), startedBy: started.startedBy ?? actor.id, reason: started.reason ?? reason,
      }));
    }
    let listed = said.reduce((sum, { type, data }) => sum + (type === 'platform.EventsWithdrawn.v1' ? data.events.length : 0), 0);
    for (let page = Math.max(1, said.length); listed < withdrawn; page += 1) {
      const events = await this.evidence(topic, listed);
      await this.say(actor, reason, started, page, Object.assign(new WithdrawEvents(), { service, epoch: started.epoch, logId: started.logId, page, events }));
      listed += events.length;
    }
    return withdrawn;
  }

  private async say(actor: Actor, reason: string, { logId }: LogEpoch, page: number, command: StartLogEpoch | WithdrawEvents): Promise<void> {
    await this.commands.handle(epochs, command, { commandId: derivedId('log epoch', logId, page), actor, reason });
  }

  private async said(number: number): Promise<EpochEvent[]> {
    const { store, keys } = this.runtime.options;
    return (await decodeAll(await store.readStream(epochStream(number)), keys, this.runtime.upcasting)) as unknown as EpochEvent[];
  }

  private async evidence(topic: string, after: number): Promise<WithdrawnEvent[]> {
    const { rows } = await this.runtime.options.store.pool.query<{ id: string; stream: string; type: string; place: number }>(
      'select id, stream, type, topic_offset as place from event where topic = $1 order by seq offset $2 limit $3', [topic, after, WITHDRAWN_PER_PAGE],
    );
    return rows.map(({ id, stream, type, place }) => {
      const slash = stream.indexOf('/');
      return { eventId: id, stream: stream.slice(slash + 1), type: type.slice('withdrawn:'.length), position: positionOf(stream.slice(0, slash), place) };
    });
  }
}

/** Why the epoch that a log is in is not finished; undefined when it is. */
export async function unfinished(store: PostgresStore, { epoch: number }: LogEpoch): Promise<string | undefined> {
  if (number === 1) return undefined;
  const events = await store.readStream(epochStream(number));
  const state = fold(epoch, epoch.initialState(), events.map((event) => ({ ...event, data: JSON.parse(event.body) as unknown })) as unknown as RecordedEvent<EpochEvent>[]);
  return isFinished(state) ? undefined : FOUND;
}

/** Starting an epoch ends the sessions of everybody, our own too: they are opened again. */
async function patiently<T>(job: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await job();
    } catch (error) {
      if (attempt >= 20 || !(isDatabaseLost(error) || (error as { code?: unknown }).code === 'APPEND_OUTCOME_UNKNOWN')) throw error;
      await pause(25 * attempt);
    }
  }
}
