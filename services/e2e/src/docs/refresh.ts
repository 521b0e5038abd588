// Writes again what the documentation counts and lists from the sources (see written-parts.ts). From the repository's root:
//   node --conditions=@touchstone/source --import @swc-node/register/esm-register services/e2e/src/docs/refresh.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withPart } from './markdown.js';
import { read, root } from './repository.js';
import { parts, rewritten } from './written-parts.js';

for (const [page, writers] of Object.entries(parts)) {
  const before = read(page);
  const after = Object.entries(writers).reduce((text, [name, writer]) => withPart(text, name, rewritten(page, name, writer)), before);
  if (after !== before) writeFileSync(join(root, page), after);
  process.stdout.write(`${after === before ? 'as it was' : 'rewritten'}  ${page}\n`);
}
