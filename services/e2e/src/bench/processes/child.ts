import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of its own that answers what it is asked, one question after the other. */
export interface Child {
  readonly pid: number;
  /** Its standard input and output: for what comes too often to be a question. */
  readonly process: ChildProcess;
  /** Throws what the child reports, and when it ends before it has answered. */
  ask<T>(what: string, given?: object): Promise<T>;
  /** Ends it and waits until it is gone. */
  end(): Promise<void>;
}

interface Answer {
  readonly value?: unknown;
  readonly error?: string;
}

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
/** Run from sources, a process needs what `npm run bench` itself was started with; built, it needs nothing. */
const FROM_SOURCES = ['--conditions=@touchstone/source', '--import', '@swc-node/register/esm-register'];

/** Starts `./<program>` of this folder. */
export function startChild(program: string): Child {
  const isSource = import.meta.url.endsWith('.ts');
  const file = fileURLToPath(new URL(`./${program}.${isSource ? 'ts' : 'js'}`, import.meta.url));
  const child = fork(file, {
    cwd: root, execArgv: isSource ? FROM_SOURCES : [], env: { ...process.env, NODE_OPTIONS: '' }, serialization: 'advanced', stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
  });
  return {
    pid: child.pid ?? 0,
    process: child,
    ask: <T>(what: string, given: object = {}) => asked(child, program, { what, given }) as Promise<T>,
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}

function asked(child: ChildProcess, program: string, question: { what: string; given: object }): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const gone = () => settle(() => reject(new Error(`the process ${program} ended before it answered ${question.what}`)));
    const answered = ({ value, error }: Answer) => settle(() => (error === undefined ? resolve(value) : reject(new Error(`${program}, ${question.what}: ${error}`))));
    const settle = (done: () => void) => {
      child.off('message', answered).off('exit', gone);
      done();
    };
    child.on('message', answered).on('exit', gone);
    if (child.connected) child.send(question);
    else gone();
  });
}
