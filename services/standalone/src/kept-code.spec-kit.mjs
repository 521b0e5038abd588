// Loads TypeScript from sources, compiling each file once and keeping the result in the folder that `?folder=` or
// TOUCHSTONE_KEPT_CODE names: specs that start processes many times would otherwise spend most of their time compiling the same files.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const folder = new URL(import.meta.url).searchParams.get('folder') ?? process.env['TOUCHSTONE_KEPT_CODE'];
if (!folder) throw new Error('neither ?folder= nor TOUCHSTONE_KEPT_CODE names a folder');

const options = {
  swcrc: false,
  jsc: {
    target: 'es2023', keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'es6' },
};

registerHooks({
  resolve: (specifier, context, next) =>
    next(/^\.\.?\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts') ? `${specifier.slice(0, -2)}ts` : specifier, context),
  load: (url, context, next) => (/^file:.*\.ts$/.test(url) ? { format: 'module', shortCircuit: true, source: compiled(fileURLToPath(url)) } : next(url, context)),
});

function compiled(file) {
  const source = readFileSync(file, 'utf8');
  const kept = join(folder, `${createHash('sha256').update(file).update(source).digest('hex')}.js`);
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const { code } = transformSync(source, { ...options, filename: file });
  writeFileSync(`${kept}.${process.pid}`, code);
  renameSync(`${kept}.${process.pid}`, kept); // whole or not at all
  return code;
}
