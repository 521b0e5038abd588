import { slice } from '@touchstone/event-store';
import { controlPlanCommands } from './commands.js';
import { controlPlanFacts } from './control-plans.facts.js';
import { controlPlan } from './decider.js';
import { controlPlanStream } from './events.js';

/** Control plans: their commands, who decides them, and on which stream. An item has one plan, with its revisions inside. */
export const controlPlans = slice({
  decider: controlPlan,
  commands: controlPlanCommands,
  stream: (command) => controlPlanStream(command.itemId),
  prepare: controlPlanFacts,
});
