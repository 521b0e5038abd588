// `npm run bench -- export`: the export of a log to Parquet, against DuckDB's own COPY of the same rows from a CSV file.
import { openPostgresStore } from '@touchstone/event-store';
import { startBenchServer } from '../database.js';
import { fillLog } from '../fill-log.js';
import type { Row } from '../measure.js';
import { compete } from '../measure.js';
import type { OpenedExport } from './contest.js';
import { exportContest } from './contest.js';

interface Numbers {
  readonly events: number;
  readonly rounds: number;
}

/** Numbers behind `--events` and `--rounds`; 200,000 events, five rounds. */
function numbersIn(args: readonly string[]): Numbers {
  const behind = (name: string, usual: number): number => {
    const at = args.indexOf(name);
    const value = at < 0 ? usual : Number(args[at + 1]);
    if (!Number.isInteger(value) || value < 1) throw Object.assign(new Error(`${name} must be a whole number from 1`), { code: 'BAD_OPTION' });
    return value;
  };
  return { events: behind('--events', 200_000), rounds: behind('--rounds', 5) };
}

export async function exportMain(args: readonly string[]): Promise<void> {
  const numbers = numbersIn(args);
  const server = await startBenchServer();
  try {
    const database = await server.database('export');
    await fillLog(database.ownerUrl, { from: 1, to: numbers.events, eventsAStream: 20, onlyReadInOrder: true });
    const store = await openPostgresStore({ url: database.url });
    try {
      const opened = await exportContest(database.folder, store, numbers.events);
      process.stdout.write(asText(opened, await compete(opened.contest, numbers.rounds), numbers));
    } finally {
      await store.close();
    }
  } finally {
    await server.remove();
  }
}

function asText({ csvBytes, parquetBytes }: OpenedExport, rows: readonly Row[], { events, rounds }: Numbers): string {
  const line = ({ contender, rate: { median, min, max }, ours }: Row): string =>
    `${contender.padEnd(44)}${[median, min, max].map((rate) => Math.round(rate).toLocaleString('en').padStart(10)).join('')}${ours ? ours.median.toFixed(2).padStart(8) : ''}\n`;
  return `${events.toLocaleString('en')} events, ${rounds} rounds, interleaved; ${(csvBytes / 2 ** 20).toFixed(0)} MiB as CSV, ${(parquetBytes / 2 ** 20).toFixed(0)} MiB as Parquet
${'events/s'.padEnd(44)}    median       min       max    ours
${rows.map(line).join('')}most memory of the process: ${Math.round(process.resourceUsage().maxRSS / 1_024)} MiB
`;
}
