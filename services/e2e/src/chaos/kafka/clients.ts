import { derivedId } from '@touchstone/kernel';
import type { Random } from '@touchstone/infra';
import type { Commands } from '@touchstone/event-store';
import { pause } from '@touchstone/event-store';
import type { Presses } from './messages.js';
import { presses, StampPart } from './presses.js';

/** What a client was told: the ids of the events that are recorded. */
export interface ToldEntry {
  readonly told: string;
  readonly events: readonly string[];
}

export interface ClientOptions {
  readonly name: string;
  readonly random: Random;
  readonly commands: Commands;
  readonly keep: (entry: ToldEntry) => void;
  readonly flawedShare: number;
  readonly presses: Presses;
}

const MOST_PAUSE_MS = 24;
const OILED = 0.2;

/** Clients that stamp parts on a few presses at once, and ask again until they have an answer. */
export class Clients {
  answered = 0;
  private resting = false;
  private asked = 0;
  private running: Promise<void>[] = [];

  constructor(private readonly options: ClientOptions) {}

  start(count: number): void {
    this.running = Array.from({ length: count }, () => this.work());
  }

  /** Nothing new is asked; the number of clients that still had no answer after so long. */
  async rest(withinMs: number): Promise<number> {
    this.resting = true;
    let open = this.running.length;
    const over = new AbortController();
    await Promise.race([Promise.all(this.running.map(async (one) => { await one; open -= 1; })), pause(withinMs, over.signal)]);
    over.abort();
    return open;
  }

  private async work(): Promise<void> {
    while (!this.resting) {
      await this.stamp();
      this.answered += 1;
      await pause(this.options.random.below(MOST_PAUSE_MS));
    }
  }

  private async stamp(): Promise<void> {
    const { name, random, commands, keep, flawedShare, presses: { atOnce, parts } } = this.options;
    const number = (this.asked += 1);
    const id = derivedId('chaos over Kafka', name, number);
    const pressId = `${name}-${Math.floor(number / (parts * atOnce))}-${random.below(atOnce)}`;
    const command = new StampPart(pressId, `${name}/${number}`, random.chance(flawedShare), random.chance(OILED));
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { events } = await commands.handle(presses, command, { commandId: id, actor: { id: 'operator-1', roles: ['operator'] } });
        return keep({ told: id, events: events.map((event) => event.id) });
      } catch {
        await pause(Math.min(10 * 2 ** attempt, 200));
      }
    }
  }
}
