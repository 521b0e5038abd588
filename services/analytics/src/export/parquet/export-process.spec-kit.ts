// One export in a process of its own, which kills itself: at the nth step, or in the middle of one.
import { Batch } from './batch.js';
import { exportService } from './export-service.js';
import { lock } from './folder.js';
import { MadeUpLog } from './made-up-log.spec-kit.js';
import { Manifest } from './manifest.js';

const [folder = '', length, batchPlaces, killAtStep, killAfterMs] = process.argv.slice(2);
const die = (): void => void process.kill(process.pid, 'SIGKILL');
let steps = 0;

const held = lock(folder);
const batch = await Batch.open(folder);
await exportService({
  folder, batch, source: new MadeUpLog(Number(length)), manifest: Manifest.open(folder), batchPlaces: Number(batchPlaces),
  step: () => {
    steps += 1;
    if (steps !== Number(killAtStep)) return;
    if (killAfterMs === '0') die();
    else setTimeout(die, Number(killAfterMs));
  },
});
batch.close();
held.release();
