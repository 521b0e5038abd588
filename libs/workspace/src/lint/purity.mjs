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

const engineReason = "Another engine, another last digit: `power` of @touchstone/statistics has the same bits everywhere.";
/** Any power but a square, a power of two that is written out, and integers without end. */
const powers = 'BinaryExpression[operator="**"]:not([right.value=2]):not([left.value=2][right.type="Literal"]):not([left.bigint])';

export const purity = {
  'no-restricted-globals': ['error', ...globals.map((name) => ({ name, message: reason }))],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: reason },
    { object: 'Math', property: 'pow', message: engineReason },
    { object: 'globalThis', property: 'Date', message: reason },
    { object: 'globalThis', property: 'crypto', message: reason },
    ...localised.map((property) => ({ property, message: reason })),
  ],
  'no-restricted-syntax': [
    'error',
    { selector: ':function[async=true]', message: reason },
    { selector: 'AwaitExpression', message: reason },
    { selector: powers, message: engineReason },
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
