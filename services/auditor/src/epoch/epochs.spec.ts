import { derivedId } from '@touchstone/kernel';
import { CannedPlatform, touchstone } from '../canned.spec-kit.js';
import type { Said } from '../canned.spec-kit.js';

let platform: CannedPlatform;
let url: string;
beforeEach(async () => {
  platform = new CannedPlatform(['control', 'feedback', 'assurance']);
  url = await platform.start();
});
afterEach(() => platform.stop());
const asking = (...args: string[]): Promise<Said> => touchstone(['--url', url, '--token', 't', ...args]);

const [released, rejected] = [derivedId('released'), derivedId('rejected')];
const lost = (eventId: string, type: string, more: object) => ({ service: 'control', logId: 'control.plant.2', eventId, stream: 'lot-1', type, position: 'control.plant.1@57', consequences: [], ...more });
const state = { service: 'control', logId: 'control.plant.2', open: true, epochs: [{ epoch: 1, logId: 'control.plant.1', forkSeq: 0, startedAt: '2026-01-01T00:00:00.000Z' }, { epoch: 2, logId: 'control.plant.2', forkSeq: 40, startedAt: '2026-03-02T07:00:00.000Z', startedBy: 'olga', reason: 'disk failed' }] };
const none = { items: [] };

/** Control lost two events; feedback was told both, and opened a case because of one. */
function withLosses(enteredAgain = false): void {
  platform.says('GET', '/control/epochs', state)
    .says('GET', '/control/withdrawn?after=0', { items: [lost(released, 'control.QuantityReleased.v1', { actor: 'ada', enteredAgain })], next: '42' })
    .says('GET', '/control/withdrawn?after=42', { items: [lost(rejected, 'control.LotRejected.v1', { actor: 'system:control:record', enteredAgain: false })], next: '43' })
    .says('GET', '/control/withdrawn?after=43', none).says('GET', '/assurance/withdrawn?after=0', none)
    .says('GET', '/feedback/withdrawn?after=0', {
      items: [
        lost(rejected, 'control.LotRejected.v1', { here: { stream: 'control/lot-1', version: 3 }, consequences: [{ eventId: derivedId('case'), stream: 'case-1', version: 1, type: 'feedback.CaseOpened.v1' }] }),
        lost(released, 'control.QuantityReleased.v1', { here: { stream: 'control/lot-1', version: 2 } }),
        { ...lost(derivedId('other'), 'planning.ItemRegistered.v1', {}), service: 'planning' },
      ],
      next: '9',
    }).says('GET', '/feedback/withdrawn?after=9', none);
}

describe('touchstone epoch show', () => {
  it('lists what was told and lost: to whom, what came of it, and what has to be entered again', async () => {
    withLosses();
    const { code, out } = await asking('epoch', 'show', 'control', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(out)).toEqual({
      ...state,
      lost: [
        { eventId: released, stream: 'lot-1', type: 'control.QuantityReleased.v1', position: 'control.plant.1@57', actor: 'ada', todo: 'enter again', toldTo: ['feedback'], led: [] },
        { eventId: rejected, stream: 'lot-1', type: 'control.LotRejected.v1', position: 'control.plant.1@57', actor: 'system:control:record', todo: 'follows by itself', toldTo: ['feedback'],
          led: [{ service: 'feedback', stream: 'case-1', version: 1, type: 'feedback.CaseOpened.v1' }] },
      ],
    });
  });

  it('says it in words, and ends with 0 when nothing is left to enter', async () => {
    withLosses(true);
    const { code, out } = await asking('epoch', 'show', 'control');
    expect(code).toBe(0);
    for (const part of ['control records in control.plant.2.', 'disk failed', 'entered again', 'follows by itself', 'case-1@1', '2 withdrawn, 0 to enter again']) expect(out.replaceAll(/\s+/g, ' ')).toContain(part);
  });

  it('says why nothing is recorded', async () => {
    withLosses(true);
    platform.says('GET', '/control/epochs', { ...state, open: false, closedBecause: 'feedback.plant.1 was told event 7' });
    expect(await asking('epoch', 'show', 'control')).toMatchObject({ code: 3, out: expect.stringContaining('control records nothing: feedback.plant.1 was told event 7') });
  });

  it('knows the services that there are', async () => {
    expect(await asking('epoch', 'show', 'billing')).toMatchObject({ code: 2, err: 'touchstone: there is no service billing: there are control, feedback, assurance\n' });
  });
});

describe('touchstone epoch start', () => {
  const report = { service: 'control', logId: 'control.plant.2', epoch: 2, forkSeq: 40, withdrawn: 17, toldBy: { 'feedback.plant.1': 17 }, differing: 0, durationMs: 120 };

  it('tells how the log goes on', async () => {
    platform.says('POST', '/control/epochs', report);
    expect(await asking('epoch', 'start', 'control', '--reason', 'disk failed')).toMatchObject({ code: 0, out: expect.stringContaining('control goes on as control.plant.2 from position 40; 17 events') });
    expect(JSON.parse((await asking('epoch', 'start', 'control', '--reason', 'disk failed', '--json')).out)).toEqual(report);
  });

  it('says when two services hold an event with different content', async () => {
    platform.says('POST', '/control/epochs', { ...report, differing: 1 });
    expect((await asking('epoch', 'start', 'control', '--reason', 'disk failed')).out).toContain('1 of them are known to two services with different content');
  });

  it.each([[['epoch', 'start', 'control']], [['epoch', 'start', 'control', '--reason', ' ']], [['epoch']]])('asks for a reason: %j', async (args) => {
    expect((await asking(...args)).code).toBe(2);
    expect(platform.asked.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});
