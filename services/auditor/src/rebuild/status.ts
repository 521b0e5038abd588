/** `touchstone status`: whether each service is ready, and how far its read models are behind its log. */
import { ApiFault } from '../api.js';
import type { Api } from '../api.js';
import { table } from '../terminal.js';
import type { ReadModelState } from './rebuild.js';

export interface ServiceStatus {
  readonly service: string;
  readonly ready: boolean;
  readonly detail: string;
  readonly head?: string;
  /** Events that the slowest read model still has to take in; missing without a token. */
  readonly behind?: number;
  readonly readModels?: number;
  /** Events that a person has to decide about. */
  readonly parked?: number;
}

export async function readStatus(api: Api, withToken: boolean): Promise<ServiceStatus[]> {
  const statuses: ServiceStatus[] = [];
  for (const service of await api.services()) {
    const { ready, detail } = await readiness(api, service);
    statuses.push({ service, ready, detail, ...(withToken && (await positions(api, service))) });
  }
  return statuses;
}

async function readiness(api: Api, service: string): Promise<{ ready: boolean; detail: string }> {
  try {
    const { status } = (await api.get(`/${service}/health/ready`)) as { status?: unknown };
    return { ready: true, detail: String(status) };
  } catch (error) {
    if (!(error instanceof ApiFault) || error.status !== 503) throw error;
    const { status } = (error.body ?? {}) as { status?: unknown };
    return { ready: false, detail: typeof status === 'string' ? status : error.detail };
  }
}

async function positions(api: Api, service: string): Promise<Pick<ServiceStatus, 'head' | 'behind' | 'readModels' | 'parked'>> {
  const { head, readModels } = (await api.get(`/${service}/read-models`)) as { head: string; readModels: readonly ReadModelState[] };
  const { items } = (await api.get(`/${service}/parked/counts`)) as { items: readonly { readonly state: string; readonly count: number }[] };
  const parked = items.reduce((sum, { state, count }) => (state === 'parked' ? sum + count : sum), 0);
  const behind = Math.max(0, ...readModels.map(({ position }) => seqIn(head) - seqIn(position)));
  return { head, behind, readModels: readModels.length, parked };
}

const seqIn = (position: string): number => Number(position.slice(position.lastIndexOf('@') + 1));

const COLUMNS = [
  { heading: 'service' }, { heading: 'head', align: 'right' as const }, { heading: 'read models', align: 'right' as const },
  { heading: 'behind', align: 'right' as const }, { heading: 'parked', align: 'right' as const }, { heading: 'state' },
];

export function statusText(statuses: readonly ServiceStatus[], width: number): string {
  const number = (value: number | undefined): string => (value === undefined ? '' : String(value));
  const rows = statuses.map(({ service, head, readModels, behind, parked, detail }) => [service, head === undefined ? '' : String(seqIn(head)), number(readModels), number(behind), number(parked), detail]);
  return table(COLUMNS, rows, width);
}
