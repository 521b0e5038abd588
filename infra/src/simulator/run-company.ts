import type { Instant } from '@touchstone/kernel';
import type { Api } from './api.js';
import type { Act, Company } from './company.js';
import { products } from './products.js';
import type { Told8D } from './story.js';
import { Story } from './story.js';

/** What the host lends: the platform's API, and its clock, which moves only when everything has settled. */
export interface CompanyRun {
  readonly api: Api;
  readonly advance: (to: Instant) => Promise<void>;
  /** Policy documents, the one in force from the start first. */
  readonly policies: readonly { readonly id: string; readonly version: number }[];
  readonly progress: (done: number, of: number, what: string) => void;
}

/** Runs the company from its first day until the last effectiveness is verified. */
export async function runCompany(company: Company, run: CompanyRun): Promise<Told8D> {
  const { api, advance, progress } = run;
  const story = new Story(api, company);
  const { days } = company;
  progress(0, days, 'items, control plans, policies and accounts');
  await advance(company.at(0, 5));
  await plans(api, company);
  await policy(run, company.at(0, 4), 0, company.at(0, 5));
  await advance(company.at(0, 5));
  await api.bulk('crm', 'feedback', company.registerAccounts());
  for (let day = 0; day < days; day += 1) {
    await advance(company.at(day, 18));
    await morningToEvening(api, company, story, day);
    if (day === company.options.plot.secondPolicy) await policy(run, company.at(day, 9), 1, company.at(day + 5, 0));
    progress(day + 1, days, `${company.at(day, 18).slice(0, 10)}`);
  }
  await advance(company.at(days, 18));
  return story.told;
}

/** The story comes first: what people decide in the morning must stand before the day's releases. */
async function morningToEvening(api: Api, company: Company, story: Story, day: number): Promise<void> {
  const { erp, starts, measurements, completions, releases, shop, voices } = company.day(day);
  await story.day(day);
  await Promise.all([api.bulk('erp', 'control', erp), each(api, releases), api.bulk('shop', 'feedback', shop), each(api, voices)]);
  await each(api, starts);
  for (const shift of measurements) await api.bulk('mes', 'control', shift);
  await each(api, completions);
}

/** People act side by side; on one entity nobody acts twice in the same hour. */
async function each(api: Api, acts: readonly Act[]): Promise<void> {
  await Promise.all(acts.map((act) => api.command(act)));
}

async function plans(api: Api, company: Company): Promise<void> {
  const at = (minute: number) => company.at(0, 0, minute);
  for (const { itemId, number, name, characteristics } of products) {
    const act = (by: 'planner' | 'manager', type: string, minute: number, body: object): Act => ({ by, service: 'planning', type, occurredAt: at(minute), body: { itemId, ...body } });
    await api.must(act('planner', 'RegisterItem', 1, { number, name, unit: 'pcs' }));
    await api.must(act('planner', 'DraftControlPlan', 2, { title: name, requiredInspections: ['final'], characteristics: characteristics.map(({ plan }) => plan) }));
    await api.must(act('manager', 'ApproveControlPlan', 3, { revision: 1 }));
    await api.must(act('manager', 'PutControlPlanInForce', 4, { revision: 1 }));
  }
}

async function policy({ api, policies }: CompanyRun, at: Instant, index: number, inForceFrom: Instant): Promise<void> {
  const document = policies[index];
  if (!document) throw new Error(`no policy number ${index}`);
  const { id: policyId, version } = document;
  await api.must({ by: 'analyst', service: 'analytics', type: 'ProposePolicy', occurredAt: at, body: { policyId, document } });
  await api.must({ by: 'manager', service: 'analytics', type: 'ApprovePolicy', occurredAt: at, body: { policyId, version, inForceFrom } });
}
