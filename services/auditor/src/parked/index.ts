import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { Api } from '../api.js';
import { Unusable } from '../api.js';
import type { Decision, ParkedWish } from './parked.js';
import { decideParked, listParked, showParked } from './parked.js';
import { decisionText, parkedEventText, parkedText } from './parked-text.js';

export interface ParkedDesk {
  readonly width: number;
  readonly connected: (command: Command, roles: readonly string[]) => Promise<{ readonly api: Api }>;
  readonly tell: (command: Command, answer: unknown, text: () => string) => void;
  readonly needsAttention: () => void;
}

const MOST_LISTED = 10_000;

function limit(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > MOST_LISTED) throw new InvalidArgumentError(`must be a whole number from 1 to ${MOST_LISTED}`);
  return value;
}

/** `touchstone parked list`, `show`, `replay` and `discard`. */
export function addParked(program: Command, { width, connected, tell, needsAttention }: ParkedDesk): void {
  const parked = program.command('parked').description('events that no consumer could take, and what is decided about them').action((_options: unknown, command: Command) => command.help({ error: true }));
  parked.command('list').description('what is parked, over all services: how much, and page by page; ends with 3 while something waits')
    .option('--service <name>', 'of this service only').option('--consumer <name>', 'reaction:<name> or ingest:<service>.events.v1').option('--stream <stream>', 'of this stream only')
    .addOption(new Option('--state <state>', 'what became of it').choices(['parked', 'replayed', 'discarded', 'any']).default('parked'))
    .option('--limit <number>', `events in one page, at most ${MOST_LISTED}`, limit, 50).option('--cursor <next>', 'the "next" of the page before')
    .action(async (wish: ParkedWish, command: Command) => {
      const { api } = await connected(command, ['operator']);
      const page = await listParked(api, wish);
      tell(command, page, () => parkedText(page, width));
      if (page.counts.some(({ state }) => state === 'parked')) needsAttention();
    });
  parked.command('show').description('one event as it was received, with its error and what was decided').argument('<service>').argument('<eventId>')
    .action(async (service: string, eventId: string, _options: unknown, command: Command) => {
      const { api } = await connected(command, ['operator']);
      const events = await showParked(api, service, eventId);
      tell(command, events, () => parkedEventText(events, width));
    });
  const deciding = (name: string, decision: Decision['decision'], description: string, target: string) =>
    parked.command(name).description(description).argument('<service>').argument('<consumer>', 'reaction:<name> or ingest:<service>.events.v1').argument('<target>', target)
      .requiredOption('--reason <text>', 'why; kept with your name').option('--dry-run', 'say what would happen, and change nothing')
      .action(async (service: string, consumer: string, about: string, { reason, dryRun = false }: { reason: string; dryRun?: boolean }, command: Command) => {
        if (reason.trim() === '') throw new Unusable('--reason must say why');
        const { api } = await connected(command, ['operator']);
        const decided = await decideParked(api, { service, consumer, target: about, decision, reason, dryRun });
        tell(command, decided, () => decisionText(decided));
        if (decided.failed) needsAttention();
      });
  deciding('replay', 'replayed', 'the consumer takes a stream from its first parked event on; ends with 3 where it stops at one that fails', '<stream>, or the id of its first parked event');
  deciding('discard', 'discarded', 'nobody ever takes these events; what follows on the stream may be replayed', '<stream>, or the id of one event');
}
