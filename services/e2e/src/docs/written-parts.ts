// The parts of the documentation that are counted or listed from the sources, so that nobody has to remember to. refresh.ts
// writes them; docs.spec.ts fails when one of them says something else than the sources.
import { execFileSync } from 'node:child_process';
import { posix } from 'node:path';
import { partOf, relativeLinks, rowsOf, table } from './markdown.js';
import { Metrics } from '@touchstone/platform';
import { loyaltyResults, statisticsResults } from './published-results.js';
import { viewTables } from './views.js';
import { exists, filesUnder, read, root, serviceNames, sourcesUnder } from './repository.js';

/** What a part should say, given what it says now: a person's words in it are kept. */
export type Writer = (now: string) => string;

export const parts: Readonly<Record<string, Readonly<Record<string, Writer>>>> = {
  'docs/architecture.md': { 'the data path': dataPath },
  'docs/reference/errors.md': {
    ...Object.fromEntries(serviceNames().map((service) => [`refusals of ${service}`, (now: string) => refusals(service, now)])),
    'codes of the interfaces': interfaceCodes,
    'codes of the import': importCodes,
  },
  'docs/reference/permissions.md': { roles, permissions },
  'docs/reference/command-line.md': { 'the command line': commandLine },
  'docs/reference/analytics-views.md': { views: viewTables },
  'docs/reference/metrics.md': { metrics: metricsOf },
  'docs/reference/statistics.md': { 'published results': statisticsResults },
  'docs/reference/models.md': { 'published results': loyaltyResults },
};

export const rewritten = (page: string, name: string, writer: Writer): string => writer(partOf(read(page), name));

/** Lines of each file of the path, and their sum. */
export function dataPath(now: string): string {
  const rows = rowsOf(now).filter(([number]) => number !== '');
  const counted = rows.map(([number = '', file = '', , guarantees = '']) => {
    const [link = ''] = relativeLinks(file);
    return { number, file, lines: linesOf(posix.join('docs', link)), guarantees };
  });
  const sum = counted.reduce((all, { lines }) => all + lines, 0);
  return table(['', 'file', 'lines', 'what it guarantees'], [
    ...counted.map(({ number, file, lines, guarantees }) => [number, file, String(lines), guarantees]),
    ['', 'together', String(sum), ''],
  ]);
}

const linesOf = (path: string): number => read(path).split('\n').length - 1;

/** As the registry of a service has them. */
function metricsOf(): string {
  return table(['metric', 'type', 'labels', 'says'], new Metrics().described().map(({ name, type, labels, help }) => [`\`${name}\``, type, labels.map((label) => `\`${label}\``).join(', '), help]));
}

/** Codes by the folders that refuse with them. What a refusal means is a person's to say; a new one starts as its own name. */
function refusals(service: string, now: string): string {
  const found = new Map<string, Set<string>>();
  for (const [path, text] of sourcesUnder(`services/${service}/src`)) {
    for (const [, code = ''] of text.matchAll(/refuse\(\s*'([A-Z][A-Z_0-9]+)'/g)) found.set(code, (found.get(code) ?? new Set()).add(path.split('/')[3] ?? ''));
  }
  const words = wordsIn(now, 2);
  return table(['code', 'in', 'refused because'], [...found].toSorted(byName).map(([code, slices]) =>
    [`\`${code}\``, [...slices].toSorted().join(', '), words.get(code) ?? asWords(code)]));
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
const asWords = (code: string): string => code.toLowerCase().replaceAll('_', ' ');

const wordsIn = (now: string, column: number): Map<string, string> =>
  new Map(rowsOf(now).map((cells) => [(cells[0] ?? '').replaceAll('`', ''), cells[column] ?? '']));

/** Errors with a code of their own, refused requests and wrong fields, wherever the libraries and hosts make them. */
function interfaceCodes(now: string): string {
  const sources = ['libs/kernel/src', 'libs/contracts/src', 'libs/event-store/src', 'libs/platform/src', 'services/standalone/src'].flatMap(sourcesUnder);
  const codes = new Set(sources.flatMap(([, text]) =>
    [...text.matchAll(/(?:readonly code = |BadRequest\(|problem\(\d+, |\[\d{3}, |\bcode: (?:[^'\n]* \? )?|invalid\(|coded\()'([A-Z][A-Z_0-9]+)'/g)].map(([, code = '']) => code)));
  return codeTable(codes, now);
}

function importCodes(now: string): string {
  const codes = ['services/auditor/src/import/import-fault.ts', 'services/auditor/src/import/connection-fault.ts'].flatMap((path) =>
    [...read(path).matchAll(/^ *\| '([A-Z][A-Z_0-9]+)'|= '([A-Z][A-Z_0-9]+)'/gm)].map(([, code, first]) => code ?? first ?? ''));
  return codeTable(new Set(codes), now);
}

function codeTable(codes: ReadonlySet<string>, now: string): string {
  const words = wordsIn(now, 1);
  return table(['code', 'means'], [...codes].toSorted().map((code) => [`\`${code}\``, words.get(code) ?? asWords(code)]));
}

/** Roles and what each lists, as libs/platform/src/permissions.ts has it. */
export function grants(): Map<string, string[]> {
  const [, body = ''] = /const roles:[^=]*= \{([\s\S]*?)\n\};/.exec(read('libs/platform/src/permissions.ts')) ?? [];
  return new Map([...body.matchAll(/^ {2}'?([a-z-]+)'?: \[([^\]]*)\]/gm)].map(([, role = '', list = '']) =>
    [role, [...list.matchAll(/'([^']+)'/g)].map(([, permission = '']) => permission)]));
}

function roles(now: string): string {
  const words = wordsIn(now, 2);
  return table(['role', 'may', 'who that is'], [...grants()].map(([role, list]) => [`\`${role}\``, list.map((each) => `\`${each}\``).join(' '), words.get(role) ?? '']));
}

const covers = (granted: string, wanted: string): boolean =>
  granted.split('.').every((part, index) => part === '*' || part === wanted.split('.')[index]);

/** Every route, by the permission it asks for, with the roles that give it. */
function permissions(): string {
  const routes = new Map<string, string[]>();
  const controllers = [...serviceNames().map((service) => `services/${service}/src`), 'libs/platform/src'].flatMap(sourcesUnder);
  for (const [path, text] of controllers) {
    const service = path.startsWith('services/') ? `/${path.split('/')[1]}` : '/&lt;service&gt;';
    const prefix = /@Controller\('?([^')]*)/.exec(text)?.[1] ?? '';
    const address = (method: string, route: string): string => `\`${method} ${service.replace('&lt;service&gt;', '<service>')}${prefix && `/${prefix}`}${route && `/${route}`}\``;
    const add = (permission: string, route: string): void => void routes.set(permission, [...(routes.get(permission) ?? []), route]);
    for (const [, route = '', permission = ''] of text.matchAll(/^ {2}@Takes\(\w+, '([^']*)', '([^']+)'\)/gm)) add(permission, address('POST', route));
    for (const [, method = '', route = '', permission = ''] of text.matchAll(/^ {2}@(Get|Post)\((?:'([^']*)')?\)\s+@Requires\('([^']+)'\)/gm)) {
      add(permission, address(method.toUpperCase(), route));
    }
  }
  const given = [...grants()];
  return table(['permission', 'roles that give it', 'routes'], [...routes].toSorted(byName).map(([permission, list]) => [
    `\`${permission}\``, given.filter(([, all]) => all.some((each) => covers(each, permission))).map(([role]) => role).join(', '), list.join('<br>'),
  ]));
}

/** Names of the command line's commands, from their definitions. */
export const touchstoneCommands = (): string[] =>
  sourcesUnder('services/auditor/src').flatMap(([, text]) => [...text.matchAll(/\b(\w+)\.command\('([\w-]+)'/g)].map(([, under = '', name = '']) => (under === 'program' ? name : `${under} ${name}`)));

/** What the command line says about itself. */
export function commandLine(): string {
  const commands = touchstoneCommands();
  if (commands.length === 0 || !exists('services/auditor/src/main.ts')) return '';
  const help = (...words: string[]): string =>
    execFileSync(process.execPath, [...sourceFlags, 'services/auditor/src/main.ts', ...words, '--help'], { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', COLUMNS: '100', NO_COLOR: '1' } }).trimEnd();
  return ['', ...commands].map((name) => `${name === '' ? '' : `### ${name}\n\n`}\`\`\`text\n${help(...name.split(' ').filter((word) => word !== ''))}\n\`\`\``).join('\n\n');
}

export const sourceFlags = ['--disable-warning=ExperimentalWarning', '--conditions=@touchstone/source', '--import', '@swc-node/register/esm-register'];

/** Decision records, in order. */
export const records = (): string[] => filesUnder('docs/adr', (path) => /\/\d{4}-[a-z0-9-]+\.md$/.test(path));
