/** `touchstone rebuild`: has read models built again from their log, beside the live ones, and compared with them or put in their place. */
import { setTimeout as pause } from 'node:timers/promises';
import { ApiFault, found, Unusable } from '../api.js';
import type { Api } from '../api.js';
import { table } from '../terminal.js';

/** What a service says of a building. */
interface Building {
  readonly operation: string;
  readonly version: number;
  readonly state: 'building' | 'live' | 'retired' | 'stopped' | 'gone';
  readonly purpose: 'replace' | 'compare';
  readonly seq: number;
  readonly head: number;
  readonly eventsPerSecond?: number;
  readonly secondsLeft?: number;
  readonly failure: string | null;
  readonly outcome: Pick<Rebuilt, 'equal' | 'seq' | 'liveHash' | 'rebuiltHash' | 'durationMs'> | null;
}

export interface Rebuilt {
  readonly service: string;
  readonly readModel: string;
  readonly result: 'equal' | 'unequal' | 'replaced' | 'cancelled' | 'failed';
  readonly equal?: boolean;
  /** Position in the service's log at which both were compared, or one took the other's place. */
  readonly seq: number;
  readonly liveHash?: string;
  readonly rebuiltHash?: string;
  readonly durationMs?: number;
  readonly failure?: string;
}

interface Named {
  readonly service: string;
  readonly readModel: string;
}

export interface RebuildOptions {
  /** Puts what was built in the place of the live one. */
  readonly replace?: boolean;
  /** Goes on watching what is being built already, and tells of each step. */
  readonly watch?: boolean;
  readonly signal?: AbortSignal;
  readonly began: (text: string) => void;
  readonly step: (step: Named & Building, text: string) => void;
  readonly ended: (result: Rebuilt) => void;
}

const POLL_MS = 400;

/** One after another: rebuilding is work for the database, and the live models go on meanwhile. */
export async function rebuildAll(api: Api, target: string | undefined, options: RebuildOptions): Promise<Rebuilt[]> {
  const models = await chosen(api, target);
  const results: Rebuilt[] = [];
  for (const [index, named] of models.entries()) {
    options.began(`${index + 1} of ${models.length}: ${named.service}/${named.readModel}`);
    const result = resultOf(named, await watched(api, named, options));
    options.ended(result);
    results.push(result);
  }
  return results;
}

/** Stops a building where it stands; what is built so far is kept for a day, to go on with. */
export async function cancelRebuild(api: Api, target: string | undefined): Promise<Named & { readonly seq: number }> {
  const [named] = target?.includes('/') ? await chosen(api, target) : [];
  if (!named) throw new Unusable('name what to cancel: touchstone rebuild --cancel <service>/<read model>');
  const { seq } = (await api.post(`${pathOf(named)}/rebuild/cancellation`)) as Building;
  return { ...named, seq };
}

async function watched(api: Api, named: Named, { replace, watch, signal, step }: RebuildOptions): Promise<Building> {
  const path = `${pathOf(named)}/rebuild`;
  const running = watch ? ((await found(api.get(path))) as Building | undefined) : undefined;
  let building = running?.state === 'building' ? running : ((await api.post(path, replace ? { replace: true } : {})) as Building);
  try {
    for (let told = ''; building.state === 'building'; ) {
      const text = `${named.service}/${named.readModel}: ${stepText(building)}`;
      if (text !== told) step({ ...named, ...building }, (told = text));
      await pause(POLL_MS, undefined, { signal });
      building = (await api.get(`/${named.service}/rebuilds/${building.operation}`)) as Building;
    }
    return building;
  } catch (error) {
    if (!signal?.aborted) throw error;
    const { service, readModel } = named;
    throw new ApiFault('STOPPED', `${service}/${readModel} is still being built: touchstone rebuild --watch ${service}/${readModel} goes on watching, touchstone rebuild --cancel ${service}/${readModel} stops it`);
  }
}

const pathOf = ({ service, readModel }: Named): string => `/${service}/read-models/${encodeURIComponent(readModel)}`;

function stepText({ seq, head, eventsPerSecond, secondsLeft, failure }: Building): string {
  const percent = head === 0 ? 100 : Math.floor((100 * Math.min(seq, head)) / head);
  return `${percent} %, ${seq} of ${head}${eventsPerSecond === undefined ? '' : `, ${eventsPerSecond} events/s`}${secondsLeft === undefined ? '' : `, about ${secondsLeft} s left`}${failure === null ? '' : `, ${failure}`}`;
}

function resultOf(named: Named, { state, purpose, seq, failure, outcome }: Building): Rebuilt {
  if (state === 'stopped') return { ...named, seq, ...(failure === null ? { result: 'cancelled' } : { result: 'failed', failure }) };
  if (purpose === 'replace') return { ...named, seq, result: 'replaced' };
  if (!outcome) return { ...named, seq, result: 'failed', failure: 'the comparison left no outcome' };
  const { equal, liveHash, rebuiltHash, durationMs } = outcome;
  return { ...named, result: equal ? 'equal' : 'unequal', equal, seq: outcome.seq, liveHash, rebuiltHash, durationMs };
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

/** Whether the result asks for nothing more. */
export const isGood = ({ result }: Rebuilt): boolean => result === 'equal' || result === 'replaced';

export function rebuiltText(results: readonly Rebuilt[], width: number): string {
  const rows = results.map(({ service, readModel, result, seq, durationMs, liveHash = '', rebuiltHash = '', failure }) =>
    [service, readModel, result === 'unequal' ? 'UNEQUAL' : result, String(seq), durationMs === undefined ? '' : String(durationMs), failure ?? (result === 'unequal' ? `live ${liveHash.slice(0, 12)}, rebuilt ${rebuiltHash.slice(0, 12)}` : liveHash.slice(0, 12))]);
  return `${table(COLUMNS, rows, width)}\n${verdict(results)}\n`;
}

function verdict(results: readonly Rebuilt[]): string {
  const unequal = results.filter(({ result }) => result === 'unequal').length;
  const broken = results.filter(({ result }) => result === 'failed' || result === 'cancelled').length;
  if (unequal > 0) return `${unequal} of ${results.length} read models differ from what their log says: keep the log, and find out what wrote to the database beside it.`;
  if (broken > 0) return `${broken} of ${results.length} read models were not built to the end: the live ones are as they were.`;
  return `${results.length} of ${results.length} read models are what their log says.`;
}
