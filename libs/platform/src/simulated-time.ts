import type { Instant, SimulatedClock } from '@touchstone/kernel';
import type { Follower, PostgresStore, Runtime, StoredEvent } from '@touchstone/event-store';
import { CodedError, metaOf } from '@touchstone/event-store';
import type { Progress, Transport } from '@touchstone/messaging';
import { NotReachedYet } from './problem.js';

/** Data made under a simulated clock are never continued under the real one, nor the other way round. */
export class SimulatedData extends CodedError {
  readonly code = 'SIMULATED_DATA';
  readonly status = 409;
}

/** Where a service stands. What is published and taken in counts where the transport takes its time; elsewhere both are empty. */
export interface Standing extends Progress {
  /** All of the log up to this seq was handled by every read model and reaction, and by the relay. */
  readonly head: number;
}

/** One service as the host sees it who moves its time: in the same process, or in another. */
export interface TimedService {
  readonly name: string;
  /** Services whose events it takes in. */
  readonly hears: readonly string[];
  /** Resolves when what was in the log at the call has been handled. Throws when that takes too long. */
  standing(): Promise<Standing>;
  /** The earliest instant at which something is due. */
  nextDeadline(): Promise<Instant | undefined>;
  /** Changes nothing where the clock stands there already, or later. */
  moveTo(at: Instant): Promise<void>;
  /** Sends commands that are due; how many. To be called until there are none. */
  fire(): Promise<number>;
}

export interface TimedParts {
  readonly name: string;
  readonly hears: readonly string[];
  readonly runtime: Runtime;
  readonly relay?: Follower<StoredEvent>;
  readonly transport?: Transport;
  readonly clock: SimulatedClock;
}

/** The time of a service of this process. */
export class ServiceTime implements TimedService {
  /** `patienceMs`: for followers that are behind. */
  constructor(private readonly parts: TimedParts, private readonly patienceMs: number) {}

  get name(): string {
    return this.parts.name;
  }

  get hears(): readonly string[] {
    return this.parts.hears;
  }

  get now(): Instant {
    return this.parts.clock.now();
  }

  /** In this order: what is taken in after the first step shows in the head, and what was published for it shows in the last. */
  async standing(): Promise<Standing> {
    const { name, runtime, relay, transport } = this.parts;
    const taken = transport?.progress?.().taken ?? {};
    const head = await runtime.options.store.head();
    await Promise.all([...runtime.followers, ...(relay ? [relay] : [])].map(async (follower) => {
      if (!(await follower.reached(head, this.patienceMs))) throw new NotReachedYet(`${name}: ${follower.name} stands at ${follower.position} of ${head}: ${follower.failure?.message ?? 'no error'}`);
    }));
    return { head, taken, published: transport?.progress?.().published ?? {} };
  }

  nextDeadline(): Promise<Instant | undefined> {
    return this.parts.runtime.poller.next();
  }

  moveTo(at: Instant): Promise<void> {
    const { clock } = this.parts;
    if (at > clock.now()) clock.moveTo(at);
    return Promise.resolve();
  }

  fire(): Promise<number> {
    return this.parts.runtime.poller.fire();
  }
}

/** Throws {@link SimulatedData} when the newest event of the log was recorded under the other kind of time. */
export async function refuseOtherTime(store: PostgresStore, simulated: boolean): Promise<void> {
  const [last] = await store.readAll(Math.max(0, (await store.head()) - 1), 1);
  if (last === undefined || (metaOf(last).provenance ?? []).includes('simulated') === simulated) return;
  throw new SimulatedData(`the log holds ${simulated ? 'real' : 'simulated'} data: ${simulated ? 'leave TOUCHSTONE_SIMULATED_CLOCK out, or take' : 'give TOUCHSTONE_SIMULATED_CLOCK, or take'} another database`);
}
