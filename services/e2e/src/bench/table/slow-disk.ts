import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../../../../../infra/slow-fsync/slow_fsync.c', import.meta.url));

/** Makes the disk of one PostgreSQL slow, by a library that its server is started with. */
export interface SlowDisk {
  /** For the server's process: see `startLocalPostgres`. */
  readonly environment: Readonly<Record<string, string>>;
  /** From the next fsync on, each takes so many microseconds more; 0 at first. The server need not be started again. */
  setDelayUs(delayUs: number): void;
  /** How often an fsync has come back. None although a server has started: the library was not loaded. */
  calls(): number;
  /** Removes the library and its control file. A server that runs keeps both. */
  remove(): void;
}

/** Why the disk cannot be made slow here. */
export interface NoSlowDisk {
  readonly why: string;
}

/** Compiles the library into a folder of its own, where every user can read it: as root, the server runs as another one. */
export function slowDisk(compilers: readonly string[] = ['cc', 'gcc', 'clang'], platform: string = process.platform): SlowDisk | NoSlowDisk {
  if (platform !== 'linux') return { why: 'libraries are preloaded on Linux only' };
  const compiler = compilers.find(runs);
  if (compiler === undefined) return { why: 'no C compiler' };
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-slow-fsync-'));
  const [library, control] = [join(folder, 'slow_fsync.so'), join(folder, 'control')];
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    execFileSync(compiler, ['-O2', '-shared', '-fPIC', '-o', library, SOURCE], { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    remove();
    return { why: `${compiler} failed: ${(error as { stderr?: string }).stderr?.trim() ?? String(error)}` };
  }
  writeFileSync(control, new BigUint64Array(2));
  for (const [path, mode] of [[folder, 0o755], [library, 0o755], [control, 0o666]] as const) chmodSync(path, mode);
  return {
    environment: { LD_PRELOAD: library, SLOW_FSYNC_CONTROL: control },
    setDelayUs: (delayUs) => writeAtStart(control, BigUint64Array.of(BigInt(delayUs))),
    calls: () => Number(numbersIn(control)[1]),
    remove,
  };
}

function runs(compiler: string): boolean {
  try {
    execFileSync(compiler, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The file stays the same one, longer than what is written: the server has it mapped. */
function writeAtStart(path: string, bytes: BigUint64Array): void {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, bytes, 0, bytes.byteLength, 0);
  } finally {
    closeSync(file);
  }
}

const numbersIn = (path: string): BigUint64Array => new BigUint64Array(Uint8Array.from(readFileSync(path)).buffer);
