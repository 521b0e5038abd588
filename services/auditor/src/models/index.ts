import type { Command } from 'commander';
import type { Desk } from '../analysis.js';

/** `touchstone models …`: what libs/loyalty computes, on files, without a platform. */
export function addModels(program: Command, desk: Desk): void {
  const models = program.command('models').description('customer and loyalty models on a file of columns: no platform needed').action((_options: unknown, command: Command) => command.help({ error: true }));
  for (const add of [] as ((models: Command, desk: Desk) => void)[]) add(models, desk);
}
