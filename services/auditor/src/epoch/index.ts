import type { Command } from 'commander';
import type { Api } from '../api.js';
import { Unusable } from '../api.js';
import { readEpochs, startEpoch } from './epochs.js';
import { epochsText, startedText } from './epochs-text.js';

export interface EpochDesk {
  readonly width: number;
  readonly connected: (command: Command, roles: readonly string[]) => Promise<{ readonly api: Api }>;
  readonly tell: (command: Command, answer: unknown, text: () => string) => void;
  readonly needsAttention: () => void;
}

/** `touchstone epoch show` and `touchstone epoch start`. */
export function addEpoch(program: Command, { width, connected, tell, needsAttention }: EpochDesk): void {
  const epoch = program.command('epoch').description('a log that was put back to a backup').action((_options: unknown, command: Command) => command.help({ error: true }));
  epoch.command('show').description('the epochs of a log; what was told and lost, to whom, and what has to be entered again').argument('<service>')
    .action(async (service: string, _options: unknown, command: Command) => {
      const { api } = await connected(command, ['auditor']);
      const epochs = await readEpochs(api, service);
      tell(command, epochs, () => epochsText(epochs, width));
      if (!epochs.open || epochs.lost.some(({ todo }) => todo === 'enter again')) needsAttention();
    });
  epoch.command('start').description('let a log that was put back go on under a new id, and withdraw what others were told beyond').argument('<service>')
    .requiredOption('--reason <text>', 'what happened, and which backup was put back; every service is told it')
    .action(async (service: string, { reason }: { reason: string }, command: Command) => {
      if (reason.trim() === '') throw new Unusable('--reason must say what happened, and which backup was put back');
      const { api } = await connected(command, ['operator']);
      const report = await startEpoch(api, service, reason);
      tell(command, report, () => startedText(report));
    });
}
