import type { OpenArea } from './area.js';
import { fillLog } from './fill-log.js';
import type { Contender, Sample } from './measure.js';
import { startChild } from './processes/child.js';
import { atMost } from './targets.js';

const SIZES = [100_000, 1_000_000, 5_000_000];
const FEWER = [10_000, 50_000];
const LIMIT_MIB = 200;

/** By how much a process grows that reads a whole log through the feed: flat, however long the log is. */
export const memoryArea: OpenArea = async (server, { large, events }) => {
  const { url, ownerUrl } = await server.database('memory');
  const sizes = large ? SIZES : FEWER.map((size) => Math.min(size, events));
  const most = Math.max(...sizes);
  await fillLog(ownerUrl, { from: 1, to: most, eventsAStream: 20, onlyReadInOrder: true });
  const notes = large ? [] : [`memory: up to ${most.toLocaleString('en-US')} events; with --large or --write up to 5,000,000`];
  const name = (size: number) => `this store, ${size.toLocaleString('en-US')} events`;
  return {
    contests: [{
      area: 'memory', what: 'a process of its own that reads a log, decoded', unit: 'events/s', withoutRatio: true, ownRounds: 1,
      contenders: sizes.map((size) => reading(name(size), url, size, notes)),
      targets: [atMost(LIMIT_MIB, `≤ ${LIMIT_MIB} MiB at every length up to ${most.toLocaleString('en-US')} events`, (rows) => Math.max(...rows.map(({ memoryMiB }) => memoryMiB?.median ?? NaN)))],
    }],
    notes,
    close: () => Promise.resolve(),
  };
};

function reading(name: string, url: string, events: number, notes: string[]): Contender {
  return {
    name,
    run: async () => {
      const child = startChild('reading');
      try {
        const sample = await child.ask<Sample & { wholeMiB: number }>('read', { url, events });
        notes.push(`memory: with ${events.toLocaleString('en-US')} events the whole process, Node, libraries and loader included, held ${Math.round(sample.wholeMiB)} MiB at most`);
        return sample;
      } finally {
        await child.end();
      }
    },
  };
}
