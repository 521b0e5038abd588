import { Linter, type Linter as L } from 'eslint';
import typescript from 'typescript-eslint';
import { deciderImports } from './decider-imports.mjs';
import { pureImports, purity } from './purity.mjs';
import { sliceImports } from './slice-imports.mjs';

const linter = new Linter({ cwd: '/repository' });

/** The messages of `rules` about `code`, as if it were the file `path` of the repository. */
function messages(path: string, code: string, rules: object): string[] {
  const config = {
    files: ['**/*.ts'],
    languageOptions: { parser: typescript.parser },
    plugins: { touchstone: { rules: { 'slice-imports': sliceImports, 'decider-imports': deciderImports } } },
    rules,
  } as unknown as L.Config;
  return linter.verify(code, config, `/repository/${path}`).map((message) => message.ruleId ?? message.message);
}

describe('a slice', () => {
  const found = (path: string, code: string) => messages(path, code, { 'touchstone/slice-imports': 'error' });
  const lots = 'services/control/src/lots/lots.module.ts';

  it.each([
    ['another slice', "import { gauge } from '../gauges/decider.js';"],
    ['a type of another slice', "import type { Gauge } from '../gauges/decider.js';"],
    ['another slice by re-export', "export * from '../gauges/events.js';"],
    ['another slice, later', "const gauge = import('../gauges/decider.js');"],
    ['a slice of another service', "import { plan } from '../../../planning/src/control-plans/decider.js';"],
    ['the module that wires it', "import { AppModule } from '../app.module.js';"],
  ])('does not import %s', (_what, code) => {
    expect(found(lots, code)).toEqual(['touchstone/slice-imports']);
  });

  it.each([
    ['its own files', "import { lot } from './decider.js';"],
    ["the service's configuration", "import { Config } from '../config.js';"],
    ['a library', "import { Commands } from '@touchstone/platform';"],
  ])('imports %s', (_what, code) => {
    expect(found(lots, code)).toEqual([]);
  });

  it('is imported by the module that wires it', () => {
    expect(found('services/control/src/app.module.ts', "import { LotsModule } from './lots/lots.module.js';")).toEqual([]);
  });
});

describe('a decider', () => {
  const found = (code: string) => messages('services/control/src/lots/decider.ts', code, { 'touchstone/decider-imports': 'error' });

  it.each([
    ['Node', "import { readFileSync } from 'node:fs';"],
    ['Nest', "import { Injectable } from '@nestjs/common';"],
    ['the event store, even by type', "import type { EventStore } from '@touchstone/event-store';"],
    ['a file outside its folder', "import { Config } from '../config.js';"],
    ['commands with their validators', "import { HoldQuantity } from './commands.js';"],
  ])('does not import %s', (_what, code) => {
    expect(found(code)).toEqual(['touchstone/decider-imports']);
  });

  it.each([
    ['its events', "import { lotStream } from './events.js';"],
    ['commands as types', "import type { HoldQuantity } from './commands.js';"],
    ['pure libraries', "import { plus } from '@touchstone/kernel';"],
    ['contracts', "import type { QuantityHeld } from '@touchstone/contracts/control';"],
  ])('imports %s', (_what, code) => {
    expect(found(code)).toEqual([]);
  });
});

describe('pure code', () => {
  const found = (code: string) => messages('libs/ledger/src/tree.ts', code, { ...purity, ...pureImports });

  it.each([
    ['the time', 'export const at = new Date();'],
    ['the time by another way', 'export const at = globalThis.Date.now();'],
    ['chance', 'export const dice = Math.random();'],
    ['random ids', 'export const id = crypto.randomUUID();'],
    ['random bytes of Node', "import { randomBytes } from 'node:crypto';"],
    ['files', "import { readFileSync } from 'node:fs';"],
    ["the machine's language", 'export const order = (a: string, b: string) => a.localeCompare(b);'],
    ['number formats', "export const format = new Intl.NumberFormat('en');"],
    ['waiting', 'export async function later() { return 1; }'],
    ['the environment', 'export const mode = process.env;'],
    ["the engine's powers", 'export const root = (x: number) => x ** 0.5;'],
    ["the engine's powers by their other name", 'export const root = (x: number) => Math.pow(x, 3);'],
  ])('does not touch %s', (_what, code) => {
    expect(found(code)).toHaveLength(1);
  });

  it.each([
    ['hashes', "import { createHash } from 'node:crypto';"],
    ['checks signatures', "import { verify } from 'node:crypto';"],
    ['calculates', 'export const root = Math.sqrt(2);'],
    ['squares', 'export const square = (x: number) => x ** 2;'],
    ['writes powers of two out', 'export const limit = 2 ** 53;'],
    ['calculates with integers without end', 'export const unit = (scale: number) => 10n ** BigInt(scale);'],
  ])('%s', (_what, code) => {
    expect(found(code)).toEqual([]);
  });
});
