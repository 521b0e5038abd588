import { derivedId } from '@touchstone/kernel';
import { CannedPlatform, touchstone } from '../canned.spec-kit.js';
import type { Said } from '../canned.spec-kit.js';

let platform: CannedPlatform;
let url: string;
beforeEach(async () => {
  platform = new CannedPlatform(['control', 'feedback']);
  url = await platform.start();
});
afterEach(() => platform.stop());
const asking = (...args: string[]): Promise<Said> => touchstone(['--url', url, '--token', 't', 'parked', ...args]);
const words = (text: string) => text.replaceAll(/\s+/g, ' ');

const consumer = 'ingest:control.events.v1';
const id = (name: string) => derivedId('parked', name);
const event = (name: string, more: object = {}) => ({
  consumer, stream: 'lot-1', eventId: id(name), position: 7, event: '{"key":"lot-1"}', error: 'quantity is no number', attempts: 1, firstSeen: '2026-03-02T07:00:00.000Z', state: 'parked', decidedBy: null, decidedAt: null, reason: null, ...more,
});
const count = (more: object = {}) => ({ consumer, state: 'parked', count: 3, streams: 1, oldest: '2026-03-02T07:00:00.000Z', ...more });
const nothing = () => platform.says('GET', '/control/parked/counts', { items: [] }).says('GET', '/control/parked?state=parked&limit=50', { items: [] });

describe('touchstone parked list', () => {
  it('tells over all services how much is parked, and what, and ends with 3 while something waits', async () => {
    nothing().says('GET', '/feedback/parked/counts', { items: [count(), count({ state: 'replayed', count: 9 })] }).says('GET', '/feedback/parked?state=parked&limit=50', { items: [event('a')] });
    expect(await asking('list', '--json')).toMatchObject({ code: 3, out: expect.stringContaining(id('a')) as string });
    expect(JSON.parse((await asking('list', '--json')).out)).toEqual({ counts: [{ service: 'feedback', ...count() }], items: [{ service: 'feedback', ...event('a') }] });
    for (const part of ['feedback ingest:control.events.v1 parked 3 1', 'lot-1', 'quantity is no number']) expect(words((await asking('list')).out)).toContain(part);
  });

  it('ends with 0 when nothing waits', async () => {
    nothing();
    expect(await asking('list', '--service', 'control')).toMatchObject({ code: 0, out: 'Nothing of this kind is parked.\n' });
  });

  it('goes on page by page, from service to service', async () => {
    platform.says('GET', '/control/parked/counts', { items: [count()] }).says('GET', '/feedback/parked/counts', { items: [count()] })
      .says('GET', '/control/parked?state=parked&limit=2', { items: [event('a'), event('b')], next: 'after-b' })
      .says('GET', '/control/parked?state=parked&limit=2&after=after-b', { items: [event('c')] }).says('GET', '/feedback/parked?state=parked&limit=1', { items: [event('d')], next: 'after-d' })
      .says('GET', '/feedback/parked?state=parked&limit=2&after=after-d', { items: [event('e')] });
    const pages: string[][] = [];
    for (let cursor: string | undefined, more = true; more; ) {
      const { items, next } = JSON.parse((await asking('list', '--json', '--limit', '2', ...(cursor === undefined ? [] : ['--cursor', cursor]))).out) as { items: { eventId: string }[]; next?: string };
      pages.push(items.map(({ eventId }) => eventId));
      [cursor, more] = [next, next !== undefined];
    }
    expect(pages).toEqual([[id('a'), id('b')], [id('c'), id('d')], [id('e')]]);
  });

  it('is filtered by service, consumer, stream and state', async () => {
    platform.says('GET', '/control/parked/counts', { items: [count({ state: 'discarded' }), count({ consumer: 'reaction:x', state: 'discarded' })] })
      .says('GET', `/control/parked?consumer=reaction%3Ax&stream=lot-1&state=discarded&limit=50`, { items: [event('a', { consumer: 'reaction:x', state: 'discarded', decidedBy: 'ada', decidedAt: '2026-03-02T08:00:00.000Z', reason: 'a test' })] });
    const { code, out } = await asking('list', '--service', 'control', '--consumer', 'reaction:x', '--stream', 'lot-1', '--state', 'discarded');
    expect([code, words(out).includes('discarded 2026-03-02T08:00:00.000Z ada: a test')]).toEqual([0, true]);
  });

  it.each([[['list', '--service', 'billing']], [['list', '--state', 'lost']], [['list', '--limit', '0']], [['list', '--cursor', 'x']], [[]]])('refuses what makes no sense: %j', async (args) => {
    expect((await asking(...args)).code).toBe(2);
  });
});

describe('touchstone parked show', () => {
  it('shows an event as it was received, and what was decided', async () => {
    platform.says('GET', `/control/parked?eventId=${id('a')}&state=any&limit=50`, { items: [event('a', { state: 'replayed', decidedBy: 'ada', decidedAt: '2026-03-02T08:00:00.000Z', reason: 'release 7 knows it' })] });
    const { code, out } = await asking('show', 'control', id('a'));
    expect(code).toBe(0);
    for (const part of ['as received {"key":"lot-1"}', 'decided by ada', 'decided at 2026-03-02T08:00:00.000Z', 'because release 7 knows it', 'stream lot-1 (at 7)']) expect(words(out)).toContain(part);
  });

  it('says where to look for one that is not there', async () => {
    platform.says('GET', `/control/parked?eventId=${id('a')}&state=any&limit=50`, { items: [] });
    expect(await asking('show', 'control', id('a'))).toMatchObject({ code: 2, err: expect.stringContaining('parked list --service control') as string });
  });
});

describe('touchstone parked replay and discard', () => {
  const path = '/feedback/parked/decisions';
  const answer = { consumer, stream: 'lot-1', decision: 'replayed', eventIds: [id('a'), id('b')], left: 0 };
  const replay = (...more: string[]) => asking('replay', 'feedback', consumer, 'lot-1', '--reason', 'release 7', ...more);

  it('tells what was replayed, and that the stream flows again', async () => {
    platform.says('POST', path, answer, 201);
    expect(await replay()).toMatchObject({ code: 0, out: '2 events of lot-1 were replayed for ingest:control.events.v1 in feedback.\nThe stream flows again.\n' });
    expect(JSON.parse((await replay('--json')).out)).toEqual({ service: 'feedback', dryRun: false, ...answer });
  });

  it('ends with 3 where it stopped, also at the first event', async () => {
    const failed = { eventId: id('c'), error: 'quantity is no number' };
    platform.says('POST', path, { ...answer, failed, left: 4 }, 201);
    expect(await replay()).toMatchObject({ code: 3, out: expect.stringContaining(`It stopped at ${id('c')}: quantity is no number\n4 of the stream wait still.`) as string });
    platform.says('POST', path, { code: 'PARKED_STILL_FAILS', detail: 'fails still', consumer, stream: 'lot-1', failed, left: 4 }, 422);
    expect(await replay()).toMatchObject({ code: 3, out: expect.stringContaining('0 events of lot-1 were replayed') as string });
  });

  it('says what would happen, and changes nothing', async () => {
    platform.says('POST', path, { ...answer, left: 0 }, 201);
    expect((await replay('--dry-run')).out).toBe('2 events of lot-1 would be replayed for ingest:control.events.v1 in feedback.\nThe stream would flow again.\n');
  });

  it('discards one event', async () => {
    platform.says('POST', path, { ...answer, decision: 'discarded', eventIds: [id('a')], left: 1 }, 201);
    expect(await asking('discard', 'feedback', consumer, id('a'), '--reason', 'a test of theirs')).toMatchObject({
      code: 0, out: '1 event of lot-1 was discarded for ingest:control.events.v1 in feedback.\n1 of the stream wait still.\n',
    });
    expect(platform.asked.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('that makes no sense is said so', async () => {
    expect((await asking('replay', 'feedback', consumer, 'lot-1')).code).toBe(2);
    expect((await asking('replay', 'feedback', consumer, 'lot-1', '--reason', ' ')).code).toBe(2);
    expect(platform.asked.filter(({ method }) => method === 'POST')).toEqual([]);
    platform.says('POST', path, { code: 'NOT_FIRST_PARKED', detail: 'another is parked before it' }, 409);
    expect(await replay()).toMatchObject({ code: 2, err: expect.stringContaining('another is parked before it') as string });
  });
});
