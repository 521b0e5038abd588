import { createHash } from 'node:crypto';
import type { EventStore, NewEvent, StoredCommand, StoredEvent } from '@touchstone/event-store';
import type { AskedEvent, History, KeptCommand, LoggedEvent } from './history.js';

const PAGE = 5_000;

export const askedOf = ({ id, type, body, meta }: NewEvent): AskedEvent =>
  ({ id, digest: createHash('sha256').update(JSON.stringify([type, body, meta])).digest('base64url') });

export const loggedOf = (event: StoredEvent): LoggedEvent => ({ ...askedOf(event), seq: event.seq, stream: event.stream, version: event.version, type: event.type });

export const keptOf = ({ id, stream, seq, bodyHash, answer }: StoredCommand): KeptCommand => ({ id, stream, seq, bodyHash, answer });

/** The whole log as it stands, and what it keeps of these commands. */
export async function storedIn(store: EventStore, commandIds: ReadonlySet<string>): Promise<Pick<History, 'stored' | 'commands'>> {
  const stored: LoggedEvent[] = [];
  for (let page = await store.readAll(0, PAGE); page.length > 0; page = await store.readAll(stored.at(-1)?.seq ?? 0, PAGE)) stored.push(...page.map(loggedOf));
  const commands: KeptCommand[] = [];
  for (const id of commandIds) {
    const command = await store.command(id);
    if (command) commands.push(keptOf(command));
  }
  return { stored, commands };
}
