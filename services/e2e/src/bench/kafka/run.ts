import { loadavg } from 'node:os';
import { KAFKA_VERSION } from '@touchstone/testing/kafka';
import { exportContest } from '../export/contest.js';
import { fillLog } from '../fill-log.js';
import { machine } from '../machine.js';
import type { Contest, Row } from '../measure.js';
import { compete } from '../measure.js';
import type { Report, Tell } from '../run.js';
import type { Verdict } from '../targets.js';
import { verdictsOf } from '../targets.js';
import { catchUpContest } from './catch-up.js';
import type { KafkaGrounds } from './grounds.js';
import { openGrounds } from './grounds.js';
import { ingestContest } from './ingest.js';
import type { KafkaOptions, Part } from './options.js';
import { relayContest } from './relay.js';
import { tripsContest } from './trips.js';

export interface KafkaReport extends Omit<Report, 'peers' | 'options'> {
  readonly kafka: string;
  readonly options: Omit<KafkaOptions, 'json' | 'write'>;
}

type Opening = (grounds: KafkaGrounds, options: KafkaOptions, notes: string[]) => Promise<{ readonly contest: Contest; close?(): Promise<void> }>;

const opening: Readonly<Record<Part, Opening>> = {
  relay: async (grounds, { events }) => ({ contest: await relayContest(grounds, events) }),
  trip: (grounds, { trips }) => tripsContest(grounds, trips),
  ingest: async (grounds, { events }) => ({ contest: await ingestContest(grounds, events) }),
  'catch-up': async (grounds, { long }, notes) => ({ contest: await catchUpContest(grounds, long, notes) }),
  export: async (grounds, { events }) => {
    const { store, database } = await grounds.log('exported');
    await fillLog(database.ownerUrl, { from: 1, to: events, eventsAStream: 20, onlyReadInOrder: true });
    return exportContest(database.folder, store, events);
  },
};

/** Throws when it could not run; whatever was measured is a result. */
export async function runKafka(options: KafkaOptions, tell: Tell): Promise<KafkaReport> {
  const [before = 0] = loadavg();
  const grounds = await openGrounds();
  const interrupted = () => void grounds.close().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  try {
    const rows: Row[] = [];
    const verdicts: Verdict[] = [];
    const notes: string[] = [];
    for (const part of options.parts) {
      tell(`${part}: gets ready`);
      const { contest, close } = await opening[part](grounds, options, notes);
      try {
        tell(`${contest.area}: ${contest.what}`);
        const own = await compete(contest, options.rounds);
        rows.push(...own);
        verdicts.push(...verdictsOf(contest, own));
        notes.push(...(contest.causes?.(own) ?? []));
      } finally {
        await close?.();
      }
    }
    const [after = 0] = loadavg();
    const { rounds, parts, events, trips, long } = options;
    return {
      date: new Date().toISOString(), machine: machine(), load: { before, after }, node: process.version, postgres: await grounds.server.settings(), kafka: KAFKA_VERSION,
      options: { rounds, parts, events, trips, long }, rows, verdicts, notes,
    };
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, interrupted);
    await grounds.close();
  }
}
