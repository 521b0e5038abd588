import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const START_MS = 60_000;

/** Everything of this deployment has the same ids, whichever folder it lives in. Its clock stands still. */
export function prepareFolder(dataDir: string, deployment: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(join(dataDir, 'deployment.json'), JSON.stringify({ deployment, simulated: true }), { mode: 0o600 });
}

/** `npm start` in a process of its own, to be killed. */
export class HostProcess {
  private constructor(
    readonly url: string,
    /** It found the PostgreSQL of a host that had been killed. */
    readonly tookOver: boolean,
    /** The exit code; null after a signal. */
    readonly exited: Promise<number | null>,
    private readonly child: ChildProcess,
    private readonly dataDir: string,
    private readonly said: { text: string },
  ) {}

  /** `keptCode` is a folder in which compiled sources stay from one start to the next. */
  static async start(dataDir: string, keptCode: string, simulatedClock: string): Promise<HostProcess> {
    const child = spawn(
      process.execPath,
      ['--conditions=@touchstone/source', '--import', new URL('kept-code.spec-kit.mjs', import.meta.url).href, path('main.ts'), '--data', dataDir, '--port', '0', '--simulated-clock', simulatedClock, '--log', 'error'],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '', TOUCHSTONE_KEPT_CODE: keptCode } },
    );
    const exited = once(child, 'exit').then(([code]) => code as number | null);
    const said = { text: '' };
    child.stderr.setEncoding('utf8').on('data', (text: string) => { said.text = (said.text + text).slice(-20_000); });
    let out = '';
    const url = new Promise<string>((found, failed) => {
      const timer = setTimeout(() => failed(new Error(`the host did not start: ${said.text}`)), START_MS);
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
        const [, address] = /ready at (\S+) [^]*stop /.exec(out) ?? [];
        if (address !== undefined) { clearTimeout(timer); found(address); }
      });
      void exited.then((code) => { clearTimeout(timer); failed(new Error(`the host ended with ${code ?? child.signalCode}: ${said.text}`)); });
    });
    return new HostProcess(await url, out.includes('taken over'), exited, child, dataDir, said);
  }

  /** What it wrote on stderr: its log. */
  get log(): string {
    return this.said.text;
  }

  /** Kills what a failed test left running on these data. */
  static endLeftOver(dataDir: string): void {
    for (const file of ['host.pid', 'cluster/postmaster.pid'].map((name) => join(dataDir, 'postgres', name))) {
      if (existsSync(file)) {
        try {
          process.kill(Number(readFileSync(file, 'utf8').split('\n', 1)[0]), 'SIGKILL');
        } catch {
          // it had ended
        }
      }
    }
  }

  killHost(): void {
    this.child.kill('SIGKILL');
  }

  killDatabase(): void {
    process.kill(Number(readFileSync(join(this.dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n', 1)[0]), 'SIGKILL');
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.exited;
  }
}
