import { randomBytes, randomUUID } from 'node:crypto';
import { systemClock } from '@touchstone/kernel';
import type { EventStore, PostgresStore, SubjectKeys } from '@touchstone/event-store';
import { Commands, noUpcasting, PostgresSubjectKeys } from '@touchstone/event-store';
import { gaugeSlice, ReadGauge } from './gauge-slice.js';

export const ourKeys = (store: PostgresStore): PostgresSubjectKeys => new PostgresSubjectKeys(store.pool, randomBytes(32));

/** `handleCommand` as services run it, for the gauge's slice. */
export class OurCommands {
  private readonly commands: Commands;
  private readonly forgetting = new Set<() => void>();

  constructor(store: EventStore, keys: SubjectKeys) {
    const onConnectionLost: EventStore['onConnectionLost'] = (listener) => {
      this.forgetting.add(listener);
      return () => void this.forgetting.delete(listener);
    };
    const watched = Object.assign(Object.create(store) as EventStore, { onConnectionLost }); // what changes in the store is seen through it
    this.commands = new Commands({
      store: watched, keys, clock: systemClock, upcasting: noUpcasting, contracts: { isPublic: () => false, personalFields: () => [], check: () => undefined },
      ports: () => { throw new Error('the gauge asks for no facts'); },
    });
  }

  async handle(stream: string): Promise<void> {
    const command = Object.assign(new ReadGauge(), { gaugeId: stream });
    const { outcome } = await this.commands.handle(gaugeSlice, command, { commandId: randomUUID(), actor: { id: 'inspector-7', roles: ['inspector'] } });
    if (outcome !== 'accepted') throw new Error(`a command was ${outcome}`);
  }

  /** Drops the states that are kept, as after a lost connection: each command then reads its stream. */
  forgetStates(): void {
    for (const forget of this.forgetting) forget();
  }
}
