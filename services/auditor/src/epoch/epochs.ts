/** `touchstone epoch`: what a log lost when it was put back to a backup, who was told, and how it goes on. */
import type { Api } from '../api.js';
import { Unusable } from '../api.js';

export interface EpochState {
  readonly service: string;
  readonly logId: string;
  readonly open: boolean;
  readonly closedBecause?: string;
  readonly epochs: readonly { readonly epoch: number; readonly logId: string; readonly forkSeq: number; readonly startedAt: string; readonly startedBy?: string; readonly reason?: string }[];
}

export interface EpochReport {
  readonly service: string;
  readonly logId: string;
  readonly epoch: number;
  readonly forkSeq: number;
  readonly withdrawn: number;
  readonly toldBy: Readonly<Record<string, number>>;
  readonly differing: number;
  readonly durationMs: number;
}

interface Withdrawn {
  readonly service: string;
  readonly eventId: string;
  readonly stream: string;
  readonly type: string;
  readonly position: string;
  readonly here?: { readonly stream: string; readonly version: number };
  readonly actor?: string;
  readonly enteredAgain?: boolean;
  readonly consequences: readonly { readonly eventId: string; readonly stream: string; readonly version: number; readonly type: string }[];
}

/** `enter again`: by whoever had entered it; `follows by itself`: a reaction or a deadline had recorded it. */
export type ToDo = 'enter again' | 'entered again' | 'follows by itself';

export interface LostEvent {
  readonly eventId: string;
  readonly stream: string;
  readonly type: string;
  readonly position: string;
  readonly actor?: string;
  readonly todo: ToDo;
  /** Services that were told. */
  readonly toldTo: readonly string[];
  /** What is recorded because of it, by service. It stands until somebody changes it. */
  readonly led: readonly { readonly service: string; readonly stream: string; readonly version: number; readonly type: string }[];
}

export interface Epochs extends EpochState {
  readonly lost: readonly LostEvent[];
}

/** By stream, and within it in the order in which they were told. */
export async function readEpochs(api: Api, service: string): Promise<Epochs> {
  const services = await known(api, service);
  const state = (await api.get(`/${service}/epochs`)) as EpochState;
  const own = await withdrawnOf(api, service, service);
  const elsewhere = await Promise.all(services.filter((each) => each !== service).map(async (each) => ({ service: each, events: await withdrawnOf(api, each, service) })));
  const lost = own.map((event): LostEvent => {
    const { eventId, stream, type, position, actor, consequences } = event;
    const told = elsewhere.flatMap(({ service: name, events }) => events.filter((each) => each.eventId === eventId && each.here).map((each) => ({ name, each })));
    return {
      eventId, stream, type, position, ...(actor !== undefined && { actor }), todo: todoOf(event), toldTo: told.map(({ name }) => name),
      led: [
        ...told.flatMap(({ name, each }) => each.consequences.map((found) => ({ service: name, ...found }))),
        ...consequences.filter((found) => !found.stream.includes('/')).map((found) => ({ service, ...found })),
      ].map(({ service: by, stream: on, version, type: what }) => ({ service: by, stream: on, version, type: what })),
    };
  });
  return { ...state, lost: lost.toSorted((a, b) => (a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : 0)) };
}

export async function startEpoch(api: Api, service: string, reason: string): Promise<EpochReport> {
  await known(api, service);
  return (await api.post(`/${service}/epochs`, { reason })) as EpochReport;
}

async function known(api: Api, service: string): Promise<readonly string[]> {
  const services = await api.services();
  if (!services.includes(service)) throw new Unusable(`there is no service ${service}: there are ${services.join(', ')}`);
  return services;
}

const todoOf = ({ actor, enteredAgain }: Withdrawn): ToDo =>
  enteredAgain === true ? 'entered again' : actor?.startsWith('system:') ? 'follows by itself' : 'enter again';

async function withdrawnOf(api: Api, at: string, of: string): Promise<Withdrawn[]> {
  const all = new Map<string, Withdrawn>();
  for (let after = '0'; ; ) {
    const page = (await api.get(`/${at}/withdrawn?after=${after}`)) as { items: readonly Withdrawn[]; next?: string };
    for (const event of page.items) if (event.service === of) all.set(event.eventId, event); // an event may have been lost twice
    if (page.next === undefined) return [...all.values()];
    after = page.next;
  }
}
