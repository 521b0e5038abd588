// Lint, for every project. Run it through Nx (`npx nx lint <project>`): bare eslint would read Nx's cached project graph.
import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { depConstraints, longestFileLines } from './libs/workspace/src/boundaries.mjs';
import { deciderImports } from './libs/workspace/src/lint/decider-imports.mjs';
import { pureImports, purity } from './libs/workspace/src/lint/purity.mjs';
import { sliceImports } from './libs/workspace/src/lint/slice-imports.mjs';

const specs = ['**/*.spec.ts'];
const deciders = ['**/decider.ts', '**/*.decider.ts', '**/events.ts'];
// In a slice, what is not named for a task of its own (`lots.controller.ts`, `lot-list.projection.ts`) belongs to the decider.
const besideDeciders = { files: ['services/*/src/*/*.ts'], ignores: ['**/*.*.ts', '**/commands.ts', '**/slice.ts'] };
const hosts = ['services/standalone/**', 'services/auditor/**', 'services/e2e/**', 'services/console/**'];
const pureLibraries = ['kernel', 'ledger', 'statistics', 'loyalty'].map((name) => `libs/${name}/src/**/*.ts`);

export default tseslint.config(
  { ignores: ['**/dist/**', '**/out-tsc/**', '**/reports/**', '**/coverage/**', '**/node_modules/**', '.nx/**'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  tseslint.configs.recommended,
  {
    plugins: { '@nx': nx, touchstone: { rules: { 'slice-imports': sliceImports, 'decider-imports': deciderImports } } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Empty classes carry Nest's decorators: a module is often nothing else.
      '@typescript-eslint/no-extraneous-class': 'off',
      'max-lines': ['error', longestFileLines],
      'touchstone/slice-imports': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Not for configuration files, which import the repository's presets by path.
      '@nx/enforce-module-boundaries': ['error', { allow: [], enforceBuildableLibDependency: true, depConstraints }],
      // The compiler knows the globals; eslint does not.
      'no-undef': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
    },
  },
  { files: ['**/*.{ts,tsx}'], ignores: specs, rules: { 'max-lines-per-function': ['error', 70] } },
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } } },
  // kernel/clock.ts is the port through which time comes in.
  { files: pureLibraries, ignores: [...specs, 'libs/kernel/src/clock.ts'], rules: { ...purity, ...pureImports } },
  { files: deciders, rules: { ...purity, 'touchstone/decider-imports': 'error' } },
  // A host has no slices: its folders are parts of one program.
  { files: hosts, rules: { 'touchstone/slice-imports': 'off' } },
  { files: besideDeciders.files, ignores: [...besideDeciders.ignores, ...hosts], rules: { ...purity, 'touchstone/decider-imports': 'error' } },
);
