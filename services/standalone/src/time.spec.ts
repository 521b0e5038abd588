import { SimulatedClock } from '@touchstone/kernel';
import type { Standing, TimedService } from '@touchstone/platform';
import { advance, settled } from './time.js';

/** A service that says what it is told to, one answer after the other; the last for ever. */
class Scripted implements TimedService {
  asked = 0;
  readonly moves: string[] = [];
  constructor(readonly name: string, readonly hears: readonly string[], private readonly answers: readonly Partial<Standing>[], private readonly dues: string[] = [], private readonly journal: string[] = []) {}

  standing(): Promise<Standing> {
    const answer = this.answers[Math.min(this.asked, this.answers.length - 1)];
    this.asked += 1;
    return Promise.resolve({ head: 0, published: {}, taken: {}, ...answer });
  }
  nextDeadline(): Promise<string | undefined> {
    return Promise.resolve(this.dues[0]);
  }
  moveTo(at: string): Promise<void> {
    this.moves.push(at);
    return Promise.resolve();
  }
  fire(): Promise<number> {
    const fired = this.dues.shift();
    if (fired !== undefined) this.journal.push(`${this.name} ${fired}`);
    return Promise.resolve(0);
  }
}

describe('services have settled', () => {
  it('when no head has moved from one look to the next', async () => {
    const [one, other] = [new Scripted('one', [], [{ head: 5 }]), new Scripted('other', [], [{ head: 1 }, { head: 2 }, { head: 3 }, { head: 3 }])];
    await settled({ timed: [one, other] });
    expect([one.asked, other.asked]).toEqual([4, 4]);
  });

  it('and not before a listener has taken in what was published to each of its lanes', async () => {
    const producer = new Scripted('control', [], [{ head: 9, published: { 'control.events.v1/0': 4, 'control.events.v1/1': 2 } }]);
    const behind = new Scripted('analytics', ['control'], [
      { head: 3, taken: { 'control.events.v1/0': 4 } }, { head: 3, taken: { 'control.events.v1/0': 4, 'control.events.v1/1': 1 } }, { head: 3, taken: { 'control.events.v1/0': 4, 'control.events.v1/1': 2 } },
    ]);
    await settled({ timed: [producer, behind] });
    expect(behind.asked).toBe(3);
  });

  it('however far behind those are who do not listen', async () => {
    const producer = new Scripted('control', [], [{ head: 9, published: { 'control.events.v1/0': 4 } }]);
    const deaf = new Scripted('planning', ['assurance'], [{ head: 3 }]);
    await settled({ timed: [producer, deaf] });
    expect(deaf.asked).toBe(2);
  });

  it('never where none has a simulated time', async () => {
    await expect(settled({ timed: [] })).rejects.toThrow('no service here has a simulated time');
  });
});

describe('time moves', () => {
  it('from deadline to deadline, in all services, each fired when all clocks stand at it', async () => {
    const journal: string[] = [];
    const one = new Scripted('one', [], [{}], ['2026-01-02T00:00:00.000Z', '2026-01-04T00:00:00.000Z'], journal);
    const other = new Scripted('other', [], [{}], ['2026-01-03T00:00:00.000Z', '2026-02-01T00:00:00.000Z'], journal);
    const clock = new SimulatedClock('2026-01-01T00:00:00.000Z');
    await advance({ clock, timed: [one, other] }, '2026-01-10T00:00:00.000Z');
    expect(journal).toEqual(['one 2026-01-02T00:00:00.000Z', 'other 2026-01-03T00:00:00.000Z', 'one 2026-01-04T00:00:00.000Z']);
    expect(one.moves).toEqual(['02', '03', '04', '10'].map((day) => `2026-01-${day}T00:00:00.000Z`));
    expect(other.moves).toEqual(one.moves);
    expect(clock.now()).toBe('2026-01-10T00:00:00.000Z');
  });

  it('only where the clock is a simulated one', async () => {
    await expect(advance({ clock: { now: () => '2026-01-01T00:00:00.000Z', simulated: false }, timed: [] }, '2026-01-02T00:00:00.000Z')).rejects.toThrow('only a simulated clock');
  });
});
