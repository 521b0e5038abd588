// Which events there are, in all services, and one of each as it is really written.
import type { Command, DomainEvent } from '@touchstone/kernel';
import { derivedId, fold, isRefusal, refuse } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import { InspectionStartedV1, inspectionStarted } from '@touchstone/contracts/control';
import { accountRegistered, AccountRegisteredV1, contactAdded, ContactAddedV1 } from '@touchstone/contracts/feedback';
import { analytics } from '@touchstone/analytics/app';
import { assurance } from '@touchstone/assurance/app';
import { control } from '@touchstone/control/app';
import { inspection } from '@touchstone/control/deciders';
import { feedback } from '@touchstone/feedback/app';
import { accountDecider } from '@touchstone/feedback/deciders';
import { planning } from '@touchstone/planning/app';
import type { AnySlice, SubjectKey, SubjectKeys } from '@touchstone/event-store';
import { Commands, MemoryKeys, MemoryStore, noUpcasting, upcastingOf } from '@touchstone/event-store';
import type { Golden } from './golden.js';

const services = [planning, control, assurance, feedback, analytics];
const slices = services.flatMap(({ slices: all }) => all);

/** The versions of all events of all services, checked as each service checks its own when it starts. */
export const upcasting = upcastingOf({
  contracts, slices: slices.map(({ slice }) => slice), projections: slices.flatMap(({ projections = [] }) => projections),
  reactions: slices.flatMap(({ reactions = [] }) => reactions), deadlines: slices.flatMap(({ deadlines = [] }) => deadlines),
});

/** Recorded by the platform beside the stream of whoever refused. */
export const REFUSED = 'CommandRefused';

export const types: readonly string[] = [
  ...new Set([...contracts.events.map(({ type }) => type), ...slices.flatMap(({ slice }) => slice.privateEvents ?? []), ...upcasting.upcasters.flatMap(({ from, to }) => [from, to]), REFUSED]),
].toSorted();

const at = '2026-11-22T08:00:00.000Z';
const actor = { id: 'inspector-1', roles: ['inspector'] };

/** Private events have no samples in the contracts: their deciders are asked. */
const privateSamples: Readonly<Record<string, () => readonly DomainEvent[]>> = {
  'control.InspectionVoided.v1': () => {
    const [started] = InspectionStartedV1.samples;
    if (!started) throw new Error('the contract of InspectionStarted has no sample');
    const decision = inspection.decide(fold(inspection, inspection.initialState(), [inspectionStarted(started)]),
      { type: 'VoidInspection', inspectionId: started.inspectionId, reason: 'measured the wrong lot' }, {}, { actor, at });
    if (isRefusal(decision)) throw new Error(decision.refused);
    return decision;
  },
  'feedback.ErasureOrdered.v1': () => erasures('EraseAccount').slice(-1),
  'feedback.ErasureDeferred.v1': () => erasures('PlaceErasureHold', 'EraseContact').slice(-1),
  'feedback.ErasureHoldPlaced.v1': () => erasures('PlaceErasureHold').slice(-1),
  'feedback.ErasureHoldReleased.v1': () => erasures('PlaceErasureHold', 'ReleaseErasureHold').slice(-1),
};

/** What the decider of accounts yields to these commands, one after the other, for a customer with one contact. */
function erasures(...commands: readonly ('EraseAccount' | 'EraseContact' | 'PlaceErasureHold' | 'ReleaseErasureHold')[]): readonly DomainEvent[] {
  const [[registered], [added]] = [AccountRegisteredV1.samples, ContactAddedV1.samples];
  if (!registered || !added) throw new Error('the contracts of accounts have no samples');
  const { accountId } = registered;
  let events: readonly Parameters<typeof accountDecider.evolve>[1][] = [accountRegistered(registered), contactAdded({ ...added, accountId })];
  for (const type of commands) {
    const command = { type, accountId, contactId: added.contactId, ground: 'request', holdId: 'case-17', reason: 'request 17' } as const;
    const decision = accountDecider.decide(fold(accountDecider, accountDecider.initialState(), events), command, {}, { actor, at });
    if (isRefusal(decision)) throw new Error(decision.refused);
    events = [...events, ...decision];
  }
  return events;
}

/** Events of the type: the samples of its contract, or what its decider yields. */
export function samplesOf(type: string): readonly DomainEvent[] {
  const contract = contracts.events.find((event) => event.type === type);
  const sample = privateSamples[type];
  if (contract) return contract.samples.map((data) => ({ type, data }));
  if (type === REFUSED) return [{ type, data: {} }];
  if (!sample) throw new Error(`${type} is private: let its decider yield one, in services/e2e/src/golden-events/declared.ts`);
  return sample();
}

/** The event as a service stores it: checked, encrypted, canonical, with its metadata. */
export async function stored(event: DomainEvent, number: number): Promise<Pick<Golden, 'stored' | 'keys'>> {
  const contract = contracts.events.find(({ type }) => type === event.type);
  const owner = slices.find(({ slice }) => slice.privateEvents?.includes(event.type))?.slice;
  const [service = ''] = event.type.split('.');
  const decider = event.type === REFUSED ? 'control.lot' : (owner?.decider.name ?? `${service}.${contract?.stream ?? ''}`);
  const stream = `${decider.slice(decider.indexOf('.') + 1)}-${derivedId('golden', event.type)}`;
  const slice: AnySlice = {
    decider: {
      name: decider, version: owner?.decider.version ?? 1, initialState: () => undefined, evolve: () => undefined,
      decide: () => (event.type === REFUSED ? refuse('QUANTITY_NOT_FREE', { free: '460', held: '40', rejected: '0' }) : [event]),
    },
    commands: {}, stream: () => stream, privateEvents: owner?.privateEvents, personal: owner?.personal,
  };
  const [store, keys] = [new MemoryStore('golden:events:1'), new Keys()];
  const commands = new Commands({
    store, keys, contracts, upcasting: noUpcasting, clock: { now: () => at, simulated: false }, ports: () => { throw new Error('nothing is asked here'); },
  });
  const command: Command = { type: event.type === REFUSED ? 'ReleaseQuantity' : 'Write' };
  await commands.handle(slice, command, { commandId: derivedId('golden', event.type, number), actor, reason: 'golden event' });
  const [written] = await store.readAll(0, 1);
  if (!written) throw new Error(`${event.type} was not written`);
  return { stored: written, keys: keys.given };
}

/** Says which keys it has given. */
class Keys extends MemoryKeys implements SubjectKeys {
  readonly given: Record<string, string> = {};
  override async obtain(subject: string): Promise<SubjectKey> {
    const key = await super.obtain(subject);
    this.given[subject] = key.key.toString('hex');
    return key;
  }
}
