import type { Connection } from './connect.js';
import type { Question } from './together.js';
import { append, appendAndFlush, ingest, ingestAndFlush, ingestCall, standAlone, storedEvent, togetherCall, togetherResults, writtenBy } from './together.js';
import type { Called, ForeignTurn, Outcome, Turn } from './turn.js';
import { asItem } from './turn.js';

/** What one gathering of the turnstile asks of the database, on the session that appends. */
export class Calls {
  constructor(private readonly session: Connection) {}

  /** `inOneTrip`: with its flush. The fast way for all, or, when something is in the way, the one that looks at each. */
  async make(turns: readonly Turn[], inOneTrip: boolean): Promise<Called> {
    return (await this.together(turns, inOneTrip)) ?? (await this.oneByOne(turns));
  }

  /** All in a few statements; undefined, and nothing written, when something is in the way. */
  private async together(turns: readonly Turn[], inOneTrip: boolean): Promise<Called | undefined> {
    const appends = turns.flatMap((turn) => (turn.kind === 'append' ? [turn.append] : []));
    if (appends.length < turns.length) return this.ingestTogether(turns.flatMap((turn) => (turn.kind === 'append' ? [] : [turn])), inOneTrip);
    const call = standAlone(appends) ? togetherCall(appends) : undefined;
    if (!call) return undefined;
    const row = await this.ask(inOneTrip ? appendAndFlush(call) : append(call));
    if (!row) return undefined;
    return { results: togetherResults(appends, row.head, row.versions), written: writtenBy(appends, row.head, row.versions), durable: inOneTrip };
  }

  private async ask(question: Question): Promise<{ readonly head: number; readonly versions: readonly number[] } | undefined> {
    const [{ head = null, versions = [] } = {}] = await this.session.query<{ head?: number | null; versions?: number[] }>(question);
    return head === null ? undefined : { head, versions };
  }

  private async ingestTogether(turns: readonly ForeignTurn[], inOneTrip: boolean): Promise<Called | undefined> {
    const events = turns.flatMap((turn) => turn.events);
    const call = ingestCall(events, turns.flatMap((turn) => (turn.kind === 'ingest-new' ? turn.events.map(() => turn.consumer) : [])));
    if (!call) return undefined;
    const row = await this.ask(inOneTrip ? ingestAndFlush(call) : ingest(call));
    if (!row) return undefined;
    return {
      results: turns.map((turn) => ({ status: 'ingested', statuses: turn.events.map(() => 'appended') })),
      written: events.map(({ stream, ...event }, index) => storedEvent(event, stream, row.head + index + 1, row.versions[index] ?? 0)), durable: inOneTrip,
    };
  }

  private async oneByOne(turns: readonly Turn[]): Promise<Called> {
    if (turns[0]?.kind === 'ingest-new') return this.newOneByOne(turns);
    const [row] = await this.session.query<{ results: Outcome[] }>({
      text: 'select append_batch($1::json) as results', values: [JSON.stringify(turns.map(asItem))],
    });
    return { results: row?.results ?? [], durable: false };
  }

  /** What is in the way of one is not in the way of the others. */
  private async newOneByOne(turns: readonly Turn[]): Promise<Called> {
    const called: (Called | undefined)[] = [];
    for (const turn of turns) called.push(turns.length === 1 ? undefined : await this.together([turn], false));
    return { results: called.map((one) => one?.results[0] ?? { status: 'in the way' }), written: called.flatMap((one) => one?.written ?? []), durable: false };
  }
}
