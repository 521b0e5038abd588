import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectEightD, collectTimeline, customerTimeline, eightD, HttpApi } from '@touchstone/auditor/documents';
import type { Company, Told8D } from '@touchstone/infra';
import { people } from '@touchstone/infra';
import type { RunningPlatform } from '../platform.js';

export interface Documents {
  readonly eightD: string;
  readonly timeline: string;
  readonly timelineOf: string;
}

/** The 8D report of the corrective action, and the timeline of a customer whom the bad lot reached: printable HTML, through the API. */
export async function writeDocuments({ url, issuer }: RunningPlatform, { capaId }: Told8D, company: Company, folder: string): Promise<Documents> {
  const api = new HttpApi({ url, token: await issuer.issue(people.auditor) });
  const complained = await firstToComplain(api, [...company.exposed.keys()]);
  mkdirSync(folder, { recursive: true });
  const [eightDFile, timelineFile] = [join(folder, '8d-report.html'), join(folder, 'customer-timeline.html')];
  writeFileSync(eightDFile, eightD(await collectEightD(api, capaId ?? '')));
  writeFileSync(timelineFile, customerTimeline(await collectTimeline(api, complained)));
  return { eightD: eightDFile, timeline: timelineFile, timelineOf: complained };
}

/** Of the exposed accounts the first that also complained: its timeline shows most. */
async function firstToComplain(api: HttpApi, exposed: readonly string[]): Promise<string> {
  for (const accountId of exposed) {
    const { items } = (await api.get(`/feedback/complaints?accountId=${accountId}`)) as { items: readonly { lotId: string | null }[] };
    if (items.some(({ lotId }) => lotId !== null)) return accountId;
  }
  const [first = ''] = exposed;
  return first;
}
