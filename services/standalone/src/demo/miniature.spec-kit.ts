import { loyaltyPolicies } from '@touchstone/analytics/app';
import type { CompanyOptions, Person, Told8D } from '@touchstone/infra';
import { Api, Company, defaultCompany, people, runCompany } from '@touchstone/infra';
import { SimulatedClock } from '@touchstone/kernel';
import { openLog } from '@touchstone/platform';
import type { Platform, RunningPlatform } from '../platform.js';
import { startPlatform } from '../platform.js';
import { allServices } from '../services.js';
import { advance, settled } from '../time.js';

const miniature: CompanyOptions = {
  ...defaultCompany, accounts: 60, deliveriesPerLot: 2, productionDays: 14,
  plot: { corrected: 1, baseline: 6, heldSample: 5, drift: { from: 6, until: 9 }, rejected: 7, badLot: 3, badLotFound: 9, secondPolicy: 10 },
};

export interface Run<P extends RunningPlatform = Platform> {
  readonly platform: P;
  readonly api: Api;
  readonly company: Company;
  readonly told: Told8D;
}

/** What the platform of a miniature is started with. */
export const ofMiniature = () => ({ requestsPerMinute: 1_000_000, deployment: 'miniature', clock: new SimulatedClock('2026-01-04T12:00:00.000Z') });

/** Half a year of a small company on a platform of its own, which keeps running. */
export async function run(dataDir: string): Promise<Run> {
  return runOn(await startPlatform({ dataDir, services: allServices, log: openLog('warn'), ...ofMiniature() }));
}

/** The same on a platform that was started for it. */
export async function runOn<P extends RunningPlatform>(platform: P): Promise<Run<P>> {
  const company = new Company(miniature);
  const entries = Object.entries(people) as [Person, (typeof people)[Person]][];
  const api = new Api(platform.url, new Map(await Promise.all(entries.map(async ([person, actor]) => [person, await platform.issuer.issue(actor)] as const))));
  const told = await runCompany(company, { api, policies: loyaltyPolicies, advance: (to) => advance(platform, to), progress: () => undefined });
  await settled(platform);
  return { platform, api, company, told };
}
