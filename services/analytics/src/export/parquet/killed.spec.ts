import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentOf, counts, exportTo } from './export-folder.spec-kit.js';
import { exportedIn, MadeUpLog } from './made-up-log.spec-kit.js';

const program = fileURLToPath(new URL('export-process.spec-kit.ts', import.meta.url));
const BATCH = 700;

let home: string;
beforeAll(() => { home = mkdtempSync(join(tmpdir(), 'touchstone-killed-')); });
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

/** Numbers that look random and are the same for a seed. */
function drawn(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** True when it was killed before it was done. */
function killedExport(folder: string, length: number, killAtStep: number, killAfterMs: number): boolean {
  const { status, signal, stderr } = spawnSync(process.execPath, [
    '--disable-warning=ExperimentalWarning', '--conditions=@touchstone/source', '--import', '@swc-node/register/esm-register', program, folder, ...[length, BATCH, killAtStep, killAfterMs].map(String),
  ], { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(`the export ended with ${status}: ${stderr}`);
  return signal === 'SIGKILL';
}

describe('an export that is killed, again and again, at steps drawn by a seed', () => {
  it.each([1, 2, 3])('ends with the files of one that never was (seed %i)', async (seed) => {
    const [killed, whole] = [join(home, `killed-${seed}`), join(home, `whole-${seed}`)];
    const below = drawn(seed);
    const wholeOne = await exportTo(whole, new MadeUpLog(2_000), { batchPlaces: BATCH });
    let kills = 0;
    while (kills < 5 && killedExport(killed, 2_000, 1 + below(12), below(2) * below(12))) kills += 1;
    expect(kills).toBeGreaterThan(1);
    killedExport(killed, 2_000, 0, 0);
    expect(contentOf(killed)).toEqual(contentOf(whole));
    expect(await exportTo(killed, new MadeUpLog(2_000))).toMatchObject({ events: 0, total: wholeOne.total });
  }, 240_000);

  it('holds each event once, though the log grew between the kills', async () => {
    const folder = join(home, 'growing');
    const below = drawn(4);
    let length = 500;
    for (let run = 0; run < 6; run += 1) {
      killedExport(folder, length, 1 + below(14), 0);
      length += 1 + below(900);
    }
    expect(killedExport(folder, length, 0, 0)).toBe(false);
    expect(await counts(folder)).toEqual([exportedIn(length), exportedIn(length)]);
  }, 240_000);
});
