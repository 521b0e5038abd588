// What pure code may not touch: the same inputs must give the same bytes on every machine, in every year, twice.

const reason = 'Pure code: time, chance, locale and waiting arrive from outside, with the command.';

const globals = [
  'Date',
  'crypto',
  'Intl',
  'performance',
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'Temporal',
];

/** Methods whose answer depends on the machine's locale. */
const localised = ['toLocaleString', 'toLocaleUpperCase', 'toLocaleLowerCase', 'localeCompare'];

export const purity = {
  'no-restricted-globals': ['error', ...globals.map((name) => ({ name, message: reason }))],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: reason },
    { object: 'globalThis', property: 'Date', message: reason },
    { object: 'globalThis', property: 'crypto', message: reason },
    ...localised.map((property) => ({ property, message: reason })),
  ],
  'no-restricted-syntax': [
    'error',
    { selector: ':function[async=true]', message: reason },
    { selector: 'AwaitExpression', message: reason },
  ],
};

/** Hashes and signatures are functions of their input; keys and random bytes are not made in pure code. */
export const pureCryptography = [
  'createHash',
  'hash',
  'createHmac',
  'timingSafeEqual',
  'createPublicKey',
  'createPrivateKey',
  'sign',
  'verify',
  'KeyObject',
];

export const pureImports = {
  'no-restricted-imports': [
    'error',
    {
      paths: [{ name: 'node:crypto', allowImportNames: pureCryptography, message: reason }],
      patterns: [{ regex: '^node:(?!crypto$)', message: reason }],
    },
  ],
};
