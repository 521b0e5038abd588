import fc from 'fast-check';
import { checkHistory } from './history-checker.js';
import { kindsIn, mutations, validHistory } from './random-history.spec-kit.js';
import { numbers } from './workload.spec-kit.js';

const seeds = fc.record({ seed: fc.integer({ min: 0, max: 2 ** 31 }), steps: fc.integer({ min: 0, max: 12 }) });

describe('a random history', () => {
  it('of a correct log is allowed, and so is its JSON', async () => {
    await fc.assert(fc.asyncProperty(seeds, async ({ seed, steps }) => {
      const history = await validHistory(seed, steps);
      expect(checkHistory(history)).toEqual([]);
      expect(checkHistory(JSON.parse(JSON.stringify(history)) as typeof history)).toEqual([]);
    }), { numRuns: 300 });
  });

  it.each(Object.entries(mutations))('is refused when %s', async (_, mutation) => {
    let changed = 0;
    await fc.assert(fc.asyncProperty(seeds, async ({ seed, steps }) => {
      const mutated = mutation(await validHistory(seed, steps), numbers(seed + 1));
      if (!mutated) return;
      changed += 1;
      expect([...kindsIn(checkHistory(mutated.history))]).toContain(mutated.wrong);
    }), { numRuns: 60 });
    expect(changed).toBeGreaterThan(5);
  });
});
