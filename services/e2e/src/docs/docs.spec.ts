import { execFileSync } from 'node:child_process';
import { checkPolicy } from '@touchstone/decisions';
import type { PolicyDocument } from '@touchstone/decisions';
import { knownRoles, mayDo } from '@touchstone/platform';
import { anchors, codeBlocks, codeLines, relativeLinks, resolved, rowsOf, partOf, table, withPart, writtenParts } from './markdown.js';
import { exists, filesUnder, markdownFiles, read, root, sourcesUnder } from './repository.js';
import { dataPath, grants, parts, records, rewritten, touchstoneCommands } from './written-parts.js';

const pages = markdownFiles();
const documentation = pages.filter((path) => /^(README|CONTRIBUTING|CHANGELOG)\.md$|^docs\//.test(path));

describe('links of the documentation', () => {
  it.each(pages)('of %s lead to files and headings that are there', (page) => {
    const dead = relativeLinks(read(page)).filter((link) => {
      const { path, anchor } = resolved(page, link);
      return !exists(path) || (anchor !== undefined && path.endsWith('.md') && !anchors(read(path)).includes(anchor));
    });
    expect(dead).toEqual([]);
  });

  it('lead from docs/README.md to every page of the documentation', () => {
    const linked = new Set(relativeLinks(read('docs/README.md')).map((link) => resolved('docs/README.md', link).path));
    const inRecords = new Set(relativeLinks(read('docs/adr/README.md')).map((link) => resolved('docs/adr/README.md', link).path));
    expect(pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md' && !linked.has(page) && !inRecords.has(page))).toEqual([]);
  });
});

describe('what a program writes into the documentation', () => {
  const written = Object.entries(parts).flatMap(([page, writers]) => Object.entries(writers).map(([name, writer]) => ({ page, name, writer })));

  it.each(written)('$name in $page says what the sources say (refresh it as CONTRIBUTING.md tells)', ({ page, name, writer }) => {
    expect(partOf(read(page), name)).toBe(rewritten(page, name, writer).trim());
  }, 120_000);

  it('leaves no part of a page that no program writes any more', () => {
    const kept = documentation.flatMap((page) => writtenParts(read(page)).filter((name) => parts[page]?.[name] === undefined).map((name) => `${page}: ${name}`));
    expect(kept).toEqual([]);
  });

  it('counts the lines of a file, whatever the page said before', () => {
    const claimed = table(['', 'file', 'lines', 'what it guarantees'], [['1', '[the kernel](../libs/kernel/package.json)', '7', 'kept']]);
    const lines = read('libs/kernel/package.json').split('\n').length - 1;
    expect(rowsOf(dataPath(claimed))).toEqual([
      ['1', '[the kernel](../libs/kernel/package.json)', String(lines), 'kept'],
      ['', 'together', String(lines), ''],
    ]);
  });

  it('replaces only its own part of the page', () => {
    const page = 'before\n<!-- written by a program: a -->\nold\n<!-- end -->\nafter\n';
    expect(withPart(page, 'a', 'new')).toBe('before\n<!-- written by a program: a -->\nnew\n<!-- end -->\nafter\n');
  });
});

describe('the data path of docs/architecture.md', () => {
  const rows = rowsOf(partOf(read('docs/architecture.md'), 'the data path'));

  it('is ten files, from the controller to the query', () => {
    const files = rows.slice(0, -1).map(([, file = '']) => relativeLinks(file)[0]?.split('/').at(-1));
    expect(files).toHaveLength(10);
    expect(files.slice(1, 8)).toEqual(['commands.ts', 'handle-command.ts', 'decider.ts', 'append.ts', 'read-all.ts', 'relay.ts', 'ingest.ts']);
    expect([files[0], files[8], files[9]]).toEqual([expect.stringMatching(/\.controller\.ts$/), expect.stringMatching(/\.projection\.ts$/), expect.stringMatching(/\.(controller|query)\.ts$/)]);
  });

  it('can be read in one sitting: 900 lines at most', () => {
    expect(Number(rows.at(-1)?.[2])).toBeLessThanOrEqual(900);
  });
});

describe('commands in the documentation', () => {
  const lines = documentation.flatMap((page) => codeLines(read(page)).map((line) => ({ page, line })));
  const named = (pattern: RegExp) => lines.flatMap(({ page, line }) => [...line.matchAll(pattern)].map(([, name = '', rest = '']) => ({ page, name, rest })));
  const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;

  it('of npm are scripts of package.json', () => {
    const used = [...named(/npm run (?:--silent )?([\w:-]+)/g), ...named(/npm (start|test)\b/g)];
    expect(used.filter(({ name }) => scripts[name] === undefined)).toEqual([]);
    expect(used.length).toBeGreaterThan(5);
  });

  it('of touchstone are defined by its command line, and so are their options', () => {
    const known = touchstoneCommands();
    const source = sourcesUnder('services/auditor/src').map(([, text]) => text).join('\n');
    const used = named(/npx touchstone ((?:(?:report|stats|models) )?[\w-]+)([^|;#]*)/g);
    expect(used.filter(({ name }) => name !== '--help' && !known.includes(name))).toEqual([]);
    const options = used.flatMap(({ page, rest }) => [...rest.matchAll(/(--[a-z-]+)/g)].map(([, option = '']) => ({ page, option })));
    expect(options.filter(({ option }) => option !== '--help' && !source.includes(option))).toEqual([]);
  });

  it('of npm start and npm run demo take the options that are shown', () => {
    const source = sourcesUnder('services/standalone/src').map(([, text]) => text).join('\n');
    const options = named(/(npm (?:start|run demo)) -- ([^|;#]*)/g).flatMap(({ page, rest }) => [...rest.matchAll(/(--[a-z-]+)/g)].map(([, option = '']) => ({ page, option })));
    expect(options.filter(({ option }) => !source.includes(option))).toEqual([]);
  });

  it('of Nx name projects, targets and generators that are there', () => {
    const projects = new Set(filesUnder('', (path) => /^(?:(?:libs|services)\/[^/]+|infra)\/package\.json$/.test(path)).map((path) => (JSON.parse(read(path)) as { nx?: { name?: string } }).nx?.name));
    const runs = named(/npx nx (lint|test|build|typecheck) ([a-z0-9-]+)/g);
    expect(runs.filter(({ rest }) => !projects.has(rest))).toEqual([]);
    const { generators } = JSON.parse(read('libs/workspace/generators.json')) as { generators: Record<string, unknown> };
    expect(named(/npx nx g ([a-z-]+)/g).filter(({ name }) => generators[name] === undefined)).toEqual([]);
  });

  it('name files and folders of the repository that are there', () => {
    const used = named(/(?<![\w/.<-])((?:services|libs|infra|docs|\.ci)\/[\w./-]*\w)(?![\w/<*]*[<*])/g).filter(({ page }) => page !== 'CHANGELOG.md');
    expect(used.filter(({ name }) => !exists(name))).toEqual([]);
    expect(used.length).toBeGreaterThan(10);
  });

  const tested = documentation.flatMap((page) => codeBlocks(read(page)).filter(({ info }) => info === 'bash test').map(({ text }) => ({ page, text })));

  it.each(tested)('of $page work: $text', ({ text }) => {
    const environment = { ...process.env, NODE_OPTIONS: '', NX_DAEMON: 'false', NX_TUI: 'false', CI: 'true' };
    expect(execFileSync('bash', ['-euo', 'pipefail', '-c', text], { cwd: root, encoding: 'utf8', env: environment, stdio: ['ignore', 'pipe', 'pipe'] })).not.toBe('');
  }, 120_000);

  it('are tried in more than one place', () => {
    expect(tested.length).toBeGreaterThan(1);
  });
});

describe('docs/reference/permissions.md', () => {
  it('has every role that the platform knows, with what the platform grants it', () => {
    expect([...grants().keys()]).toEqual([...knownRoles]);
    const wrong = [...grants()].flatMap(([role, permissions]) => permissions.filter((permission) => !mayDo([role], permission.replaceAll('*', 'anything'))).map((permission) => `${role}: ${permission}`));
    expect(wrong).toEqual([]);
  });

  it('says of each role who that is', () => {
    const rows = rowsOf(partOf(read('docs/reference/permissions.md'), 'roles'));
    expect(rows.filter(([, , who]) => !who).map(([role]) => role)).toEqual([]);
  });
});

describe('docs/how-to/add-a-policy.md', () => {
  it('shows a policy that can be proposed', () => {
    const [example] = codeBlocks(read('docs/how-to/add-a-policy.md')).filter(({ info }) => info === 'json');
    expect(checkPolicy(JSON.parse(example?.text ?? '') as PolicyDocument)).toEqual([]);
  });
});

describe('a decision record', () => {
  it('has the next number', () => {
    expect(records().map((path) => path.split('/').at(-1)?.slice(0, 4))).toEqual(records().map((_, index) => String(index + 1).padStart(4, '0')));
  });

  it.each(records())('%s says its status, what was compared, what was decided and what follows', (page) => {
    const headings = [...read(page).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Context', 'Options compared', 'Decision', 'Consequences']);
    expect(read(page)).toMatch(/^Status: (accepted|superseded by .+)$/m);
  });
});

describe('README.md', () => {
  it('fits on two screens', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(121);
  });
});
