import { derivedId } from '@touchstone/kernel';
import type { Answer, DrillSite } from './site.js';

/** A command as a person gives it, under an Idempotency-Key of its own, so that it can be given again. */
export interface Act {
  readonly path: string;
  readonly role: string;
  readonly key: string;
  readonly body: object;
}

const ITEM = derivedId('drill', 'item');
const AT_ONCE = 16;

/** The work on lots `from` to `to`: the same seed, the same work. Lots are registered and held; some nonconformities are severe, and lead to corrective actions elsewhere. */
export function workOn(seed: number, from: number, to: number): Act[] {
  return Array.from({ length: to - from }, (_, index) => from + index).flatMap((number) => {
    const random = (Math.imul(number + 1, 1_664_525) + Math.imul(seed + 1, 1_013_904_223)) >>> 8;
    const [lotId, nonconformityId] = [derivedId('drill', seed, 'lot', number), derivedId('drill', seed, 'nonconformity', number)];
    const key = (what: string) => `drill-${seed}-${number}-${what}`;
    const acts: Act[] = [
      { path: '/lots', role: 'inspector', key: key('register'), body: { lotId, number: `D-${seed}-${number}`, itemId: ITEM, quantity: String(100 + (random % 400)), unit: 'pcs', site: 'graz', requiredInspections: ['final'] } },
      { path: `/lots/${lotId}/holds`, role: 'inspector', key: key('hold'), body: { holdId: derivedId('drill', seed, 'hold', number), quantity: String(1 + (random % 90)), cause: 'person', causeId: 'inspector-1', reason: 'drill' } },
    ];
    const report: Act = {
      path: '/nonconformities', role: 'quality-engineer', key: key('report'),
      body: { nonconformityId, lotId, itemId: ITEM, requirement: 'diameter', quantity: '1', severity: random % 3 === 0 ? 'major' : 'minor', source: 'person', sourceId: 'inspector-1' },
    };
    return random % 2 === 0 ? [...acts, report] : acts;
  });
}

/** Gives the commands; those of one lot in their order. Answers in the order of the commands. */
export async function give(site: DrillSite, acts: readonly Act[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  const byLot = [...Map.groupBy([...acts.entries()], ([, { key }]) => key.slice(0, key.lastIndexOf('-'))).values()];
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let lot = byLot.shift(); lot; lot = byLot.shift()) {
      for (const [index, { path, role, key, body }] of lot) answers[index] = await site.call('control', 'POST', path, role, { body, key });
    }
  });
  await Promise.all(workers);
  return answers;
}

/** Events that the answers speak of. Throws when a command was not taken. */
export function eventsOf(answers: readonly Answer[]): string[] {
  const wrong = answers.find(({ status }) => status !== 200 && status !== 201);
  if (wrong) throw new Error(`a command was not taken: ${wrong.status} ${JSON.stringify(wrong.body).slice(0, 400)}`);
  return answers.flatMap(({ body }) => (body['events'] as { id: string }[]).map(({ id }) => id));
}
