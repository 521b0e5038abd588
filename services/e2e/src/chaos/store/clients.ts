import type { Uuid } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import type { Random } from '@touchstone/infra';
import type { Answer, Append, Commands, EventStore, ForeignEvent, NewEvent } from '@touchstone/event-store';
import { CodedError, Conflicted, pause, TooManyWaiting } from '@touchstone/event-store';
import type { MouldCommand } from './moulds.js';
import { moulds, RegisterMould, ReleaseMould, ReportDamage, UseMould } from './moulds.js';
import type { Moment, Step } from './steps.js';

/** Past the decider: any events at any version, e.g. as an import does. */
export interface AppendNotes {
  readonly type: 'AppendNotes';
  readonly append: Append;
}
export type Request = MouldCommand | AppendNotes;

/** A request under the id of its command. */
export interface Asked {
  readonly id: Uuid;
  readonly request: Request;
}

/** What a client asked for, and what became of it: kept before it is asked, and before it counts as told. */
export type ClientEntry =
  | { readonly asked: Uuid; readonly request: Request; readonly at: number }
  | { readonly told: Uuid; readonly answer?: Answer; readonly code?: string; readonly at: number }
  | { readonly failed: Uuid; readonly error: string };

export interface ClientOptions {
  readonly name: string;
  readonly random: Random;
  readonly commands: Commands;
  /** Recorded. */
  readonly store: EventStore;
  readonly keep: (entry: ClientEntry) => void;
  readonly moment: () => number;
  readonly now: () => string;
  readonly onStep: (step: Step, moment: Moment) => void;
  /** See `OpenLog`. */
  readonly hesitating?: boolean;
}

const MOULDS = 10;
const MOULDS_OF_HESITATION = 4;
const SERIAL_NUMBERS = 24;
const PERSONS = 400;
/** Between two requests of a client. */
const MOST_PAUSE_MS = 16;
const DUE_WITHIN_MS = 400;
const FOREIGN_STREAMS = 3;

/** Clients that use a few moulds at once, are refused, repeat themselves, bring foreign events twice and never give up on a command. */
export class Clients {
  /** Answered so far, of commands, appends and calls that took events in. */
  answered = 0;
  private resting = false;
  private asked = 0;
  private offset = 0;
  private readonly given: { readonly id: Uuid; readonly request: MouldCommand }[] = [];
  private running: Promise<void>[] = [];

  constructor(private readonly options: ClientOptions) {}

  /** `again` is what the clients of a process that has ended were not answered. */
  start(count: number, again: readonly Asked[]): void {
    this.running = [...again.map((asked) => this.give(asked)), ...Array.from({ length: count }, () => this.work())];
  }

  /** Nothing new is asked; what is under way is asked again until it is answered, or for so long. The number that were not. */
  async rest(withinMs: number): Promise<number> {
    this.resting = true;
    let open = this.running.length;
    const over = new AbortController();
    await Promise.race([Promise.all(this.running.map(async (one) => { await one; open -= 1; })), pause(withinMs, over.signal)]);
    over.abort();
    return open;
  }

  /** Asks, and asks again under the same id until there is an answer; whoever has an answer keeps it. */
  async give(asked: Asked): Promise<void> {
    const { keep, moment, onStep } = this.options;
    const { id } = asked;
    keep({ asked: id, request: asked.request, at: moment() });
    await this.untilAnswered(id, async () => {
      const { answer, code } = await this.answerOrCode(asked);
      onStep('tell', 'before');
      keep({ told: id, ...(answer && { answer }), ...(code !== undefined && { code }), at: moment() });
      onStep('tell', 'after');
    });
  }

  private async work(): Promise<void> {
    const { random } = this.options;
    while (!this.resting) {
      await this.step();
      this.answered += 1;
      await pause(random.below(MOST_PAUSE_MS));
    }
  }

  private async step(): Promise<void> {
    const { random, name, hesitating } = this.options;
    const id = derivedId('chaos', name, (this.asked += 1));
    const count = hesitating === true ? MOULDS_OF_HESITATION : MOULDS;
    const mouldId = `m${random.below(count)}`;
    const entry = `${name}/${this.asked}`;
    const fate = random.below(100);
    if (fate < 10) return this.takeIn();
    if (fate < 20) return this.appendNotes(id, entry);
    if (fate < 28 && this.given.length > 0) return this.giveAgain();
    if (fate < 34) return this.giveNew(id, this.registration(mouldId, entry));
    if (fate < 40) return this.giveNew(id, new ReportDamage(mouldId, entry));
    if (fate < 52) return this.giveNew(id, new ReleaseMould(mouldId, entry));
    const person = `p${random.below(PERSONS)}`;
    const beside = random.chance(0.5) ? `m${random.below(count)}` : '';
    return this.giveNew(id, new UseMould(mouldId, entry, 1 + random.below(9), beside, `${name}-${person}`, `Person ${person}`, this.pauseMs()));
  }

  private async giveNew(id: Uuid, request: MouldCommand): Promise<void> {
    this.given.push({ id, request });
    await this.give({ id, request });
  }

  /** The same command again; now and then another one under its id, which must be refused. */
  private async giveAgain(): Promise<void> {
    const { random } = this.options;
    const { id, request } = random.pick(this.given);
    await this.give({ id, request: random.chance(0.2) ? new ReportDamage(request.mouldId, `${request.entry}/other`) : request });
  }

  /** Of a mould that may be known, under a serial number that may be taken. */
  private registration(mouldId: string, entry: string): RegisterMould {
    const { random } = this.options;
    const serialNumber = random.chance(0.5) ? `s${random.below(SERIAL_NUMBERS)}` : `s-${entry}`;
    return new RegisterMould(random.chance(0.5) ? mouldId : `new-${entry}`, entry, serialNumber, this.dueAt());
  }

  private pauseMs(): number {
    const { random, hesitating } = this.options;
    return hesitating === true && random.chance(0.3) ? 50 + random.below(300) : 0;
  }

  private dueAt(): string {
    const { random, now } = this.options;
    return new Date(Date.parse(now()) + random.below(DUE_WITHIN_MS)).toISOString();
  }

  /** Foreign events of which some were brought before, by this client or another, and some have changed on the way. */
  private async takeIn(): Promise<void> {
    const { random, store } = this.options;
    const first = Math.max(1, (this.offset += random.below(3)) - random.below(3));
    const events = Array.from({ length: 1 + random.below(4) }, (_, index) => foreignEvent(first + index, random.chance(0.05)));
    await this.untilAnswered(`ingest ${first}`, () => store.ingest(events));
  }

  /** Several events in one append, past the decider: claimed names, a stream that must not have moved, any version. */
  private async appendNotes(id: Uuid, entry: string): Promise<void> {
    const { random } = this.options;
    const stream = `notes-${random.below(4)}`;
    const guard = `notes-${random.below(4)}`;
    const append: Append = {
      stream, expectedVersion: 'any', command: { id, bodyHash: entry, answer: JSON.stringify({ entry }), record: JSON.stringify({ entry }) },
      events: Array.from({ length: 1 + random.below(3) }, (_, index) => noteEvent(id, `${entry}/${index}`)),
      ...(random.chance(0.3) && { claims: [`note:${random.chance(0.5) ? entry : random.below(30)}`] }),
      ...(random.chance(0.3) && guard !== stream && { guard: { stream: guard, version: random.below(6) } }),
    };
    await this.give({ id, request: { type: 'AppendNotes', append } });
  }

  /** The answer, or the code of what is no business; throws what may be asked again. */
  private async answerOrCode({ id, request }: Asked): Promise<{ answer?: Answer; code?: string }> {
    const { store, commands } = this.options;
    if (request.type === 'AppendNotes') return { code: (await store.append(request.append)).status };
    const commandClass = moulds.commands[request.type];
    if (!commandClass) throw new Error(`nobody takes ${request.type}`);
    const command = Object.assign(new commandClass(), request); // plain JSON when it comes from a journal
    try {
      return { answer: await commands.handle(moulds, command, { commandId: id, actor: { id: 'operator-1', roles: ['operator'] } }) };
    } catch (error) {
      if (error instanceof CodedError && !(error instanceof Conflicted) && !(error instanceof TooManyWaiting)) return { code: error.code };
      throw error;
    }
  }

  private async untilAnswered(id: string, ask: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await ask();
        return;
      } catch (error) {
        this.options.keep({ failed: id, error: String(error) });
        await pause(Math.min(10 * 2 ** attempt, 200));
      }
    }
  }
}

const metaOf = (commandId: Uuid): string => JSON.stringify({ actor: 'operator-1', causationId: commandId, commandId, correlationId: commandId });

const noteEvent = (id: Uuid, entry: string): NewEvent =>
  ({ id: derivedId('note', entry), type: 'moulding.NoteTaken.v1', body: JSON.stringify({ entry }), meta: metaOf(id) });

function foreignEvent(at: number, changed: boolean): ForeignEvent {
  const id = derivedId('order', at);
  return {
    id, type: 'planning.OrderPlaced.v1', body: JSON.stringify({ order: at, ...(changed && { changed }) }), meta: metaOf(id),
    stream: `planning/order-${at % FOREIGN_STREAMS}`, topic: 'planning.events.v1/0', offset: at,
  };
}
