import type { Command } from 'commander';
import type { ExportSurroundings } from '../export/run-export.js';
import { grouped } from '../import/progress.js';
import { printable } from '../terminal.js';
import type { Replayed } from './run-replay.js';

interface Given {
  readonly service: string;
  readonly topic: string;
  readonly from?: string;
  readonly to?: string;
  readonly type?: string;
  readonly category?: string;
  readonly resume?: boolean;
  readonly dryRun?: boolean;
  readonly database?: readonly string[];
  readonly data?: string;
  readonly json?: boolean;
}

/** `touchstone replay`: public events once more, on a topic of their own. */
export function addReplay(program: Command, desk: ExportSurroundings): void {
  program.command('replay').description('send public events of a service from its log to a new topic of Kafka, as its relay sends them; Kafka is named in the environment, as for a service')
    .requiredOption('--service <name>', 'whose events').requiredOption('--topic <name>', 'to send to, as the cluster calls it; made when it is not there; never the topic of a service')
    .option('--from <place>', 'seq, position (<log id>@<seq>), day or instant in UTC, included; the first event when left out').option('--to <place>', 'likewise; what is on disk now when left out')
    .option('--type <types>', 'only these, separated by commas').option('--category <categories>', 'only streams of these, separated by commas')
    .option('--resume', 'go on with the same replay on a topic that holds some of it').option('--dry-run', 'count what would be sent; asks only the log')
    .option('--database <service=address...>', 'PostgreSQL of the service, by a role that may select (or TOUCHSTONE_DATABASE_URL_<SERVICE> in the environment)')
    .action(async (_options: unknown, command: Command) => {
      const { service, topic, from, to, type, category, resume = false, dryRun = false, database, data, json } = command.optsWithGlobals<Given>();
      const replayed = await (await import('./run-replay.js')).runReplay({
        service, topic, resume, dryRun, ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...(type !== undefined && { types: listed(type) }),
        ...(category !== undefined && { categories: listed(category) }), ...(database !== undefined && { database }), ...(data !== undefined && { data }),
      }, desk);
      desk.stdout.write(json ? `${JSON.stringify({ ...replayed, dryRun }, undefined, 2)}\n` : replayedText(replayed, dryRun));
    });
}

const listed = (text: string): string[] => text.split(',').map((each) => each.trim());

function replayedText({ service, topic, replayId, records, sent, fromSeq, toSeq }: Replayed, dryRun: boolean): string {
  const range = `${service} ${fromSeq}–${toSeq}`;
  if (dryRun) return `${range}: ${grouped(records)} records would be sent to ${printable(topic)}; nothing was sent\n`;
  const before = records > sent ? `, ${grouped(records - sent)} of them by an earlier run` : '';
  return `${range}: ${grouped(records)} records are on ${printable(topic)}${before}; each has the header touchstone_replay ${replayId}\n`;
}
