import type { Api, Company, Told8D } from '@touchstone/infra';
import { products } from '@touchstone/infra';
import { derivedId } from '@touchstone/kernel';
import { openPostgresStore } from '@touchstone/event-store';
import type { RunningPlatform } from '../platform.js';
import type { Documents } from './documents.js';
import type { Imported } from './import-datasets.js';
import type { Rebuilt } from './rebuild.js';

/** What the demonstration found, for people and (with --json) for programs. */
export interface Findings {
  readonly api: string;
  readonly imported: readonly { name: string; service: string; lines: number; accepted: number; unchanged: number; refused: number }[];
  /** Events by service: its own, taken in from others, and refusals. */
  readonly events: Readonly<Record<string, { own: number; ingested: number; refusals: number }>>;
  readonly company: { accounts: number; lots: number; measurements: number; deliveries: number; purchases: number; complaints: number; cases: number; signals: number; nonconformities: number; assessments: number };
  readonly drift: { signals: number; tasks: number; nonconformities: number };
  readonly held: { lot: string; lotId: string; quantity: string; held: string };
  readonly corrected: { lot: string; stream: string; was: string; now: string };
  readonly refusals: readonly { what: string; who: string; code: string; stream: string; refusalId: string }[];
  readonly badLot: { lot: string; lotId: string; reached: readonly string[]; promiseKeptExposed: string; promiseKeptOthers: string; churnRiskExposed: string; churnRiskOthers: string };
  readonly ids: { capaId: string; nonconformityId: string };
  /** The loop, event by event, in the order in which it became true. */
  readonly loop: readonly LoopStep[];
  readonly policies: readonly { version: number; assessments: number }[];
  readonly readModels: readonly Rebuilt[];
  readonly documents: Documents;
  readonly timings: Readonly<Record<string, number>>;
}

export interface LoopStep {
  readonly event: string;
  readonly service: string;
  readonly stream: string;
  readonly version: number;
  readonly eventId: string;
  readonly occurredAt: string;
  readonly actor: string;
}

export interface Material {
  readonly platform: RunningPlatform;
  readonly api: Api;
  readonly company: Company;
  readonly story: Told8D;
  readonly imported: readonly Imported[];
  readonly rebuilt: readonly Rebuilt[];
  readonly documents: Documents;
  readonly timings: Readonly<Record<string, number>>;
}

interface Recorded {
  readonly id: string;
  readonly version: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta: { readonly occurredAt: string; readonly actor: string };
}

interface Assessment {
  readonly accountId: string;
  readonly churnRisk: string;
  readonly promiseKeeping: { readonly kept: number; readonly due: number };
}

/** Every characteristic of the company's products is measured in samples of one size. */
const VALUES_A_SAMPLE = products[0]?.characteristics[0]?.plan.sampleSize ?? 0;

export async function collectFindings({ platform, api, company, story, imported, rebuilt, documents, timings }: Material): Promise<Findings> {
  const history = async (service: string, stream: string) => (await api.get<{ events: Recorded[] }>('auditor', `/${service}/history/${encodeURIComponent(stream)}`)).events;
  const corrected = (await history('control', `inspection-${story.correctedLot.inspectionId}`)).find(({ type }) => type === 'control.MeasurementCorrected.v1');
  const heldStream = await history('control', `lot-${story.heldLot.lotId}`);
  const heldEvent = heldStream.find(({ type }) => type === 'control.QuantityHeld.v1');
  const events = await eventCounts(platform);
  return {
    api: platform.url,
    imported: imported.map(({ name, service, result: { rows, commands } }) => ({
      name, service, lines: rows.read, accepted: commands.accepted, unchanged: commands.unchanged, refused: total(commands.refused) + total(commands.invalid),
    })),
    events: events.byService,
    company: companyCounts(company, events.byType),
    drift: await drift(api, company),
    held: { lot: story.heldLot.number, lotId: story.heldLot.lotId, quantity: story.heldLot.quantity, held: String(heldEvent?.data['quantity']) },
    corrected: { lot: story.correctedLot.number, stream: `inspection-${story.correctedLot.inspectionId}`, was: String(corrected?.data['was']), now: String(corrected?.data['now']) },
    refusals: story.refusals,
    badLot: await badLot(api, story, history),
    ids: { capaId: story.capaId ?? '', nonconformityId: story.nonconformityId ?? '' },
    loop: await loop(story, history, documents.timelineOf),
    policies: await policyUse(platform),
    readModels: rebuilt, documents, timings,
  };
}

const total = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Counts straight from the logs: what happened, by type, leaving out what was migrated. */
async function eventCounts({ databases }: RunningPlatform): Promise<{ byService: Findings['events']; byType: ReadonlyMap<string, number> }> {
  const byService: Record<string, { own: number; ingested: number; refusals: number }> = {};
  const byType = new Map<string, number>();
  for (const [name, url] of databases) {
    const rows = await asked<{ type: string; foreign: boolean; migrated: boolean; n: number }>(
      url, `select type, stream like '%/%' as foreign, meta like '%"migrated"%' as migrated, count(*) as n from event group by 1, 2, 3`,
    );
    const sum = (which: (row: (typeof rows)[number]) => boolean) => rows.filter(which).reduce((all, { n }) => all + n, 0);
    byService[name] = { own: sum((row) => !row.foreign && row.type !== 'CommandRefused'), ingested: sum((row) => row.foreign), refusals: sum((row) => row.type === 'CommandRefused') };
    for (const { type, foreign, migrated, n } of rows) if (!foreign && !migrated) byType.set(type, (byType.get(type) ?? 0) + n);
  }
  return { byService, byType };
}

function companyCounts(company: Company, byType: ReadonlyMap<string, number>): Findings['company'] {
  const of = (type: string) => byType.get(type) ?? 0;
  return {
    accounts: company.accounts.length, lots: of('control.LotRegistered.v1'), measurements: VALUES_A_SAMPLE * of('control.MeasurementsRecorded.v1'),
    deliveries: of('control.DeliveryArrived.v1'), purchases: of('feedback.PurchaseRecorded.v1'), complaints: of('feedback.ComplaintReceived.v1'),
    cases: of('feedback.CaseOpened.v1'), signals: of('control.ControlSignalRaised.v1'), nonconformities: of('control.NonconformityReported.v1'),
    assessments: of('analytics.LoyaltyAssessed.v1'),
  };
}

/** The drift of the ring's diameter stayed inside the tolerance: signals and tasks, and no nonconformity of that product. */
async function drift(api: Api, company: Company): Promise<Findings['drift']> {
  const { itemId } = company.lotOf('ring', 0).product;
  const chartId = derivedId('chart', itemId, 'diameter');
  const { events } = await api.get<{ events: Recorded[] }>('auditor', `/control/history/chart-${chartId}`);
  const signals = events.filter(({ type }) => type === 'control.ControlSignalRaised.v1').map(({ id }) => id);
  const tasks = await api.all<{ causeId: string }>('auditor', '/control/tasks');
  const nonconformities = await api.all<{ itemId: string; characteristicId: string | null }>('auditor', '/control/nonconformities');
  return {
    signals: signals.length, tasks: tasks.filter(({ causeId }) => signals.includes(causeId)).length,
    nonconformities: nonconformities.filter((each) => each.itemId === itemId).length,
  };
}

type History = (service: string, stream: string) => Promise<Recorded[]>;

async function badLot(api: Api, { badLot: lot, nonconformityId }: Told8D, history: History): Promise<Findings['badLot']> {
  const identified = await history('analytics', `exposure-${nonconformityId ?? ''}`);
  const accounts = identified.flatMap(({ data }) => (data['accounts'] as { accountId: string }[]).map(({ accountId }) => accountId));
  const reached = new Set(accounts);
  const assessed = await api.all<Assessment>('analyst', '/analytics/loyalty');
  const [exposed, others] = [assessed.filter(({ accountId }) => reached.has(accountId)), assessed.filter(({ accountId }) => !reached.has(accountId))];
  return {
    lot: lot.number, lotId: lot.lotId, reached: [...reached].toSorted(), promiseKeptExposed: keptShare(exposed), promiseKeptOthers: keptShare(others),
    churnRiskExposed: risky(exposed), churnRiskOthers: risky(others),
  };
}

function keptShare(assessed: readonly Assessment[]): string {
  const sum = (which: 'kept' | 'due') => assessed.reduce((total, { promiseKeeping }) => total + promiseKeeping[which], 0);
  return sum('due') === 0 ? 'none due' : `${((100 * sum('kept')) / sum('due')).toFixed(1)} % of ${sum('due')}`;
}

const risky = (assessed: readonly Assessment[]): string =>
  assessed.length === 0 ? 'none assessed' : `${((100 * assessed.filter(({ churnRisk }) => churnRisk !== 'low').length) / assessed.length).toFixed(1)} % of ${assessed.length}`;

/** The streams of the bad lot, from the plan in force to the note on its characteristic. */
async function loop(story: Told8D, history: History, accountId: string): Promise<LoopStep[]> {
  const { badLot: { product, lotId }, lateInspectionId, nonconformityId = '', capaId = '' } = story;
  const wanted: readonly [string, string, RegExp][] = [
    ['planning', `controlPlan-${product.itemId}`, /InForce|Noted/], ['control', `inspection-${lateInspectionId}`, /OutOfSpec|Completed/],
    ['control', `lot-${lotId}`, /Registered|Released|Reassessment/], ['control', `nonconformity-${nonconformityId}`, /./],
    ['analytics', `exposure-${nonconformityId}`, /./], ['assurance', `capa-${capaId}`, /./], ['analytics', `loyalty-${accountId}`, /./],
  ];
  const steps = await Promise.all(wanted.map(async ([service, stream, types]) =>
    (await history(service, stream)).filter(({ type }) => types.test(type)).map(({ id, version, type, meta }) => ({
      event: type, service, stream, version, eventId: id, occurredAt: meta.occurredAt, actor: meta.actor,
    }))));
  return steps.flat().toSorted((a, b) => (a.occurredAt === b.occurredAt ? 0 : a.occurredAt < b.occurredAt ? -1 : 1));
}

const policyUse = ({ databases }: RunningPlatform): Promise<Findings['policies']> => asked(
  databases.get('analytics') ?? '', `select (body::json->'policy'->>'version')::int as version, count(*) as assessments from event where type = 'analytics.LoyaltyAssessed.v1' group by 1 order by 1`,
);

async function asked<R extends object>(url: string, sql: string): Promise<R[]> {
  const store = await openPostgresStore({ url });
  try {
    return (await store.pool.query<R>(sql)).rows;
  } finally {
    await store.close();
  }
}
