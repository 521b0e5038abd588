import type { Command } from 'commander';
import type { Desk } from '../analysis.js';
import { addCapability } from './capability.js';
import { addChart } from './chart.js';
import { addMsa } from './msa.js';
import { addRules } from './rules.js';
import { addSampling } from './sampling.js';

/** `touchstone stats …`: what libs/statistics computes, on files, without a platform. */
export function addStats(program: Command, desk: Desk): void {
  const stats = program.command('stats').description('quality statistics on a file of columns: no platform needed').action((_options: unknown, command: Command) => command.help({ error: true }));
  for (const add of [addChart, addRules, addCapability, addMsa, addSampling]) add(stats, desk);
}
