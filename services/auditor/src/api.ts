/** What the command line may ask of a platform: its HTTP interface and nothing else, so that whatever the services guard is guarded here too. */
export interface Api {
  /** Names of the services behind the address. */
  services(): Promise<readonly string[]>;
  /** JSON of `path`, such as `/control/history/lot-1`. Rejects with {@link ApiFault}. */
  get(path: string): Promise<unknown>;
  post(path: string, body?: object): Promise<unknown>;
}

/** The platform could not be asked, or said no. `status` is missing where no answer came at all. */
export class ApiFault extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly status?: number,
    /** What the answer was, where it was JSON. */
    readonly body?: unknown,
  ) {
    super(`${code}: ${detail}`);
  }
}

/** The command line was asked for something that is not there, or in a way that makes no sense; `message` says what to do. */
export class Unusable extends Error {}

/** Undefined where the answer is 404. */
export async function found<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiFault && error.status === 404) return undefined;
    throw error;
  }
}

/** Results in the order of `items`, at most `width` at work at once. */
export async function sideBySide<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
