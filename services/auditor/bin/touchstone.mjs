#!/usr/bin/env node
// Runs the command line from its sources on the pinned Node of this repository, from whatever folder it is called.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const fromRoot = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const name = process.platform === 'win32' ? `node-win-${process.arch}` : `node-${process.platform}-${process.arch}`;
const pinned = fromRoot(`node_modules/${name}/bin/${process.platform === 'win32' ? 'node.exe' : 'node'}`);
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
// What @swc-node/register/esm-register does, except that it looks for itself below the folder it is called from.
const hook = `import { register } from 'node:module'; register(${JSON.stringify(import.meta.resolve('@swc-node/register/esm'))});`;
const flags = ['--enable-source-maps', '--conditions=@touchstone/source', '--import', `data:text/javascript,${encodeURIComponent(hook)}`];
const env = { ...process.env, SWC_NODE_PROJECT: process.env.SWC_NODE_PROJECT ?? fromRoot('tsconfig.base.json') };

const child = spawn(existsSync(pinned) ? pinned : process.execPath, [...flags, main, ...process.argv.slice(2)], { stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(`touchstone: ${error.message}`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
});
