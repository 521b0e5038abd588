import { storeChaosOptions } from './options.js';
import { planAsText } from './report.js';
import { betweenSteps, PLACES, planOf } from './store/plan.js';
import { statementOf, statements } from './store/steps.js';

describe('the plan of faults', () => {
  it('follows from the seed', () => {
    expect(planAsText(planOf({ seed: 7, points: 400 }))).toBe(planAsText(planOf({ seed: 7, points: 400 })));
    expect(planAsText(planOf({ seed: 7, points: 400 }))).not.toBe(planAsText(planOf({ seed: 8, points: 400 })));
  });
  it('covers every place between two steps with every victim, once it has so many points', () => {
    const { kills } = planOf({ seed: 3, points: PLACES });
    expect(new Set(kills.map(({ step, moment, victim }) => `${step} ${moment} ${victim}`)).size).toBe(PLACES);
    expect(PLACES).toBe(betweenSteps.length * 4);
  });
  it('has 300 kills and more by default, and one fault when only that is asked for', () => {
    const options = storeChaosOptions(['--only', 'cut']);
    if (options === 'help') throw new Error('no help was asked for');
    expect(options).toMatchObject({ seed: 1, points: 320, only: 'cut' });
    expect(planOf(options).faults).toEqual(['cut']);
  });
});

describe('the options of chaos', () => {
  it.each([['--points', '0'], ['--seed', 'x'], ['--only', 'rain'], ['--colour', 'red']])('%s %s is refused', (...args) => {
    expect(() => storeChaosOptions(args)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }) as Error);
  });
  it('include help', () => expect(storeChaosOptions(['--help'])).toBe('help'));
});

describe('a statement', () => {
  it.each([
    ['select head, versions from append_together($1)', 'append'], ['call append_and_flush($1, null)', 'append'], ['select append_batch($1::json) as results', 'append'],
    ['select ingest_together($1) as head', 'ingest'], [`select pg_logical_emit_message(true, 'touchstone.flush', '')`, 'flush'],
    ['select seq, id from event where seq > $1 order by seq limit $2', 'read-all'], ['with moved as (update checkpoint set seq = $3 where name = $1 and seq = $2 returning 1), c0 as (insert …', 'write-rows'],
    ['update checkpoint set seq = $1 where name = $2', 'write-checkpoint'], ['insert into deadline_sent select * from unnest($1::uuid[])', 'note-sent'],
    ['select id, stream, seq from command where id = $1', 'find-command'], ['begin', 'other'],
  ])('%s is taken for what it does', (text, step) => expect(statementOf(text)).toBe(step));

  it('of each kind but "other" has its place in the plan', () => {
    expect(new Set(betweenSteps.map(({ step }) => step))).toEqual(new Set([...statements, 'tell', 'keep-checkpoint']));
  });
});
