import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Job, Reply, Request, Written } from './messages.js';

/** Processes of their own that append as instances of a service do. */
export interface WriterProcesses {
  /** Their process ids, for who wants to kill one. */
  readonly pids: readonly number[];
  /** Lets the first `processes` of them append at the same time, after all have opened what they need. */
  write(job: Job, processes: number, durationMs: number): Promise<readonly Written[]>;
  /** Closes their connections and ends them. */
  end(): Promise<void>;
}

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
/** Run from sources, a process needs what `npm run bench` itself was started with; built, it needs nothing. */
const fromSources = ['--conditions=@touchstone/source', '--import', '@swc-node/register/esm-register'];

/** Throws what a writer reports, and when one ends before it has answered. */
export async function startWriterProcesses(count: number): Promise<WriterProcesses> {
  const isSource = import.meta.url.endsWith('.ts');
  const program = fileURLToPath(new URL(`./writer.${isSource ? 'ts' : 'js'}`, import.meta.url));
  const children = Array.from({ length: count }, () => fork(program, {
    cwd: root, execArgv: isSource ? fromSources : [], env: { ...process.env, NODE_OPTIONS: '' }, serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  }));
  const ask = (processes: number, request: Request) => Promise.all(children.slice(0, processes).map((child) => asked(child, request)));
  return {
    pids: children.map(({ pid }) => pid ?? 0),
    write: async (job, processes, durationMs) => {
      await ask(processes, { kind: 'prepare', ...job });
      const replies = await ask(processes, { kind: 'begin', durationMs });
      return replies.flatMap((reply) => (reply.kind === 'written' ? [reply] : []));
    },
    end: async () => {
      const ended = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).map((child) => once(child, 'exit'));
      await ask(count, { kind: 'end' }).catch(() => undefined); // one that is gone has nothing open
      for (const child of children) if (child.connected) child.disconnect();
      await Promise.all(ended);
    },
  };
}

function asked(child: ChildProcess, request: Request): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const gone = () => settle(() => reject(new Error(`writer process ${child.pid} ended before it answered`)));
    const answered = (reply: Reply) => settle(() => (reply.kind === 'failed' ? reject(new Error(`a writer failed: ${reply.message}`)) : resolve(reply)));
    const settle = (done: () => void) => {
      child.off('message', answered).off('exit', gone);
      done();
    };
    child.on('message', answered).on('exit', gone);
    if (child.connected) child.send(request);
    else gone();
  });
}
