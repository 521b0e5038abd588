import fc from 'fast-check';
import { compare, less } from '@touchstone/kernel';
import type { Complained, Exposed } from './account-history.js';
import { burdenOf } from './burden.js';
import { complained, day, deliveryId, exposed, lotId, now, recovered } from './history.spec-kit.js';

const burden = (exposures: readonly Exposed[], complaints: readonly Complained[], at = now) => burdenOf(exposures, complaints, at);
const severity = fc.constantFrom('minor', 'major', 'critical');
const instant = fc.integer({ min: 0, max: 2_000 }).map((days) => new Date(Date.parse(day('2022-01-01')) + days * 86_400_000).toISOString());

describe('the burden of an account', () => {
  it('is nothing where nothing went wrong', () => expect(burden([], [])).toBe('0'));
  it('weighs what went wrong by its severity', () =>
    expect((['minor', 'major', 'critical'] as const).map((each) => [burden([exposed({ severity: each })], []), burden([], [complained({ severity: each })])]))
      .toEqual([['0.25', '0.25'], ['1', '1'], ['3', '3']]));
  it('adds up', () => expect(burden([exposed(), exposed({ lotId: deliveryId, deliveryId: lotId, severity: 'minor' })], [complained({ severity: 'critical' })])).toBe('4.25'));
  it('counts a complaint that nobody has assessed as a minor one', () => expect(burden([], [complained({ severity: null })])).toBe('0.25'));
  it('halves every 90 days', () =>
    expect(['2026-07-01', '2026-04-03', '2026-04-02', '2026-01-02'].map((date) => burden([exposed({ at: day(date) })], []))).toEqual(['1', '1', '0.5', '0.25']));
  it('fades, and never to nothing', () => expect(burden([exposed({ at: day('2001-01-01') })], [])).toBe('0.00390625'));
});

describe('a complaint', () => {
  it('weighs in full while it is open, however long', () => expect(burden([], [complained({ receivedAt: day('2020-01-01') })])).toBe('1'));
  it('that is resolved is not forgotten: it keeps half its weight, which fades from then on', () => {
    expect(burden([], [complained(recovered)])).toBe('0.5');
    expect(burden([], [complained({ ...recovered, resolvedAt: day('2026-04-01') })])).toBe('0.25');
  });
  it('stays open while the customer does not agree', () => expect(burden([], [complained({ resolvedAt: day('2020-01-01'), agreed: false })])).toBe('1'));
  it('that is closed without his agreement keeps its weight, and fades', () =>
    expect([burden([], [complained({ closedAt: now, outcome: 'unresolved' })]), burden([], [complained({ closedAt: day('2026-04-01'), outcome: 'no-response' })])]).toEqual(['1', '0.5']));
  it('closed on his confirmation counts as recovered', () => expect(burden([], [complained({ closedAt: now, outcome: 'confirmed' })])).toBe('0.5'));
  it.each(['duplicate', 'not-ours'])('closed as %s is no cause of ours', (outcome) => expect(burden([exposed()], [complained({ lotId, closedAt: now, outcome })])).toBe('1'));
  it('about a lot or a delivery known to be nonconforming is the same cause, not a second one', () =>
    expect([burden([exposed()], [complained({ lotId, severity: 'critical' })]), burden([exposed()], [complained({ deliveryId })])]).toEqual(['1', '1']));
  it('about it that was recovered weighs half of staying silent', () => expect(burden([exposed()], [complained({ lotId, ...recovered })])).toBe('0.5'));
  it('about it is not recovered while another one is open', () => expect(burden([exposed()], [complained({ lotId, ...recovered }), complained({ lotId })])).toBe('1'));

  it('never weighs more than staying silent, and less when the customer was helped', () =>
    fc.assert(fc.property(severity, severity, instant, instant, instant, fc.boolean(), (ofLot, ofComplaint, at, receivedAt, resolvedAt, agreed) => {
      const exposures = [exposed({ severity: ofLot, at })];
      const silent = burden(exposures, []);
      const told = burden(exposures, [complained({ lotId, severity: ofComplaint, receivedAt })]);
      const helped = burden(exposures, [complained({ lotId, severity: ofComplaint, receivedAt, resolvedAt, agreed })]);
      expect([compare(told, silent) <= 0, agreed ? less(helped, silent) : compare(helped, silent) <= 0, less('0', helped)]).toEqual([true, true, true]);
    })));
});
