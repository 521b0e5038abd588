import type { Command } from 'commander';
import type { Desk } from '../analysis.js';
import { addCapability } from './capability.js';
import { addChangePoint } from './change-point.js';
import { addChart } from './chart.js';
import { addCompare } from './compare.js';
import { addMsa } from './msa.js';
import { addPareto } from './pareto.js';
import { addRules } from './rules.js';
import { addSampleSize } from './sample-size.js';
import { addSampling } from './sampling.js';
import { addTrend } from './trend.js';

/** `touchstone stats …`: what libs/statistics computes, on files, without a platform. */
export function addStats(program: Command, desk: Desk): void {
  const stats = program.command('stats').description('quality statistics on a file of columns: no platform needed').action((_options: unknown, command: Command) => command.help({ error: true }));
  for (const add of [addChart, addRules, addCapability, addMsa, addSampling, addPareto, addTrend, addChangePoint, addCompare, addSampleSize]) add(stats, desk);
}
