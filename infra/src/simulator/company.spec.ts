import type { Act } from './company.js';
import { Company, defaultCompany } from './company.js';
import { products } from './products.js';

/** All acts of all days, in their order. */
function acts(company: Company): Act[] {
  return Array.from({ length: company.days }, (_, day) => Object.values(company.day(day)).flat(2)).flat();
}

const small = { ...defaultCompany, accounts: 60, productionDays: 14, deliveriesPerLot: 2, plot: { corrected: 1, baseline: 6, heldSample: 5, drift: { from: 6, until: 9 }, rejected: 7, badLot: 3, badLotFound: 9, secondPolicy: 10 } };
const ofType = (all: readonly Act[], type: string) => all.filter((act) => act.type === type);

describe('a simulated company', () => {
  it('does the same things, to the digit, when its seed is the same', () => {
    const company = () => new Company(small);
    expect(acts(company())).toEqual(acts(company()));
    expect(company().registerAccounts()).toEqual(company().registerAccounts());
  });

  it('is another one when its seed is another: other accounts, other values, other buyers', () => {
    const [one, other] = [new Company(small), new Company({ ...small, seed: 8 })];
    expect(one.accounts.filter((account) => other.accounts.includes(account))).toEqual([]);
    const values = (company: Company) => ofType(acts(company), 'RecordMeasurements').map(({ body }) => body['values']);
    expect(values(one)).not.toEqual(values(other));
  });

  it('never acts on a day before or after the one on which it is asked', () => {
    const company = new Company(small);
    for (let day = 0; day < company.days; day += 1) {
      const dates = Object.values(company.day(day)).flat(2).map(({ occurredAt }) => occurredAt.slice(0, 10));
      expect(dates.filter((date) => date !== company.at(day, 0).slice(0, 10))).toEqual([]);
    }
  });

  it('works from Monday to Friday', () => {
    const company = new Company(small);
    const weekdays = Array.from({ length: 20 }, (_, day) => new Date(company.at(day, 12)).getUTCDay());
    expect(weekdays).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5]);
  });
});

describe('the company of the demonstration', () => {
  let company: Company;
  let all: Act[];
  beforeAll(() => {
    company = new Company(defaultCompany);
    all = acts(company);
  });

  const diameters = (day: number) => ofType(all, 'RecordMeasurements')
    .filter(({ body }) => body['characteristicId'] === 'diameter' && body['inspectionId'] === company.lotOf('ring', day).inspectionId)
    .flatMap(({ body }) => body['values'] as string[]).map(Number);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it('has 300 lots, more than 20,000 measured values and 2,000 accounts', () => {
    expect(company.lots.length).toBe(300);
    expect(ofType(all, 'RecordMeasurements').flatMap(({ body }) => body['values'] as string[]).length).toBeGreaterThanOrEqual(20_000);
    expect(company.registerAccounts().length).toBe(2_000);
    expect(new Set(company.accounts).size).toBe(2_000);
  });

  it('lets the ring diameter drift upward and never out of its tolerance', () => {
    const { from, until } = defaultCompany.plot.drift;
    const drifting = Array.from({ length: until - from }, (_, day) => diameters(from + day));
    expect(drifting.flat().filter((value) => value < 73.95 || value > 74.05)).toEqual([]);
    expect(mean(drifting.at(-1) ?? [])).toBeGreaterThan(mean(drifting[0] ?? []) + 0.01);
    expect(Math.abs(mean(diameters(until)) - 74)).toBeLessThan(0.006); // the tool was changed: back at its target
  });

  it('measures outside the limits in the lots of its plot and in no other', () => {
    const { plot } = defaultCompany;
    const outside = ofType(all, 'RecordMeasurements').filter(({ body }) => {
      const { lower = '-Infinity', upper = 'Infinity' } = products.flatMap(({ characteristics }) => characteristics).find(({ plan }) => plan.characteristicId === body['characteristicId'])?.plan ?? {};
      return (body['values'] as string[]).some((value) => Number(value) < Number(lower) || Number(value) > Number(upper));
    });
    const lots = new Set(outside.map(({ body }) => company.lots.find(({ inspectionId }) => inspectionId === body['inspectionId'])?.number));
    expect(lots).toEqual(new Set([company.lotOf('ring', plot.corrected), company.lotOf('seat', plot.heldSample), company.lotOf('seal', plot.rejected)].map(({ number }) => number)));
  });

  it('ships a lot only after its release, and of the rejected lot nothing', () => {
    const planned = ofType(all, 'PlanDelivery');
    const released = new Map(ofType(all, 'ReleaseQuantity').map(({ body, occurredAt }) => [body['lotId'], occurredAt]));
    expect(planned.length).toBeGreaterThan(298 * defaultCompany.deliveriesPerLot);
    expect(planned.filter(({ body, occurredAt }) => !((released.get(body['lotId']) ?? '9') < occurredAt))).toEqual([]);
    expect(planned.some(({ body }) => body['lotId'] === company.lotOf('seal', defaultCompany.plot.rejected).lotId)).toBe(false);
  });

  it('never delivers more of a lot than could be released of it', () => {
    for (const lot of company.lots) {
      const ordered = ofType(all, 'PlanDelivery').filter(({ body }) => body['lotId'] === lot.lotId).reduce((sum, { body }) => sum + Number(body['quantity']), 0);
      expect(ordered).toBeLessThanOrEqual(lot.releasable);
    }
  });

  it('knows which accounts the bad lot reached', () => {
    const { lotId } = company.lotOf('seat', defaultCompany.plot.badLot);
    const buyers = ofType(all, 'PlanDelivery').filter(({ body }) => body['lotId'] === lotId).map(({ body }) => body['accountId']);
    expect(new Set(company.exposed.keys())).toEqual(new Set(buyers));
    expect(company.exposed.size).toBeGreaterThanOrEqual(15);
  });

  it('loses custom where the bad lot arrived: those accounts buy less afterwards than they would have', () => {
    const purchasesAfter = (exposureEffect: number) => {
      const other = new Company({ ...defaultCompany, accounts: 200, exposureEffect });
      const purchases = ofType(acts(other), 'RecordPurchase');
      const found = other.at(defaultCompany.plot.badLot + 10, 0);
      return purchases.filter(({ body, occurredAt }) => occurredAt > found && other.exposed.has(String(body['accountId']))).length;
    };
    const [indifferent, affected, gone] = [purchasesAfter(0), purchasesAfter(0.45), purchasesAfter(1)];
    expect(affected).toBeLessThan(0.8 * indifferent);
    expect(gone).toBe(0);
  });

  it('has complaints of about a third of the exposed deliveries and of few others', () => {
    const { lotId } = company.lotOf('seat', defaultCompany.plot.badLot);
    const complaints = ofType(all, 'ReceiveComplaint');
    const aboutBadLot = complaints.filter(({ body }) => body['lotId'] === lotId).length;
    const deliveries = ofType(all, 'PlanDelivery').length;
    expect(aboutBadLot).toBeGreaterThanOrEqual(4);
    expect(complaints.every(({ body }) => body['lotId'] === undefined || body['lotId'] === lotId)).toBe(true);
    expect((complaints.length - aboutBadLot) / deliveries).toBeLessThan(0.06);
  });
});
