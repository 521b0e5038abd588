/**
 * A writer process: started by `startWriterProcesses`, spoken to over IPC (see `messages`). What it opened stays open for later jobs
 * of the same kind, so that no run pays for connections. It ends with the process that started it.
 */
import { randomUUID } from 'node:crypto';
import { keepBusy } from '../measure.js';
import type { OpenContender } from './contenders.js';
import { contenders } from './contenders.js';
import type { Job, Reply, Request, Written } from './messages.js';

const opened = new Map<string, Promise<OpenContender>>();
let job: Job | undefined;

async function open({ contender, url, writers }: Job): Promise<OpenContender> {
  const key = `${contender} ${url}`;
  const opening = opened.get(key) ?? contenders[contender](url);
  opened.set(key, opening);
  const found = await opening;
  await found.reserve?.(writers);
  return found;
}

/** Each writer on a stream of its own, so that nothing conflicts. */
async function write(wanted: Job, durationMs: number): Promise<Written> {
  const contender = await open(wanted);
  const streams = Array.from({ length: wanted.writers }, () => ({ name: `gauge-${randomUUID()}`, version: 0 }));
  const before = process.cpuUsage();
  const { count, elapsedMs, latenciesMs } = await keepBusy(wanted.writers, durationMs, async (writer) => {
    const stream = streams[writer] ?? { name: '', version: 0 };
    stream.version += 1;
    await contender.append(writer, stream.name, stream.version);
    return 1;
  });
  const { user, system } = process.cpuUsage(before);
  return { count, elapsedMs, latenciesMs: Float64Array.from(latenciesMs), processorMs: (user + system) / 1_000 };
}

async function reply(request: Request): Promise<Reply> {
  switch (request.kind) {
    case 'prepare':
      job = request;
      await open(job);
      return { kind: 'ready' };
    case 'begin':
      if (!job) throw new Error('nothing was prepared');
      return { kind: 'written', ...(await write(job, request.durationMs)) };
    case 'end':
      await Promise.all([...opened.values()].map(async (each) => (await each).close()));
      opened.clear();
      return { kind: 'ready' };
  }
}

process.on('message', (request: Request) => {
  reply(request)
    .catch((error: unknown): Reply => ({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }))
    .then((answer) => process.send?.(answer), () => undefined);
});
process.on('disconnect', () => process.exit());
