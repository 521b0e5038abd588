// Adds golden events where there are none yet, and touches no other. From the repository's root:
//   node --conditions=@touchstone/source --import @swc-node/register/esm-register services/e2e/src/golden-events/add.ts --add
// Without --add it says what is missing, and fails when something is.
import 'reflect-metadata';
import { samplesOf, stored, types, upcasting } from './declared.js';
import { add, filesIn, goldensIn, pathOf, readAsPathOf, readGolden, versionsOf, withHash } from './golden.js';

const adds = process.argv.includes('--add');
let missing = 0;
const put = (path: string, content: object) => {
  missing += 1;
  if (adds) add(path, content);
  process.stdout.write(`${adds ? 'added' : 'missing'}  ${path}\n`);
};

const there = new Set(goldensIn());
for (const type of types) {
  if ([...there].some((path) => path.startsWith(`${type}/`))) continue;
  for (const [index, event] of samplesOf(type).entries()) {
    const golden = await stored(event, index + 1);
    const [own] = await versionsOf(golden, upcasting);
    put(pathOf(type, index + 1), withHash({ ...golden, data: own?.data }));
  }
}

const files = new Set(filesIn());
for (const path of goldensIn()) {
  for (const { type, data } of (await versionsOf(readGolden(path), upcasting)).slice(1)) {
    const later = readAsPathOf(path, type);
    if (!files.has(later)) put(later, withHash({ type, data }));
  }
}
process.stdout.write(`${types.length} types of events, ${files.size} golden files${missing > 0 ? `, ${missing} ${adds ? 'added' : 'missing'}` : ', none missing'}\n`);
process.exitCode = missing > 0 && !adds ? 1 : 0;
