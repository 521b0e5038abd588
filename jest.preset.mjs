// What every project's jest.config.mjs starts from: ES modules compiled by SWC, workspace packages read from their sources.
import { fileURLToPath } from 'node:url';

const swc = {
  swcrc: false,
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

export default {
  testEnvironment: 'node',
  testTimeout: 60_000, // a database starts within it on a busy machine; tests assert behaviour, never time
  testEnvironmentOptions: { customExportConditions: ['@touchstone/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  testMatch: ['<rootDir>/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/out-tsc/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/out-tsc/'],
  reporters: ['default', fileURLToPath(new URL('./libs/workspace/src/report-tests.mjs', import.meta.url))],
};
