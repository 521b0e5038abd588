import { derivedId } from '@touchstone/kernel';
import type { StoredCommand, StoredEvent } from '@touchstone/event-store';
import type { TrialEvidence } from './store/checks.js';
import { findings } from './store/checks.js';

const event = (seq: number, stream: string, version: number, type: string, body: object): StoredEvent => ({ seq, id: `e${seq}`, stream, version, type, body: JSON.stringify(body), meta: '{}' });
const moved = (seq: number, version: number, after: string, name = 'MouldUsed') =>
  event(seq, 'mould-m0', version, `moulding.${name}.v1`, { mouldId: 'm0', entry: `entry ${version}`, after });
const command = (id: string, rest: Partial<StoredCommand> = {}): StoredCommand => ({ id, stream: 'mould-m0', bodyHash: 'h', answer: '{}', record: '{}', seq: 1, ...rest });

/** Two entries of one mould, stood in the log before anybody recorded. */
function evidence(rest: Partial<TrialEvidence> = {}, events: readonly StoredEvent[] = [moved(1, 1, ''), moved(2, 2, 'entry 1')]): TrialEvidence {
  const stored = events.map(({ id, seq, stream, version, type }) => ({ id, seq, stream, version, type, digest: '' }));
  return {
    history: { before: stored.length, operations: [], subscribers: [], crashes: [], commands: [], stored }, events, commands: new Map(), clients: [], parked: [],
    entryRows: events.filter(({ stream }) => stream === 'mould-m0').map(({ version }) => ({ entry: `entry ${version}`, times: 1 })), logId: 'moulding:chaos:1', ...rest,
  };
}
const kinds = (given: TrialEvidence) => findings(given).map((what) => what.split(':')[0]);
const answer = (repeated: boolean, seq = 1) => ({ outcome: 'accepted' as const, stream: 'mould-m0', version: 1, events: [], position: `moulding:chaos:1@${seq}`, repeated });

describe('what a history of the log alone does not show', () => {
  it('is nothing when all is well', () => {
    const clients = [{ asked: 'c', request: { type: 'ReleaseMould' } as never, at: 1 }, { told: 'c', answer: answer(false), at: 2 }, { told: 'c', answer: answer(true), at: 3 }];
    expect(findings(evidence({ commands: new Map([['c', command('c')]]), clients }))).toEqual([]);
  });
  it('a decision on an entry that is not there', () => {
    expect(kinds(evidence({}, [moved(1, 1, ''), moved(2, 2, 'vanished')]))).toEqual(['decided-on-nothing']);
  });
  it('a fact that names an entry which does not stand where it says', () => {
    const record = JSON.stringify({ facts: { beside: { value: 'vanished', refs: [{ stream: 'mould-m0', version: 2 }] } } });
    expect(kinds(evidence({ commands: new Map([['c', command('c', { record })]]) }))).toEqual(['fact-of-nothing']);
  });
  it('a refusal that judged a state which never was', () => {
    const refusal = (last: string) => event(3, 'refusals-mould-m0', 1, 'CommandRefused', { code: 'MOULD_BLOCKED', details: { last }, stream: 'mould-m0', atVersion: 2 });
    expect(kinds(evidence({}, [moved(1, 1, ''), moved(2, 2, 'entry 1'), refusal('vanished')]))).toEqual(['refused-on-nothing']);
    expect(kinds(evidence({}, [moved(1, 1, ''), moved(2, 2, 'entry 1'), refusal('entry 2')]))).toEqual([]);
  });
  it('a command that is answered as new twice, answered otherwise, answered and not kept, or never answered', () => {
    const told = (...answers: ReturnType<typeof answer>[]) => answers.map((each, at) => ({ told: 'c', answer: each, at }));
    const commands = new Map([['c', command('c')]]);
    expect(kinds(evidence({ commands, clients: told(answer(false), answer(false)) }))).toEqual(['command-done-twice']);
    expect(kinds(evidence({ commands, clients: told(answer(false), { ...answer(true), version: 9 }) }))).toEqual(['answered-otherwise']);
    expect(kinds(evidence({ clients: told(answer(false)) }))).toEqual(['acknowledged-lost']);
    expect(kinds(evidence({ commands, clients: told(answer(false, 2)) }))).toEqual(['acknowledged-elsewhere']);
    expect(kinds(evidence({ clients: [{ asked: 'c', request: { type: 'ReleaseMould' } as never, at: 1 }] }))).toEqual(['unanswered']);
  });
  it('a reaction that did not come, unless it was put aside, which is a finding too', () => {
    const damaged = [moved(1, 1, '', 'MouldDamaged')];
    const id = derivedId('reaction', 'moulding', 'block-damaged', 'e1', 0);
    expect(kinds(evidence({}, damaged))).toEqual(['effect-missing']);
    expect(kinds(evidence({ commands: new Map([[id, command(id)]]) }, damaged))).toEqual([]);
    expect(kinds(evidence({ parked: [{ consumer: 'reaction:block-damaged', eventId: 'e1', error: 'connection lost' }] }, damaged))).toEqual(['parked']);
  });
  it('rows that were applied again, never, or of nothing', () => {
    const rows = (...list: [string, number][]) => ({ entryRows: list.map(([entry, times]) => ({ entry, times })) });
    expect(kinds(evidence(rows(['entry 1', 2], ['entry 2', 1])))).toEqual(['applied-again']);
    expect(kinds(evidence(rows(['entry 1', 1])))).toEqual(['never-applied']);
    expect(kinds(evidence(rows(['entry 1', 1], ['entry 2', 1], ['vanished', 1])))).toEqual(['applied-of-nothing']);
  });
  it('an event whose place a subscriber has passed, without having seen what stands there', () => {
    const subscriber = {
      name: 'outside', guarantee: 'at-least-once' as const, drained: true,
      steps: [{ kind: 'started' as const, at: 1, after: 0 }, { kind: 'delivered' as const, at: 2, seq: 1, eventId: 'e1' }, { kind: 'delivered' as const, at: 3, seq: 2, eventId: 'vanished' }],
    };
    const { history } = evidence();
    expect(kinds(evidence({ history: { ...history, crashes: [4], subscribers: [subscriber] } }))).toEqual(['never-delivered']);
  });
});
