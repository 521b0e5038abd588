import { accountAt, figureNames } from './figures.js';
import type { AccountHistory } from './account-history.js';
import { complained, day, exposed, lotId, nothing, now, recovered } from './history.spec-kit.js';

const figures = (rest: Partial<AccountHistory>) => accountAt({ ...nothing, ...rest }, now).figures;

describe('the figures of an account', () => {
  it('say nothing where nothing is known: unknown is not distrust', () =>
    expect(accountAt(nothing, now)).toEqual({
      complaints: { received: 0, open: 0 },
      figures: {
        exposures: '0', exposureWeight: '0', worstExposure: null, burden: '0', promisesDue: '0', promisesKept: '0', promiseRate: null, promiseLower: null, promiseUpper: null,
        satisfactionLatest: null, satisfactionMean: null, satisfactionStatements: '0', purchases: '0', repeatPurchases: '0', recencyDays: null, rhythmDays: null, quietRatio: null,
      },
    }));
  it('are those that a policy may ask for', () => expect(Object.keys(figures({})).toSorted()).toEqual([...figureNames].toSorted()));
  it('count exposures of 180 days, by weight and by the worst', () =>
    expect(figures({ exposures: [exposed({ at: day('2026-01-02') }), exposed({ severity: 'minor' }), exposed({ severity: 'critical', at: day('2026-01-01') })] }))
      .toMatchObject({ exposures: '2', exposureWeight: '1.25', worstExposure: 'major', burden: '1.25' }));
  it('give promises with their interval, and none below three', () => {
    expect(figures({ promises: { due: 10, kept: 9 } })).toMatchObject({ promisesDue: '10', promisesKept: '9', promiseRate: '0.9', promiseLower: '0.59585', promiseUpper: '0.982124' });
    expect(figures({ promises: { due: 2, kept: 0 } })).toMatchObject({ promisesDue: '2', promiseRate: null, promiseLower: null, promiseUpper: null });
  });
  it('give the satisfaction stated last, of two at once the later statement, and the mean of all', () =>
    expect(figures({ scores: [{ score: 9, at: day('2026-05-01') }, { score: 10, at: day('2026-05-02') }, { score: 2, at: day('2026-05-02') }] }))
      .toMatchObject({ satisfactionLatest: '2', satisfactionMean: '7', satisfactionStatements: '3' }));
  it('measure quiet by the account\'s own rhythm', () =>
    expect(figures({ purchases: { count: 4, first: day('2026-01-02'), last: day('2026-04-02') } }))
      .toMatchObject({ purchases: '4', repeatPurchases: '3', recencyDays: '90', rhythmDays: '30', quietRatio: '3' }));
  it('know no rhythm after one purchase, nor after several on one day', () => {
    expect(figures({ purchases: { count: 1, first: day('2026-06-01'), last: day('2026-06-01') } })).toMatchObject({ repeatPurchases: '0', recencyDays: '30', rhythmDays: null, quietRatio: null });
    expect(figures({ purchases: { count: 3, first: day('2026-06-01'), last: day('2026-06-01') } })).toMatchObject({ repeatPurchases: '2', rhythmDays: null, quietRatio: null });
  });
  it('count complaints beside, where no policy can ask for them', () =>
    expect(accountAt({ ...nothing, complaints: [complained(), complained(recovered), complained({ resolvedAt: now, agreed: false }), complained({ lotId, closedAt: now, outcome: 'unresolved' })] }, now).complaints)
      .toEqual({ received: 4, open: 2 }));
});
