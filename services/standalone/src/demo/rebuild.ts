import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from '@touchstone/infra';

export interface Rebuilt {
  readonly service: string;
  readonly name: string;
  readonly equal: boolean;
  readonly hash: string;
  readonly position: number;
  readonly durationMs: number;
}

/** What a service says of a building. */
interface Building {
  readonly operation: string;
  readonly state: string;
  readonly failure: string | null;
  readonly outcome: { readonly equal: boolean; readonly liveHash: string; readonly seq: number; readonly durationMs: number } | null;
}

const POLL_MS = 50;

/** Has every read model built again from zero and compared with the live one; the services side by side, as their databases are their own. */
export async function rebuildAll(api: Api, services: readonly string[]): Promise<Rebuilt[]> {
  const results = await Promise.all(services.map(async (service) => {
    const { readModels } = await api.get<{ readModels: readonly { name: string }[] }>('auditor', `/${service}/read-models`);
    return Promise.all(readModels.map(({ name }) => rebuild(api, service, name)));
  }));
  return results.flat();
}

async function rebuild(api: Api, service: string, name: string): Promise<Rebuilt> {
  let building = await api.post<Building>('auditor', `/${service}/read-models/${name}/rebuild`, {});
  while (building.state === 'building') {
    await pause(POLL_MS);
    building = await api.get<Building>('auditor', `/${service}/rebuilds/${building.operation}`);
  }
  const { outcome, failure } = building;
  if (!outcome) throw new Error(`${service} ${name} was not built again: ${failure ?? building.state}`);
  return { service, name, equal: outcome.equal, hash: outcome.liveHash, position: outcome.seq, durationMs: outcome.durationMs };
}
