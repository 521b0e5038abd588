import type { OpenArea } from './area.js';
import { fillLog } from './fill-log.js';
import type { Contender, Sample } from './measure.js';
import { startChild } from './processes/child.js';
import type { Reading } from './processes/reading.js';
import { atMost } from './targets.js';

const SIZES = [100_000, 1_000_000, 5_000_000];
const FEWER = [10_000, 50_000];
const LIMIT_MIB = 200;

/** Of these, the feed is measured at the middle one only: it takes several times as long. */
const decodedOf = (sizes: readonly number[]): number => sizes[Math.floor(sizes.length / 2)] ?? 0;

/** By how much a process grows that reads a whole log: flat, however long the log is. */
export const memoryArea: OpenArea = async (server, { large, events }) => {
  const { url, ownerUrl } = await server.database('memory');
  const sizes = large ? SIZES : FEWER.map((size) => Math.min(size, events));
  const most = Math.max(...sizes);
  await fillLog(ownerUrl, { from: 1, to: most, eventsAStream: 20, onlyReadInOrder: true });
  const notes = large ? [] : [`memory: up to ${shown(most)} events; with --large or --write up to ${shown(Math.max(...SIZES))}`];
  return {
    contests: [{
      area: 'memory', what: 'a process of its own that reads a log', unit: 'events/s', withoutRatio: true, ownRounds: 1,
      contenders: [
        ...sizes.map((size) => reading(`readAll, ${shown(size)} events`, { url, events: size, through: 'readAll' }, notes)),
        reading(`the feed, decoded, ${shown(decodedOf(sizes))} events`, { url, events: decodedOf(sizes), through: 'feed' }, notes),
      ],
      targets: [atMost(LIMIT_MIB, `readAll, ≤ ${LIMIT_MIB} MiB at every length up to ${shown(most)} events`, (rows) =>
        Math.max(...rows.filter(({ contender }) => contender.startsWith('readAll')).map(({ memoryMiB }) => memoryMiB?.median ?? NaN)))],
    }],
    notes,
    close: () => Promise.resolve(),
  };
};

const shown = (count: number): string => count.toLocaleString('en-US');

function reading(name: string, asked: Reading, notes: string[]): Contender {
  return {
    name,
    run: async () => {
      const child = startChild('reading');
      try {
        const sample = await child.ask<Sample & { wholeMiB: number }>('read', asked);
        notes.push(`memory: ${name}: the whole process, Node, libraries and loader included, held ${Math.round(sample.wholeMiB)} MiB at most`);
        return sample;
      } finally {
        await child.end();
      }
    },
  };
}
