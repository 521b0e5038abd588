import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { run } from '../program.js';
import { accessRules, aclCommands } from './access-lists.js';
import { contracts, services } from './landscape.js';
import { parseConsumers, registrySchema } from './registry.js';
import { lineOf, readReleases } from './releases.js';
import { Repository } from './repository.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const read = (path: string, from = root): string => readFileSync(join(from, path), 'utf8');
const RECORD = 'libs/contracts/releases.ndjson';
const CONSUMERS = 'docs/reference/events/consumers.json';

async function touchstone(...args: string[]) {
  let [out, err] = ['', ''];
  const nothing = (async function* () { /* no input */ })();
  const code = await run(args, { stdin: nothing, stdout: { write: (text) => (out += text) }, stderr: { write: (text) => (err += text) }, env: {} });
  return { code, out, err };
}
type Found = { readonly findings: readonly { readonly rule: string; readonly of: string; readonly at: string }[]; readonly unreleased: readonly { readonly type: string }[] };
const checked = async (...args: string[]) => {
  const { code, out } = await touchstone('--json', 'contracts', 'check', ...args);
  const { findings, unreleased } = JSON.parse(out) as Found;
  return { code, found: findings.map(({ rule, of, at }) => `${rule} ${of}${at && ` ${at}`}`), unreleased: unreleased.map(({ type }) => type) };
};

describe('the contracts of this repository', () => {
  it('stand as they were released, and the reference says so: write it with `contracts write`', async () => {
    expect(await checked('--in', root)).toEqual({ code: 0, found: [], unreleased: [] });
  });
  it('only became more, as far as the history of this repository says', async () => {
    const commits = (() => {
      try {
        return execFileSync('git', ['log', '--format=%H', '--', RECORD], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n').filter(Boolean);
      } catch {
        return []; // not a clone: only the record speaks
      }
    })();
    const now = read(RECORD);
    const edited = await Promise.all(commits.map(async (commit) => (now.startsWith(await new Repository(root).recordAt(commit)) ? [] : [commit])));
    expect(edited.flat()).toEqual([]);
  });
});

describe('in a copy', () => {
  let copy: string;
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'contracts-'));
    for (const path of [RECORD, 'docs/reference/events']) {
      mkdirSync(join(copy, path, '..'), { recursive: true });
      cpSync(join(root, path), join(copy, path), { recursive: true });
    }
  });
  afterEach(() => rmSync(copy, { recursive: true, force: true }));
  const change = (path: string, how: (text: string) => string) => writeFileSync(join(copy, path), how(read(path, copy)));

  it('an edit of what was released is named by event, rule and keyword', async () => {
    const [first = '', ...others] = read(RECORD).split('\n');
    const { sha256: _, ...release } = JSON.parse(first) as { sha256: string; type: string; schema: { properties: Record<string, object> } };
    const [field = ''] = Object.keys(release.schema.properties);
    const other = { ...release, schema: { ...release.schema, properties: { ...release.schema.properties, [field]: { type: 'integer', description: 'x' } } } };
    change(RECORD, () => [lineOf(other as never), ...others].join('\n'));
    const { code, found } = await checked('--in', copy);
    expect(code).toBe(3);
    expect(found).toContain(`RELEASED_VERSION_EDITED ${release.type} /properties/${field}/type`);
  });
  it('an edited, a removed and a reordered line of the record are found', async () => {
    change(RECORD, (text) => text.replace('"kind":"version"', '"kind":"Version"'));
    expect((await checked('--in', copy)).found).toContain('RELEASE_RECORD_EDITED line 1');
    change(RECORD, () => read(RECORD).split('\n').slice(1).join('\n'));
    const { found, unreleased } = await checked('--in', copy, '--against', root);
    expect(found).toContain('RELEASE_RECORD_EDITED line 1');
    expect(unreleased).toEqual([]); // what the older record has counts as released
  });
  it('what is new is released by adding lines, and nothing else', async () => {
    const all = read(RECORD).trimEnd().split('\n');
    change(RECORD, () => `${all.slice(0, -2).join('\n')}\n`);
    expect((await checked('--in', copy)).unreleased).toHaveLength(2);
    expect((await touchstone('contracts', 'release', '--in', copy)).out).toMatch(/^version of .+ released\nversion of .+ released\n$/);
    const now = read(RECORD, copy);
    expect(now.startsWith(`${all.slice(0, -2).join('\n')}\n`)).toBe(true);
    expect(now.trimEnd().split('\n')).toHaveLength(all.length);
    expect(await checked('--in', copy)).toEqual({ code: 0, found: [], unreleased: [] });
    expect((await touchstone('contracts', 'release', '--in', copy)).out).toBe('nothing is new\n');
  });
  it('a page that was edited, is missing or belongs to nothing is found, and written again', async () => {
    change('docs/reference/events/control.md', (text) => `${text}and more`);
    rmSync(join(copy, 'docs/reference/events/asyncapi.json'));
    writeFileSync(join(copy, 'docs/reference/events/schemas/control.Gone.v1.schema.json'), '{}');
    expect((await checked('--in', copy)).found.toSorted()).toEqual(['REFERENCE_OUT_OF_DATE asyncapi.json', 'REFERENCE_OUT_OF_DATE control.md', 'REFERENCE_OUT_OF_DATE schemas/control.Gone.v1.schema.json']);
    await touchstone('contracts', 'write', '--in', copy);
    expect(await checked('--in', copy)).toMatchObject({ code: 0, found: [] });
  });
  it('a consumer of what there is not is found', async () => {
    change(CONSUMERS, (text) => text.replace('control.DeliveryDispatched.v1', 'control.DeliveryDispatched.v9'));
    expect((await checked('--in', copy)).found).toContain('CONSUMER_OF_UNKNOWN_EVENT example-exposure /events');
  });
  it('a place to compare with that is neither folder nor git ref is refused', async () => {
    expect(await touchstone('contracts', 'check', '--in', copy, '--against', 'nowhere')).toMatchObject({ code: 2, err: 'touchstone: nowhere is neither a folder nor a git ref\n' });
    expect(await touchstone('contracts', 'check', '--in', copy, '--against=--output=x')).toMatchObject({ code: 2 });
  });
});

describe('who reads an event', () => {
  it('are the services that handle it, and registered consumers with whom to tell', async () => {
    const { out } = await touchstone('contracts', 'consumers', 'control.NonconformityReported.v1', '--in', root);
    expect(out).toContain('assurance: read model recurrences, reaction propose-capa\n');
    expect(out).toContain('example-exposure (outside): tell ');
  });
  it('cannot be said of an event that is none', async () => expect(await touchstone('contracts', 'consumers', 'control.Gone.v1', '--in', root)).toMatchObject({ code: 2 }));
  it('is what the registry says, by its schema; its faults are named', () => {
    const validate = new Ajv2020({ strict: false }).compile(registrySchema as object);
    expect(validate(JSON.parse(read(CONSUMERS)))).toBe(true);
    const [consumer] = parseConsumers(read(CONSUMERS));
    const registry = (...consumers: unknown[]) => JSON.stringify({ consumers });
    expect(() => parseConsumers(registry({ ...consumer, contact: undefined }))).toThrow('/consumers/0/contact');
    expect(() => parseConsumers(registry(consumer, consumer))).toThrow('example-exposure is registered twice');
    expect(() => parseConsumers(registry({ ...consumer, groups: ['control'] }))).toThrow('groups of example-exposure are example-exposure or begin with example-exposure.');
  });
});

describe('rights on topics', () => {
  const rules = accessRules(services, parseConsumers(read(CONSUMERS)));
  const of = (name: string) => rules.filter(({ principal }) => principal === `User:${name}`).map(({ resource, name: which, operations }) => `${resource} ${which}: ${operations.join(' ')}`);

  it('let a service write its own topic and look at it, read those it listens to, and use its own groups', () => {
    expect(of('assurance')).toEqual(['topic assurance.events.v1: Write Read Describe Create', 'topic control.events.v1: Read Describe', 'group assurance.: Read']);
  });
  it('let a registered consumer read, and nothing else', () => {
    expect(of('example-exposure')).toEqual(['topic analytics.events.v1: Read Describe', 'topic control.events.v1: Read Describe', 'group example-exposure: Read', 'group example-exposure.: Read']);
  });
  it('give each topic one writer', () => {
    const writers = rules.filter(({ operations }) => operations.includes('Write'));
    expect(writers.map(({ name, principal }) => [principal, name])).toEqual(services.map(({ name }) => [`User:${name}`, `${name}.events.v1`]));
  });
  it('are commands of kafka-acls', async () => {
    expect(aclCommands(rules.slice(0, 1), 'b:1')).toEqual(['kafka-acls --bootstrap-server b:1 --command-config admin.properties --add --allow-principal User:planning --operation Write --operation Read --operation Describe --operation Create --topic planning.events.v1 --resource-pattern-type literal']);
    for (const wrong of [['--bootstrap', 'x; rm'], ['--prefix', 'x; rm']]) expect(await touchstone('contracts', 'acls', '--in', root, ...wrong)).toMatchObject({ code: 2 });
  });
  it('carry the prefix of a deployment on topics and groups', async () => {
    const { out } = await touchstone('contracts', 'acls', '--in', root, '--prefix', 'plant-1.');
    expect(out).toContain('--operation Read --group plant-1.control. --resource-pattern-type prefixed\n');
    expect(out).not.toMatch(/--(topic|group) (?!plant-1\.)/);
  });
});

describe('commands that come in over Kafka', () => {
  it('are written by registered senders, and read by the service only', async () => {
    const { out } = await touchstone('contracts', 'acls', '--in', root, '--bootstrap', 'b:1', '--sender', 'erp=planning', '--json');
    const rules = (JSON.parse(out) as { principal: string; name: string; operations: string[] }[]).filter(({ name }) => name.startsWith('inbound.'));
    expect(rules.map(({ principal, name, operations }) => `${principal} ${name}: ${operations.join(' ')}`)).toEqual([
      'User:planning inbound.planning.commands.v1: Read Describe Create', 'User:planning inbound.planning.replies.v1: Write Describe Create',
      'User:erp inbound.planning.commands.v1: Write Describe', 'User:erp inbound.planning.replies.v1: Read Describe',
    ]);
    for (const wrong of ['erp', 'erp=billing', 'control=planning', 'erp; rm=planning']) expect(await touchstone('contracts', 'acls', '--in', root, '--sender', wrong)).toMatchObject({ code: 2 });
  });
  it('stand in the AsyncAPI document, each that has a route', () => {
    const { channels, components: { messages } } = JSON.parse(read('docs/reference/events/asyncapi.json')) as { channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>; components: { messages: Record<string, object> } };
    expect(channels['planning-commands']?.address).toBe('inbound.planning.commands.v1');
    expect(Object.keys(channels['planning-commands']?.messages ?? {})).toContain('RegisterItem');
    for (const { $ref } of Object.values(channels).flatMap((channel) => Object.values(channel.messages))) expect(messages).toHaveProperty([$ref.slice('#/components/messages/'.length)]);
  });
});

describe('the record of releases', () => {
  it('is read line by line, each with its hash', () => {
    const { releases, findings } = readReleases(read(RECORD));
    expect(findings).toEqual([]);
    expect(new Set(releases.map(({ type }) => type)).size).toBe(contracts.events.filter(({ planned }) => !planned).length);
  });
  it('has every published schema as valid JSON Schema, which its samples keep', () => {
    for (const release of readReleases(read(RECORD)).releases) {
      if (release.kind !== 'version') continue;
      const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(release.schema as object);
      for (const sample of release.samples) expect([release.type, validate(sample)]).toEqual([release.type, true]);
    }
  });
});
