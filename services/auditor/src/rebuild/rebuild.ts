/** `touchstone rebuild`: builds read models again from their log, beside the live ones, and says whether both are equal. */
import { Unusable } from '../api.js';
import type { Api } from '../api.js';
import { table } from '../terminal.js';

export interface Rebuilt {
  readonly service: string;
  readonly readModel: string;
  readonly equal: boolean;
  /** Position in the service's log at which both were compared. */
  readonly seq: number;
  readonly liveHash: string;
  readonly rebuiltHash: string;
  readonly durationMs: number;
}

interface Named {
  readonly service: string;
  readonly readModel: string;
}

/** One after another: rebuilding is work for the database, and the live models go on meanwhile. */
export async function rebuildAll(api: Api, target: string | undefined, progress: (text: string) => void): Promise<Rebuilt[]> {
  const models = await chosen(api, target);
  const results: Rebuilt[] = [];
  for (const [index, { service, readModel }] of models.entries()) {
    progress(`${index + 1} of ${models.length}: ${service}/${readModel}`);
    const report = (await api.post(`/${service}/read-models/${encodeURIComponent(readModel)}/rebuild`)) as Omit<Rebuilt, 'service' | 'readModel'>;
    const { equal, seq, liveHash, rebuiltHash, durationMs } = report;
    results.push({ service, readModel, equal, seq, liveHash, rebuiltHash, durationMs });
  }
  return results;
}

async function chosen(api: Api, target: string | undefined): Promise<Named[]> {
  const services = await api.services();
  const [service, readModel] = target?.split('/') ?? [];
  if (service !== undefined && !services.includes(service)) throw new Unusable(`there is no service ${service}: there are ${services.join(', ')}`);
  const models: Named[] = [];
  for (const each of service === undefined ? services : [service]) {
    models.push(...(await readModelsOf(api, each)).map(({ name }) => ({ service: each, readModel: name })));
  }
  if (readModel === undefined) return models;
  const wanted = models.filter((model) => model.readModel === readModel);
  if (wanted.length === 0) throw new Unusable(`${service} has no read model ${readModel}: it has ${models.map((model) => model.readModel).join(', ')}`);
  return wanted;
}

export interface ReadModelState {
  readonly name: string;
  readonly version: number;
  readonly position: string;
  readonly failure?: string;
}

export const readModelsOf = async (api: Api, service: string): Promise<readonly ReadModelState[]> =>
  ((await api.get(`/${service}/read-models`)) as { readModels: readonly ReadModelState[] }).readModels;

const COLUMNS = [
  { heading: 'service' }, { heading: 'read model' }, { heading: 'result' }, { heading: 'position', align: 'right' as const }, { heading: 'ms', align: 'right' as const }, { heading: 'hash' },
];

export function rebuiltText(results: readonly Rebuilt[], width: number): string {
  const unequal = results.filter(({ equal }) => !equal).length;
  const rows = results.map(({ service, readModel, equal, seq, durationMs, liveHash, rebuiltHash }) =>
    [service, readModel, equal ? 'equal' : 'UNEQUAL', String(seq), String(durationMs), equal ? liveHash.slice(0, 12) : `live ${liveHash.slice(0, 12)}, rebuilt ${rebuiltHash.slice(0, 12)}`]);
  const verdict = unequal === 0
    ? `${results.length} of ${results.length} read models are what their log says.`
    : `${unequal} of ${results.length} read models differ from what their log says: keep the log, and find out what wrote to the database beside it.`;
  return `${table(COLUMNS, rows, width)}\n${verdict}\n`;
}
