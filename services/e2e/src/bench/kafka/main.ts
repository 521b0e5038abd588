import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { kafkaHelp, kafkaOptions } from './options.js';
import { asMarkdown, asText } from './report.js';
import { runKafka } from './run.js';

const PAGE = fileURLToPath(new URL('../../../../../docs/reference/benchmarks-kafka.md', import.meta.url));

/** `npm run bench -- kafka`. Exit code 0 whatever the ratios. Throws `BadOption`. */
export async function kafkaMain(args: readonly string[]): Promise<void> {
  const options = kafkaOptions(args);
  if (options === 'help') return void process.stdout.write(kafkaHelp);
  const report = await runKafka(options, (what) => process.stderr.write(`${what}\n`));
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : asText(report));
  if (options.write) writeFileSync(PAGE, asMarkdown(report));
}
