import { createInterface } from 'node:readline';
import type { OpenArea } from './area.js';
import { canReadCpuTime, cpuTimeMs, cpuTimeWithChildrenMs } from './cpu-time.js';
import { asOwner } from './database.js';
import type { Contender, Sample } from './measure.js';
import { keepBusy } from './measure.js';
import { emmett } from './peers/emmett.js';
import { bestPool } from './peers/peer.js';
import { plainTable } from './peers/plain-rows.js';
import type { Appending } from './processes/appending.js';
import type { Child } from './processes/child.js';
import { startChild } from './processes/child.js';
import { newStreams } from './sample-event.js';
import { atMost, rowOf } from './targets.js';

const WRITERS = 64;
const LIMIT_US = 50;
/** Long enough that hundredths of a second, to which each process is counted, do not matter. */
const LEAST_MS = 1_000;

/** Processor time of one event: the service's process and the server's, not that of who asks them. */
export const cpuArea: OpenArea = async (server, { durationMs }) => {
  const nothing = { contests: [], close: () => Promise.resolve() };
  if (!canReadCpuTime()) return { ...nothing, notes: ['cpu: left out, this system has no /proc to read processor time from'] };
  const { url, ownerUrl } = await server.database('cpu');
  await asOwner(ownerUrl, plainTable('cpu_app'));
  await emmett.prepare(ownerUrl);
  const notes: string[] = [];
  const connections = await bestPool(emmett, ownerUrl, WRITERS, durationMs, { of: `cpu: Emmett, ${WRITERS} writers`, notes });
  const asked: readonly Appending[] = [
    { kind: 'this store', url, connections: 0 }, { kind: 'plain pg', url, connections: WRITERS }, { kind: 'Emmett', url: ownerUrl, connections },
  ];
  return {
    contests: [{
      area: 'cpu', what: `processor time of an event of 200 bytes, ${WRITERS} writers`, unit: 'events/s',
      contenders: asked.map((each) => serviceOf(each, server.pid, Math.max(durationMs, LEAST_MS))),
      targets: [atMost(LIMIT_US, `≤ ${LIMIT_US} µs an event, service and server`, (rows) => rowOf(rows, 'this store')?.cpuUs?.median)],
    }],
    notes,
    close: () => Promise.resolve(),
  };
};

/** Its process is started for the round and warmed up, so that what it costs to start is not counted. */
function serviceOf(appending: Appending, serverPid: number, durationMs: number): Contender {
  return {
    name: appending.kind,
    run: async () => {
      const child = startChild('appending');
      try {
        await child.ask('open', appending);
        const append = appendsBy(child);
        await write(append, durationMs / 2);
        const [service, database] = [cpuTimeMs(child.pid), cpuTimeWithChildrenMs(serverPid)];
        const sample = await write(append, durationMs);
        const serviceCpuMs = cpuTimeMs(child.pid) - service;
        return { ...sample, serviceCpuMs, cpuMs: serviceCpuMs + cpuTimeWithChildrenMs(serverPid) - database };
      } finally {
        await child.end();
      }
    },
  };
}

function write(append: (stream: string, version: number) => Promise<void>, durationMs: number): Promise<Sample> {
  const streams = newStreams(WRITERS);
  return keepBusy(WRITERS, durationMs, async (writer) => {
    const stream = streams[writer] ?? { name: '', version: 0 };
    await append(stream.name, stream.version);
    stream.version += 1;
    return 1;
  });
}

/** Many appends at a time over the child's standard input and output. */
function appendsBy({ process: child }: Child): (stream: string, version: number) => Promise<void> {
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error('the process has no input and output');
  const waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  let requests = 0;
  createInterface({ input: stdout }).on('line', (request) => {
    waiting.get(request)?.resolve();
    waiting.delete(request);
  });
  child.once('exit', () => waiting.forEach(({ reject }) => reject(new Error('the service ended while it was asked'))));
  return (stream, version) => new Promise((resolve, reject) => {
    const request = String((requests += 1));
    waiting.set(request, { resolve, reject });
    stdin.write(`${request} ${stream} ${version}\n`);
  });
}
