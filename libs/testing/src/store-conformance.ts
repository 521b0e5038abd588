/// <reference types="jest" />
import type { EventStore } from '@touchstone/event-store';
import { storeChecks } from './store-checks.js';

/** Runs every check, each on an empty log that `makeStore` makes and this closes. */
export function storeConformance(name: string, makeStore: () => Promise<EventStore>): void {
  describe(`the ${name} store`, () => {
    it.each(storeChecks.map((check) => [check.name, check] as const))('%s', async (_, { run }) => {
      const store = await makeStore();
      try {
        await run(store);
      } finally {
        await store.close();
      }
    });
  });
}
