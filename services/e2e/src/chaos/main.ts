import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BadOption } from '../options.js';
import { kafkaPlanAsText, kafkaPlanOf } from './kafka/plan.js';
import { kafkaReportAsMarkdown, kafkaReportAsText } from './kafka/report.js';
import { isKafkaAsItShould, runKafkaChaos } from './kafka/run.js';
import { kafkaChaosHelp, kafkaChaosOptions, storeChaosHelp, storeChaosOptions } from './options.js';
import { asMarkdown, asText, planAsText } from './report.js';
import { planOf } from './store/plan.js';
import { isAsItShould, runChaos } from './store/run.js';

const pageOf = (name: string): string => fileURLToPath(new URL(`../../../../docs/reference/${name}.md`, import.meta.url));

/** Each is given what follows its name, and answers with the exit code. */
const suites: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = { store: storeChaos, kafka: kafkaChaos };

async function storeChaos(args: readonly string[]): Promise<number> {
  const options = storeChaosOptions(args);
  if (options === 'help') {
    process.stdout.write(storeChaosHelp);
    return 0;
  }
  const plan = planOf(options);
  if (options.plan) {
    process.stdout.write(options.json ? `${JSON.stringify(plan, null, 2)}\n` : planAsText(plan));
    return 0;
  }
  if (!options.json) process.stdout.write(planAsText(plan));
  const report = await runChaos(plan, options, (what) => process.stderr.write(`${what}\n`));
  process.stdout.write(options.json ? `${JSON.stringify({ plan, report }, null, 2)}\n` : asText(report));
  if (options.write) keepPage('chaos', asMarkdown(report));
  return isAsItShould(report) ? 0 : 1;
}

async function kafkaChaos(args: readonly string[]): Promise<number> {
  const options = kafkaChaosOptions(args);
  if (options === 'help') {
    process.stdout.write(kafkaChaosHelp);
    return 0;
  }
  const plan = kafkaPlanOf(options);
  if (options.plan) {
    process.stdout.write(options.json ? `${JSON.stringify(plan, null, 2)}\n` : kafkaPlanAsText(plan));
    return 0;
  }
  if (!options.json) process.stdout.write(kafkaPlanAsText(plan));
  const report = await runKafkaChaos(plan, (what) => process.stderr.write(`${what}\n`));
  process.stdout.write(options.json ? `${JSON.stringify({ plan, report }, null, 2)}\n` : kafkaReportAsText(report));
  if (options.write) keepPage('chaos-kafka', kafkaReportAsMarkdown(report));
  return isKafkaAsItShould(report) ? 0 : 1;
}

function keepPage(name: string, text: string): void {
  mkdirSync(dirname(pageOf(name)), { recursive: true });
  writeFileSync(pageOf(name), text);
}

/** `npm run chaos [-- suite] [options]`. */
async function main(): Promise<void> {
  const [first = 'store', ...rest] = process.argv.slice(2);
  const [name, args] = first.startsWith('-') ? ['store', [first, ...rest]] : [first, rest];
  const suite = suites[name];
  if (!suite) throw new BadOption(`${name} is none of ${Object.keys(suites).join(', ')}`);
  process.exitCode = await suite(args);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (process.env['TOUCHSTONE_DEBUG'] === undefined ? error.message : error.stack) : String(error)}\n`);
  process.exitCode = (error as { code?: string }).code === 'BAD_OPTION' ? 2 : 1;
});
