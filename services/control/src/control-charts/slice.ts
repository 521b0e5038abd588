import { slice } from '@touchstone/event-store';
import { chartCommands } from './commands.js';
import { chartFacts } from './control-charts.facts.js';
import { controlChart } from './decider.js';
import { chartStream } from './events.js';

/** Control charts: their commands, who decides them, and on which stream. */
export const controlCharts = slice({
  decider: controlChart,
  commands: chartCommands,
  stream: (command) => chartStream(command.chartId),
  prepare: chartFacts,
});
