import type { Command } from 'commander';
import type { Desk } from '../analysis.js';
import { addAttribution } from './attribution.js';
import { addCox } from './cox.js';
import { addRepeatPurchase } from './repeat-purchase.js';
import { addRisk } from './risk.js';
import { addCes, addCsat, addNps } from './scores.js';
import { addSurvival } from './survival.js';
import { addTriage } from './triage.js';

/** `touchstone models …`: what libs/loyalty computes, on files, without a platform. */
export function addModels(program: Command, desk: Desk): void {
  const models = program.command('models').description('customer and loyalty models on a file of columns: no platform needed').action((_options: unknown, command: Command) => command.help({ error: true }));
  for (const add of [addRepeatPurchase, addSurvival, addCox, addRisk, addNps, addCsat, addCes, addTriage, addAttribution]) add(models, desk);
}
