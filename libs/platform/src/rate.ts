import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { CodedError } from '@touchstone/event-store';

/** Requests an actor may send a service in a minute, unless the host says otherwise. */
export const REQUESTS_PER_MINUTE = 6_000;

const BAD_TOKENS_PER_MINUTE = 60;

export class RateLimited extends CodedError {
  readonly code = 'RATE_LIMITED';
  readonly status = 429;
  constructor(readonly retryAfterSeconds: number, what: string) {
    super(`${what}: go on in ${retryAfterSeconds} s; send many records through the bulk interface`);
  }
}

/** Counts in this process, in fixed minutes. Several processes of a service each grant the whole rate. */
export class Rate {
  private readonly actors: RateLimiterMemory;
  private readonly strangers = new RateLimiterMemory({ points: BAD_TOKENS_PER_MINUTE, duration: 60 });

  constructor(private readonly requestsPerMinute = REQUESTS_PER_MINUTE) {
    this.actors = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 });
  }

  /** One more request of an actor. @throws RateLimited */
  ofActor(id: string): Promise<void> {
    return take(this.actors, id, `more than ${this.requestsPerMinute} requests of one actor in a minute`);
  }

  /** One more token that was not good, from an address: guessing is slow, and costs no signature checks. @throws RateLimited */
  ofBadToken(address: string): Promise<void> {
    return take(this.strangers, address, `more than ${BAD_TOKENS_PER_MINUTE} tokens that were not good in a minute`);
  }
}

async function take(limiter: RateLimiterMemory, key: string, what: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (rejected) {
    if (!(rejected instanceof RateLimiterRes)) throw rejected;
    throw new RateLimited(Math.max(1, Math.ceil(rejected.msBeforeNext / 1_000)), what);
  }
}
