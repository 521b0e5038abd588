import type { Random } from '@touchstone/infra';

/** All of them in another order, by Fisher and Yates. */
export function shuffled<T>(all: readonly T[], random: Random): T[] {
  const list = [...all];
  for (let index = list.length - 1; index > 0; index -= 1) {
    const other = random.below(index + 1);
    [list[index], list[other]] = [list[other] as T, list[index] as T];
  }
  return list;
}
