// One export in a process of its own, which kills itself: at the nth step, or in the middle of one.
import { exportFolder } from './export-folder.js';
import { MadeUpLog } from './made-up-log.spec-kit.js';

const [folder = '', length, batchPlaces, killAtStep, killAfterMs] = process.argv.slice(2);
const die = (): void => void process.kill(process.pid, 'SIGKILL');
let steps = 0;

await exportFolder({
  folder, sources: [new MadeUpLog(Number(length))], batchPlaces: Number(batchPlaces),
  step: () => {
    steps += 1;
    if (steps !== Number(killAtStep)) return;
    if (killAfterMs === '0') die();
    else setTimeout(die, Number(killAfterMs));
  },
});
