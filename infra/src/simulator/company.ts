import type { Decimal, Instant } from '@touchstone/kernel';
import { decimal, derivedId, plusDays } from '@touchstone/kernel';
import type { Person } from './people.js';
import type { Product, SimulatedCharacteristic } from './products.js';
import { products } from './products.js';
import { Random } from './random.js';

export interface CompanyOptions {
  readonly seed: number;
  /** A Monday, 00:00 UTC. */
  readonly start: Instant;
  readonly accounts: number;
  /** Working days on which each product is made: one lot a product and shift, two shifts a day. */
  readonly productionDays: number;
  readonly deliveriesPerLot: number;
  /** How much less an account buys after it received a bad lot: 0 not at all, 1 never again. */
  readonly exposureEffect: number;
  /** Share of exposed, and of other, deliveries that lead to a complaint. */
  readonly complaintRateExposed: number;
  readonly complaintRate: number;
  readonly lateRate: number;
  readonly plot: Plot;
}

/** What is the matter with which lots: production days, counted from 0; of the first shift, where it is one lot. */
export interface Plot {
  readonly corrected: number;
  readonly baseline: number;
  readonly heldSample: number;
  readonly drift: { readonly from: number; readonly until: number };
  readonly rejected: number;
  readonly badLot: number;
  readonly badLotFound: number;
  readonly secondPolicy: number;
}

export const defaultCompany: CompanyOptions = {
  seed: 7, start: '2026-01-05T00:00:00.000Z', accounts: 2_000, productionDays: 50, deliveriesPerLot: 4,
  exposureEffect: 0.45, complaintRateExposed: 0.35, complaintRate: 0.03, lateRate: 0.07,
  plot: { corrected: 10, baseline: 12, heldSample: 15, drift: { from: 20, until: 24 }, rejected: 22, badLot: 25, badLotFound: 36, secondPolicy: 42 },
};

/** What somebody does: one command. */
export interface Act {
  readonly by: Person;
  readonly service: string;
  readonly type: string;
  readonly occurredAt: Instant;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Lot {
  readonly lotId: string;
  readonly number: string;
  readonly inspectionId: string;
  readonly product: Product;
  readonly day: number;
  readonly shift: number;
  readonly quantity: Decimal;
  /** What can be released after its inspection; none of a rejected lot. */
  readonly releasable: number;
}

const SHIFTS = [0, 1];
const SAMPLES = 4;
const LOT_QUANTITY = 480;
export const REPRESENTS = String(LOT_QUANTITY / SAMPLES);

/** A company whose truth is known. Days are working days, counted from 0; nothing depends on what the platform answers. */
export class Company {
  readonly accounts: readonly string[];
  readonly lots: readonly Lot[];
  /** The truth: which accounts received the bad lot, and when. */
  readonly exposed = new Map<string, number>();
  private readonly later = new Map<number, Act[]>();
  private readonly loyalty: number[];
  private orders = 0;

  constructor(readonly options: CompanyOptions = defaultCompany) {
    const { seed, accounts, productionDays } = options;
    const random = this.random('loyalty');
    this.accounts = Array.from({ length: accounts }, (_, n) => derivedId('account', 'simulated', seed, n));
    this.loyalty = this.accounts.map(() => 0.15 + 0.85 * random.next() * random.next());
    this.lots = Array.from({ length: productionDays }, (_, day) => SHIFTS.flatMap((shift) => products.map((product) => this.lot(product, day, shift)))).flat();
  }

  /** Working days until the last effectiveness is verified and the last delivery has arrived. */
  get days(): number {
    return Math.max(this.options.productionDays + 8, this.options.plot.badLotFound + 32);
  }

  /** `hour` of the n-th working day. */
  at(day: number, hour: number, minute = 0): Instant {
    const date = plusDays(this.options.start, Math.floor(day / 5) * 7 + (day % 5));
    return `${date.slice(0, 11)}${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00.000Z`;
  }

  lotOf(productKey: string, day: number): Lot {
    const found = this.lots.find((lot) => lot.product.key === productKey && lot.day === day);
    if (!found) throw new RangeError(`no lot of ${productKey} on day ${day}`);
    return found;
  }

  registerAccounts(): Act[] {
    return this.accounts.map((accountId, n) => ({
      by: 'crm', service: 'feedback', type: 'RegisterAccount', occurredAt: this.at(0, 0),
      body: { accountId, name: `Workshop ${String(n + 1).padStart(4, '0')}`, externalSource: 'crm', externalId: `K-${10_000 + n}` },
    }));
  }

  /** What the systems and the inspectors do on a day, in the order in which it must happen. */
  day(day: number): { erp: Act[]; starts: Act[]; measurements: Act[][]; completions: Act[]; releases: Act[]; shop: Act[]; voices: Act[] } {
    const made = this.lots.filter((lot) => lot.day === day);
    const released = this.lots.filter((lot) => lot.day === day - 1 && lot.releasable > 0);
    const sold = this.lots.filter((lot) => lot.day === day - 2 && lot.releasable > 0);
    const orders = sold.flatMap((lot) => this.sell(lot, day));
    const due = this.later.get(day) ?? [];
    this.later.delete(day);
    return {
      erp: [...made.map((lot) => this.register(lot)), ...orders, ...due.filter(({ by }) => by === 'erp')],
      starts: made.map((lot) => this.act(this.inspectorOf(lot), 'control', 'StartInspection', this.at(day, 8), { inspectionId: lot.inspectionId, lotId: lot.lotId, stage: 'final' })),
      // One shift after the other: a chart has an order.
      measurements: SHIFTS.map((shift) => made.filter((lot) => lot.shift === shift).flatMap((lot) => this.measure(lot))),
      completions: made.map((lot) => this.act(this.inspectorOf(lot), 'control', 'CompleteInspection', this.at(day, 15), { inspectionId: lot.inspectionId })),
      releases: released.map((lot) => this.act('engineer', 'control', 'ReleaseQuantity', this.at(day, 8), { lotId: lot.lotId, quantity: String(lot.releasable) })),
      shop: orders.map(({ body }) => this.purchase(body, day)),
      voices: due.filter(({ by }) => by !== 'erp'),
    };
  }

  private lot(product: Product, day: number, shift: number): Lot {
    const id = (what: string) => derivedId(what, 'simulated', this.options.seed, product.key, day, shift);
    const number = `${product.number}-${String(SHIFTS.length * day + shift + 1).padStart(3, '0')}`;
    const { plot } = this.options;
    const held = shift === 0 && product.key === 'seat' && day === plot.heldSample ? Number(REPRESENTS) : 0;
    const rejected = shift === 0 && product.key === 'seal' && day === plot.rejected;
    return {
      lotId: id('lot'), inspectionId: id('inspection'), number, product, day, shift,
      quantity: String(LOT_QUANTITY), releasable: rejected ? 0 : LOT_QUANTITY - held,
    };
  }

  private register({ lotId, number, product, quantity, day }: Lot): Act {
    return this.act('erp', 'control', 'RegisterLot', this.at(day, 6), { lotId, number, itemId: product.itemId, quantity, unit: 'pcs', site: 'ulm' });
  }

  /** Four samples of each characteristic. The drift stays inside the tolerance; other departures are the plot's. */
  private measure(lot: Lot): Act[] {
    const random = this.random(`measure ${lot.number}`);
    return lot.product.characteristics.flatMap((characteristic) => Array.from({ length: SAMPLES }, (_, index) => {
      const values = Array.from({ length: characteristic.plan.sampleSize }, (_, place) => this.value(lot, characteristic, index, place, random));
      return this.measured(lot.inspectionId, characteristic, values, this.at(lot.day, 9 + Math.floor(index / 2), (index % 2) * 30));
    }));
  }

  measured(inspectionId: string, { plan, gaugeId }: SimulatedCharacteristic, values: Decimal[], occurredAt: Instant): Act {
    return this.act('mes', 'control', 'RecordMeasurements', occurredAt, {
      inspectionId, characteristicId: plan.characteristicId, values, unit: plan.unit, represents: REPRESENTS, gaugeId, gaugeCalibratedUntil: '2026-12-31T00:00:00.000Z',
    });
  }

  private value({ product, day, shift }: Lot, { mean, sigma, digits, plan }: SimulatedCharacteristic, sample: number, place: number, random: Random): Decimal {
    const { plot } = this.options;
    const drifting = product.key === 'ring' && plan.characteristicId === 'diameter' && day >= plot.drift.from && day < plot.drift.until;
    const drawn = mean + (drifting ? 0.0025 * (2 * (day - plot.drift.from) + shift) : 0) + sigma * random.normal();
    if (shift === 0 && product.key === 'ring' && day === plot.corrected && plan.characteristicId === 'diameter' && sample === 2 && place === 0) return '47.002';
    if (shift === 0 && product.key === 'seat' && day === plot.heldSample && plan.characteristicId === 'runout' && sample === 2 && place < 2) return decimal((0.0338 + place / 1_000).toFixed(digits));
    if (shift === 0 && product.key === 'seal' && day === plot.rejected && plan.characteristicId === 'thickness' && sample < 3 && place < 3) return decimal((1.86 + place / 100).toFixed(digits));
    return decimal(drawn.toFixed(digits));
  }

  /** Orders for a lot: who buys follows his loyalty, and his loyalty what he received. */
  private sell(lot: Lot, day: number): Act[] {
    const random = this.random(`sell ${lot.number}`);
    const bad = lot.shift === 0 && lot.product.key === 'seat' && lot.day === this.options.plot.badLot;
    const count = bad ? 5 * this.options.deliveriesPerLot : this.options.deliveriesPerLot;
    const quantity = Math.floor(lot.releasable / count);
    return Array.from({ length: count }, () => {
      const buyer = this.buyer(random, day);
      const accountId = this.accounts[buyer] ?? '';
      const orderId = `SO-${26_000 + (this.orders += 1)}`;
      const deliveryId = derivedId('delivery', 'simulated', this.options.seed, orderId);
      const promised = day + 2;
      const late = random.chance(this.options.lateRate);
      const arrives = promised + (late ? 2 + random.below(4) : -random.below(2));
      this.plan(day + 1, this.act('erp', 'control', 'DispatchDelivery', this.at(day + 1, 14), { deliveryId }));
      this.plan(Math.max(arrives, day + 1) === day + 1 ? day + 2 : arrives, this.act('erp', 'control', 'ConfirmArrival', this.at(Math.max(arrives, day + 2), 10), { deliveryId, quantity: String(quantity) }));
      if (bad) this.exposed.set(accountId, arrives);
      this.speak(random, accountId, deliveryId, lot, Math.max(arrives, day + 2), bad, late);
      return this.act('erp', 'control', 'PlanDelivery', this.at(day, 11), {
        deliveryId, orderId, line: 1, accountId, lotId: lot.lotId, quantity: String(quantity),
        requestedFor: this.at(promised, 23), confirmedFor: this.at(promised, 23),
      });
    });
  }

  private buyer(random: Random, day: number): number {
    for (;;) {
      const n = random.below(this.accounts.length);
      const exposedOn = this.exposed.get(this.accounts[n] ?? '');
      const loyalty = (this.loyalty[n] ?? 0) * (exposedOn !== undefined && exposedOn < day ? 1 - this.options.exposureEffect : 1);
      if (random.chance(loyalty)) return n;
    }
  }

  /** Complaints and scores, some days after the arrival. Silent exposed customers stay silent. */
  private speak(random: Random, accountId: string, deliveryId: string, lot: Lot, arrives: number, bad: boolean, late: boolean): void {
    const { complaintRate, complaintRateExposed, seed } = this.options;
    if (random.chance(bad ? complaintRateExposed : late ? 4 * complaintRate : complaintRate)) {
      const day = arrives + 2 + random.below(6);
      const complaintId = derivedId('complaint', 'simulated', seed, deliveryId);
      const category = bad ? 'Valve leaks' : late ? 'Delivered late' : random.pick(['Packaging damaged', 'Wrong document', 'Part missing']);
      const about = bad ? 'quality' : 'service';
      const text = bad ? 'The valve leaks after a week, we had to open the engine again.' : `${category}, please look into it.`;
      const say = (after: number, type: string, body: object) => this.plan(day + after, this.act('care', 'feedback', type, this.at(day + after, 10 + Math.min(after, 5)), { complaintId, ...body }));
      say(0, 'ReceiveComplaint', { accountId, channel: random.pick(['e-mail', 'phone', 'web']), category, text, deliveryId, ...(bad && { lotId: lot.lotId }) });
      if (random.chance(0.04)) return; // nobody took care of it: the deadline escalates
      say(1, 'AcknowledgeComplaint', {});
      say(2, 'AssessComplaint', { severity: bad ? 'major' : 'minor', about, team: bad ? 'quality' : 'logistics' });
      say(4, 'RespondToComplaint', { response: bad ? 'Replacement sent, cause under investigation.' : 'Apologised and put right.' });
      const agrees = random.chance(bad ? 0.7 : 0.9);
      say(6, 'ResolveComplaint', { customerAgrees: agrees, recovery: bad ? 'replacement and refund of labour' : 'apology' });
      if (!bad) say(7, 'CloseComplaint', { outcome: agrees ? 'confirmed' : 'unresolved' });
    }
    if (random.chance(0.1)) {
      const score = Math.max(0, Math.min(10, Math.round((bad ? 4 : late ? 6.5 : 8.4) + 1.3 * random.normal())));
      this.plan(arrives + 3, this.act('care', 'feedback', 'StateSatisfaction', this.at(arrives + 3, 12), { accountId, score }));
    }
  }

  private purchase(delivery: Readonly<Record<string, unknown>>, day: number): Act {
    const orderId = String(delivery['orderId']);
    return this.act('shop', 'feedback', 'RecordPurchase', this.at(day, 11), {
      purchaseId: derivedId('purchase', 'shop', orderId), accountId: delivery['accountId'], source: 'shop', externalId: orderId,
      units: delivery['quantity'], amount: String(Number(delivery['quantity']) * 12), currency: 'EUR',
    });
  }

  private plan(day: number, act: Act): void {
    this.later.set(day, [...(this.later.get(day) ?? []), act]);
  }

  private inspectorOf = ({ day }: Lot): Person => (day % 2 === 0 ? 'inspector' : 'secondInspector');

  private act = (by: Person, service: string, type: string, occurredAt: Instant, body: Act['body']): Act => ({ by, service, type, occurredAt, body });

  /** A stream of chance of its own for each purpose, so that more of one thing does not change another. */
  private random(purpose: string): Random {
    return new Random(parseInt(derivedId('random', this.options.seed, purpose).slice(0, 8), 16));
  }
}
