import { isRecurrence } from './recurrence.js';

const day = (date: string) => `2026-${date}T08:00:00.000Z`;

describe('a nonconformity is a recurrence', () => {
  it('when it is the third within 90 days', () => {
    expect(isRecurrence(day('03-31'), [day('01-01'), day('02-01'), day('03-31')])).toBe(true);
    expect(isRecurrence(day('02-01'), [day('01-01'), day('02-01')])).toBe(false);
  });
  it('on the 90th day, and not after it', () => {
    expect(isRecurrence(day('04-01'), [day('01-01'), day('02-01'), day('04-01')])).toBe(true);
    expect(isRecurrence('2026-04-01T08:00:00.001Z', [day('01-01'), day('02-01'), '2026-04-01T08:00:00.001Z'])).toBe(false);
  });
  it('also when the one that makes three became known late', () =>
    expect(isRecurrence(day('01-01'), [day('02-01'), day('03-01'), day('01-01')])).toBe(true));
  it('not because three others, long before, were one', () =>
    expect(isRecurrence(day('07-20'), [day('04-01'), day('04-02'), day('04-03'), day('07-20')])).toBe(false));
  it('not when those around it lie too far apart', () =>
    expect(isRecurrence(day('06-01'), [day('03-10'), day('06-01'), day('08-20')])).toBe(false));
});
