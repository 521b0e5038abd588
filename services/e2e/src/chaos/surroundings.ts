import { spawn } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';

export const machine = (): string => `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version}`;

/** When this process is killed, another one notices by the pipe that closes, ends the servers in the folder and removes it. */
export function clearUpAfter(folder: string): () => void {
  const script = `process.stdin.resume().on('end', () => {
    const { globSync, readFileSync, rmSync } = require('node:fs');
    for (const file of globSync(${JSON.stringify(folder)} + '/**/cluster/postmaster.pid')) try { process.kill(Number(readFileSync(file, 'utf8').split('\\n', 1)[0]), 'SIGQUIT'); } catch {}
    setTimeout(() => {
      require('node:child_process').spawnSync('umount', [${JSON.stringify(folder)} + '/small-disk']);
      rmSync(${JSON.stringify(folder)}, { recursive: true, force: true, maxRetries: 5 });
    }, 1000);
  })`;
  const guard = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.on('error', () => undefined);
  guard.unref();
  return () => guard.kill();
}
