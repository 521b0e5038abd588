import { ApiFault, found, sideBySide } from '../api.js';
import type { Api } from '../api.js';
import { asEvents } from '../recorded.js';
import type { SeenEvent } from '../recorded.js';

/** Who gave a command, as far as the reader may know it. */
export interface Signer {
  readonly id: string;
  readonly name?: string;
  readonly roles: readonly string[];
}

/** The events of a stream, oldest first; none when it does not exist. */
export async function eventsOf(api: Api, service: string, stream: string): Promise<readonly SeenEvent[]> {
  const answer = (await found(api.get(`/${service}/history/${encodeURIComponent(stream)}`))) as { events?: unknown } | undefined;
  return asEvents(answer?.events);
}

const WIDTH = 6;

/** Signers by the id of their command, asked for once each. Commands that nobody can tell are left out. */
export async function signersOf(api: Api, groups: readonly { readonly service: string; readonly events: readonly SeenEvent[] }[]): Promise<Record<string, Signer>> {
  const wanted = new Map(groups.flatMap(({ service, events }) => events.map((event) => [event.meta.commandId, { service, event }] as const)));
  const signers = await sideBySide([...wanted.values()], WIDTH, async ({ service, event }) => {
    const answer = (await found(api.get(`/${service}/why/${event.id}`))) as { command?: { actor?: Partial<Signer> } } | undefined;
    const { id, name, roles } = answer?.command?.actor ?? {};
    return id === undefined ? [] : [[event.meta.commandId, { id, ...(name !== undefined && { name }), roles: roles ?? [] }] as const];
  });
  return Object.fromEntries(signers.flat());
}

const PAGE = 500;
const MAX_PAGES = 200;

type Row = Readonly<Record<string, unknown>>;

/** All rows of a list, page by page. Undefined where the platform does not have that list, or not by that filter. */
export async function listed(api: Api, path: string, filter: string): Promise<readonly Row[] | undefined> {
  const rows: Row[] = [];
  let after = '';
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const answer = await known(api.get(`${path}?${filter}&limit=${PAGE}${after}`));
    if (answer === undefined) return undefined;
    const { items, next } = answer as { items?: readonly Row[]; next?: string };
    rows.push(...(items ?? []));
    if (next === undefined) return rows;
    after = `&after=${encodeURIComponent(next)}`;
  }
  throw new ApiFault('LIST_TOO_LONG', `${path} has more than ${PAGE * MAX_PAGES} rows for ${filter}`);
}

/** 404: no such list; 400: none by this filter. */
async function known(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiFault && (error.status === 404 || error.status === 400)) return undefined;
    throw error;
  }
}
