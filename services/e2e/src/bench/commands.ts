import { randomUUID } from 'node:crypto';
import { openPostgresStore } from '@touchstone/event-store';
import type { OpenArea } from './area.js';
import type { Contender, Sample, Target } from './measure.js';
import { keepBusy } from './measure.js';
import { OurCommands, ourKeys } from './our-commands.js';
import { castore } from './peers/castore.js';
import { emmett } from './peers/emmett.js';
import { evtstore } from './peers/evtstore.js';
import type { Peer } from './peers/peer.js';
import { bestPool, opened } from './peers/peer.js';
import { atLeast, timesAsFastAs } from './targets.js';

const AT_ONCE = [1, 64];
const COMMANDS_A_STREAM = 10;

/** Read, fold, decide, append: one decider for all, and streams that grow to ten events, so that nobody reads long ones. */
export const commandsArea: OpenArea = async (server, { durationMs }) => {
  const { url, ownerUrl } = await server.database('commands');
  for (const peer of [emmett, evtstore, castore]) await peer.prepare(ownerUrl);
  const store = await openPostgresStore({ url });
  const commands = new OurCommands(store, ourKeys(store));
  const notes: string[] = [];
  const contests = AT_ONCE.map((atOnce) => ({
    area: 'commands' as const, what: `handle commands, ${atOnce} at once`, unit: 'commands/s' as const, targets: targetsFor(atOnce),
    contenders: [
      { name: 'this store', run: () => commanding(atOnce, durationMs, (stream) => commands.handle(stream)) },
      {
        name: 'this store, reading the stream each time',
        run: () => commanding(atOnce, durationMs, (stream) => {
          commands.forgetStates();
          return commands.handle(stream);
        }),
      },
      ...[emmett, evtstore, castore].map((peer) => peerCommands(peer, ownerUrl, atOnce, durationMs, notes)),
    ],
  }));
  return { contests, notes, close: () => store.close() };
};

const targetsFor = (atOnce: number): Target[] =>
  (atOnce === 1 ? [atLeast(1.5, "≥ 1.5 × Emmett's command handler", timesAsFastAs('Emmett'))] : [atLeast(5, "≥ 5 × Emmett's command handler", timesAsFastAs('Emmett'))]);

function peerCommands(peer: Peer, ownerUrl: string, atOnce: number, durationMs: number, notes: string[]): Contender {
  let connections: Promise<number> | undefined;
  return {
    name: peer.name,
    run: async () => {
      connections ??= bestPool(peer, ownerUrl, atOnce, durationMs, { of: `commands: ${peer.name}, ${atOnce} at once`, notes });
      return opened(peer, ownerUrl, await connections, (open) => commanding(atOnce, durationMs, (stream) => open.handle(stream)));
    },
  };
}

/** Each worker gives ten commands to a stream of his own, then goes on to a new one. */
function commanding(workers: number, durationMs: number, handle: (stream: string) => Promise<unknown>): Promise<Sample> {
  const current = Array.from({ length: workers }, () => ({ stream: '', given: COMMANDS_A_STREAM }));
  return keepBusy(workers, durationMs, async (worker) => {
    const mine = current[worker] ?? { stream: '', given: COMMANDS_A_STREAM };
    if (mine.given === COMMANDS_A_STREAM) Object.assign(mine, { stream: `gauge-${randomUUID()}`, given: 0 });
    mine.given += 1;
    await handle(mine.stream);
    return 1;
  });
}
