import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contracts } from '@touchstone/contracts';
import { canonicalize } from '@touchstone/ledger';
import { upcaster } from '@touchstone/kernel';
import { decode, noUpcasting, UNREADABLE, Upcasting } from '@touchstone/event-store';
import { types, upcasting } from './declared.js';
import { add, findingsIn, folder, goldensIn, keysOf, read, readAsPathOf, readGolden, readReadAs, versionsOf, withHash } from './golden.js';

const nobody = { find: () => Promise.resolve(undefined) };
const rehashed = ({ sha256: _, ...content }: { readonly sha256: string }) => withHash(content).sha256;

describe('every event of every service', () => {
  it('has a golden one: add what is new with golden-events/add.ts --add', () => {
    const golden = new Set(goldensIn().map((path) => path.slice(0, path.lastIndexOf('/'))));
    expect(types.filter((type) => !golden.has(type))).toEqual([]);
    expect(types).toEqual(expect.arrayContaining(['control.InspectionVoided.v1', 'feedback.ComplaintReceived.v1', 'CommandRefused']));
  });
  it('that was ever golden is still declared, so that it is not read as an unknown one', () => {
    expect(goldensIn().map((path) => path.slice(0, path.lastIndexOf('/'))).filter((type) => !types.includes(type))).toEqual([]);
  });
});

describe.each(goldensIn())('the golden event %s', (path) => {
  const golden = readGolden(path);
  const { stored, keys } = golden;

  it('lies there as it was stored: canonical bytes, of a body that its contract still allows', () => {
    for (const text of [stored.body, stored.meta]) expect(canonicalize(JSON.parse(text))).toBe(text);
    contracts.check({ type: stored.type, data: JSON.parse(stored.body) });
    expect([`${stored.type}/${path.slice(path.lastIndexOf('/') + 1)}`, rehashed(golden)]).toEqual([path, golden.sha256]);
  });
  it('is read by its own version as it always was, and by each later one', async () => {
    const [own, ...later] = await versionsOf(golden, upcasting);
    expect(own).toEqual({ type: stored.type, data: golden.data });
    for (const version of later) {
      const { sha256, ...expected } = readReadAs(readAsPathOf(path, version.type));
      expect([version, rehashed({ ...expected, sha256 })]).toEqual([expected, sha256]);
      contracts.check(version);
    }
    const newest = later.at(-1) ?? own;
    expect(await decode(stored, keysOf(keys), upcasting)).toMatchObject({ type: upcasting.newest(stored.type), data: newest?.data, meta: JSON.parse(stored.meta) as object });
  });
  it('hides what is personal from whoever has no key', async () => {
    const { data } = await decode(stored, nobody, noUpcasting);
    const fields = contracts.personalFields(stored.type).filter(({ path: at }) => at in (golden.data as object));
    expect(data).toEqual({ ...(golden.data as object), ...Object.fromEntries(fields.map(({ path: at }) => [at, UNREADABLE])) });
    await decode(stored, nobody, upcasting); // upcasters take the marker, too
  });
});

describe('the golden files', () => {
  it('are those of the manifest, unchanged', () => expect(findingsIn()).toEqual([]));

  it('only became more, as far as the history of this repository says', () => {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const known = (() => {
      try {
        return git('log', '--format=%H', '--', 'manifest.sha256').split('\n').filter(Boolean);
      } catch {
        return []; // not a clone: only the manifest speaks
      }
    })();
    const lines = read('manifest.sha256');
    expect(known.filter((commit) => !lines.startsWith(git('show', `${commit}:./manifest.sha256`)))).toEqual([]);
  });

  describe('in a copy', () => {
    let copy: string;
    beforeEach(() => {
      copy = mkdtempSync(join(tmpdir(), 'golden-'));
      cpSync(folder, copy, { recursive: true });
    });
    afterEach(() => rmSync(copy, { recursive: true, force: true }));
    const path = 'control.LotRejected.v1/1.json';

    it('that were edited, removed or slipped in are named', () => {
      appendFileSync(join(copy, path), ' ');
      rmSync(join(copy, 'CommandRefused/1.json'));
      writeFileSync(join(copy, 'CommandRefused/2.json'), '{}');
      expect(findingsIn(copy)).toEqual([`${path} was changed`, 'CommandRefused/1.json is gone', 'CommandRefused/2.json is not in the manifest']);
    });
    it('are never written twice', () => {
      expect(() => add(path, {}, copy)).toThrow('EEXIST');
      expect(findingsIn(copy)).toEqual([]);
    });
    it('of an older version get one for each later version, beside them', async () => {
      const v2 = new Upcasting([upcaster('control.LotRejected.v1', 'control.LotRejected.v2', (data) => ({ ...(data as object), shift: null }))]);
      const [, later] = await versionsOf(readGolden(path, copy), v2);
      expect(later).toMatchObject({ type: 'control.LotRejected.v2', data: { number: 'L-2026-0117', inspectorName: 'Ada Muster', shift: null } });
      const beside = readAsPathOf(path, later?.type ?? '');
      add(beside, withHash(later ?? {}), copy);
      expect([beside, findingsIn(copy), goldensIn(copy).length]).toEqual(['control.LotRejected.v1/1.as-v2.json', [], goldensIn().length]);
    });
  });
});
