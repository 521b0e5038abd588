import { isUuid } from '@touchstone/kernel';
import { Unusable } from '../api.js';
import type { Api } from '../api.js';
import { textOf } from '../recorded.js';
import type { SeenEvent } from '../recorded.js';
import { eventsOf, signersOf } from './collect.js';
import type { Signer } from './collect.js';
import { disciplineOf } from './disciplines.js';

/** What an 8D report is written from: nothing but recorded events. */
export interface EightDData {
  readonly capaId: string;
  readonly capa: readonly SeenEvent[];
  readonly nonconformity: readonly SeenEvent[];
  readonly lot: readonly SeenEvent[];
  readonly exposure: readonly SeenEvent[];
  readonly controlPlan: readonly SeenEvent[];
  /** By id of the command. */
  readonly signers: Readonly<Record<string, Signer>>;
}

/** Gathers it from the histories of all services. Throws {@link Unusable} when there is no such corrective action. */
export async function collectEightD(api: Api, capaId: string): Promise<EightDData> {
  if (!isUuid(capaId)) throw new Unusable(`${capaId} is no corrective action: give its UUID, as GET /assurance/capas lists it`);
  const capa = await eventsOf(api, 'assurance', `capa-${capaId}`);
  const proposed = capa[0]?.data;
  if (!proposed) throw new Unusable(`there is no corrective action ${capaId}: GET /assurance/capas lists them`);
  const [nonconformityId, lotId, itemId] = ['nonconformityId', 'lotId', 'itemId'].map((name) => textOf(proposed, name));
  const [nonconformity = [], lot = [], exposure = [], plan = []] = await Promise.all([
    nonconformityId === undefined ? [] : eventsOf(api, 'control', `nonconformity-${nonconformityId}`),
    lotId === undefined ? [] : eventsOf(api, 'control', `lot-${lotId}`),
    nonconformityId === undefined ? [] : eventsOf(api, 'analytics', `exposure-${nonconformityId}`),
    itemId === undefined ? [] : eventsOf(api, 'planning', `controlPlan-${itemId}`),
  ]);
  const controlPlan = plan.filter(({ type, data }) => type !== 'planning.CharacteristicNoted.v1' || data['causeId'] === capaId);
  const shown = (events: readonly SeenEvent[]): readonly SeenEvent[] => events.filter((event) => disciplineOf(event) !== undefined);
  const signers = await signersOf(api, [
    { service: 'assurance', events: shown(capa) },
    { service: 'control', events: [...shown(nonconformity), ...shown(lot)] },
    { service: 'analytics', events: shown(exposure) },
    { service: 'planning', events: shown(controlPlan) },
  ]);
  return { capaId, capa, nonconformity, lot, exposure, controlPlan, signers };
}
