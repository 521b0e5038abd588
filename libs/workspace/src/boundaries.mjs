// Who may import whom. Every project carries exactly one `type:` tag and one `scope:` tag; lint enforces these lists, and
// architecture.spec.ts refuses a `*` and a tag that no list mentions. A host sees of a service only what the service's
// package.json exports: `./app` and `./deciders`.

const pure = ['type:pure'];
const library = [...pure, 'type:contract', 'type:platform'];
const testPackages = ['@jest/globals', 'fast-check'];
/** Distributions, special functions and linear algebra: ADR 0012. */
const mathsPackages = ['@stdlib/*', 'ml-matrix'];

export const depConstraints = [
  { sourceTag: 'type:pure', onlyDependOnLibsWithTags: pure, allowedExternalImports: [...testPackages, ...mathsPackages] },
  {
    sourceTag: 'type:contract',
    onlyDependOnLibsWithTags: pure,
    allowedExternalImports: [...testPackages, '@sinclair/typebox', '@sinclair/typebox/*', 'ajv', 'ajv/*', 'ajv-formats'],
  },
  { sourceTag: 'type:platform', onlyDependOnLibsWithTags: library },
  { sourceTag: 'type:service', onlyDependOnLibsWithTags: library },
  { sourceTag: 'type:data', onlyDependOnLibsWithTags: library },
  { sourceTag: 'type:host', onlyDependOnLibsWithTags: [...library, 'type:service', 'type:data', 'type:host'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:tool'] },
];

/** Names that say nothing about what lies inside, so everything ends up in them. */
export const forbiddenNames = ['common', 'core', 'shared', 'utils', 'util', 'helpers', 'helper', 'misc'];

/** Longest file, in lines; `eslint.config.mjs` and architecture.spec.ts both read it here. */
export const longestFileLines = 300;
