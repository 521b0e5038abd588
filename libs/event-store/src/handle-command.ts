import type { Actor, Clock, Command, DomainEvent, EventMeta, Facts, Instant, Provenance, Uuid } from '@touchstone/kernel';
import { isRefusal, uuidV5 } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';
import type { PublicEvents } from './declared-events.js';
import type { SubjectKeys } from './personal.js';
import { encryptFields, keysOfUnerased, keysThereAre, personalFieldsOf, SubjectErased } from './personal.js';
import type { AnySlice, Ports } from './slice.js';
import { NotKnownYet } from './slice.js';
import type { Append, EventStore, NewEvent, StoredCommand } from './store.js';
import { AppendOutcomeUnknown } from './store.js';
import type { LeftState } from './stream-queue.js';
import { StreamQueue } from './stream-queue.js';
import type { SnapshotOptions } from './stream-states.js';
import { StreamStates } from './stream-states.js';
import type { Upcasting } from './upcast.js';
import { EventNotWritable } from './upcast.js';
import type { Answer } from './answer.js';
import { requireCapabilities } from './capabilities.js';
import { CommandIdReused, Conflicted, NameTaken, OccurredInFuture, VersionMismatch, answerOf } from './answer.js';

/** Who asks for what, when, and because of what. */
export interface CommandContext {
  readonly commandId: Uuid;
  readonly actor: Actor;
  /** When it became true; now, when left out. May lie in the past, never in the future. */
  readonly occurredAt?: Instant;
  readonly reason?: string;
  readonly causationId?: Uuid;
  readonly correlationId?: Uuid;
  /** Position in our log of the event that caused this: `prepare` waits until the read models it asks have got there. */
  readonly causeSeq?: number;
  readonly provenance?: readonly Provenance[];
  /** The version the caller saw; another one is answered 412. */
  readonly ifMatch?: number;
}

export interface CommandsOptions {
  readonly store: EventStore;
  readonly keys: SubjectKeys;
  readonly clock: Clock;
  readonly ports: (context: CommandContext & { at: Instant }) => Ports;
  /** Personal fields of public events by type, and the check of their schemas. */
  readonly contracts: Pick<PublicEvents, 'isPublic' | 'personalFields' | 'check'>;
  readonly upcasting: Upcasting;
  /** Left out: streams are folded from zero, as for a trial that writes nothing. */
  readonly snapshots?: SnapshotOptions;
}

interface Attempt extends LeftState {
  readonly at: Instant;
  readonly epoch: number;
  readonly facts: Facts;
}

const MAX_ATTEMPTS = 8;
const REFUSED = 'CommandRefused';

/** From a command to an answer: fold, prepare, decide, append; again from the start after a conflict. */
export class Commands {
  readonly states: StreamStates;
  private readonly queue = new StreamQueue();

  constructor(private readonly options: CommandsOptions) {
    requireCapabilities(options.store, ['command-records', 'claims', 'guards'], 'the handling of commands');
    this.states = new StreamStates(options);
    options.store.onConnectionLost(() => this.queue.forgetStates());
  }

  /** Throws what is no business: see `answer.ts`. A refusal by a rule is an answer. */
  async handle(slice: AnySlice, command: Command, context: CommandContext): Promise<Answer> {
    const { clock } = this.options;
    if (context.occurredAt !== undefined && context.occurredAt > clock.now()) throw new OccurredInFuture(context.occurredAt, clock.now());
    const stream = slice.stream(command);
    return this.queue.run(stream, () => this.attempts(slice, stream, command, context));
  }

  private async attempts(slice: AnySlice, stream: string, command: Command, context: CommandContext): Promise<Answer> {
    const { keys, clock } = this.options;
    const asked = { ...command, type: command.type };
    const bodyHash = keys.keyedHash(canonicalize({ stream, command: asked, occurredAt: context.occurredAt }));
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      try {
        const at = context.occurredAt ?? clock.now();
        const { epoch } = this.options.store; // before anything is read
        const keysAt = await keys.destructions(); // before anything is decrypted
        const loaded = this.queue.kept(stream, keysAt) ?? (await this.states.load(slice, stream));
        if (context.ifMatch !== undefined && context.ifMatch !== loaded.version) throw new VersionMismatch(context.ifMatch, loaded.version);
        const facts = (await slice.prepare?.(loaded.state, command, this.options.ports({ ...context, at }))) ?? {};
        const answer = await this.decideAndAppend(slice, stream, command, context, bodyHash, { ...loaded, keysAt, at, epoch, facts });
        if (answer) return answer;
      } catch (error) {
        const stored = await this.stored(context.commandId, bodyHash, error);
        if (stored) return stored;
        await new Promise((resolve) => setTimeout(resolve, 25 * 2 ** attempt));
      }
    }
    throw new Conflicted(stream, MAX_ATTEMPTS);
  }

  /** The answer, or undefined after a conflict. */
  private async decideAndAppend(slice: AnySlice, stream: string, command: Command, context: CommandContext, bodyHash: string, attempt: Attempt) {
    const { store } = this.options;
    const { state, version, at } = attempt;
    const decision = slice.decider.decide(state, command, attempt.facts, { actor: context.actor, at });
    const recordedAt = this.options.clock.now();
    const record = canonicalize(await this.record(slice, stream, command, context, attempt, recordedAt, isRefusal(decision)));
    const refusal = isRefusal(decision)
      ? [{ type: REFUSED, data: { command: command.type, code: decision.refused, details: decision.details, stream, atVersion: version } }]
      : undefined;
    const happened: readonly DomainEvent[] = isRefusal(decision) ? [] : decision;
    const events = await this.seal(slice, refusal ?? happened, context, at, recordedAt);
    const answer = canonicalize(
      isRefusal(decision)
        ? { outcome: 'refused', code: decision.refused, details: decision.details, stream, version, events: listed(events) }
        : { outcome: 'accepted', stream, version: version + events.length, events: listed(events) },
    );
    const append: Append = {
      stream: refusal ? `refusals-${stream}` : stream,
      expectedVersion: refusal ? 'any' : version,
      epoch: attempt.epoch,
      ...(refusal && { guard: { stream, version } }),
      events,
      command: { id: context.commandId, bodyHash, answer, record },
      claims: happened.flatMap((event) => slice.claims?.(event) ?? []),
    };
    const result = await store.append(append);
    if (result.status === 'conflict') {
      this.queue.forget(stream);
      return undefined;
    }
    if (result.status === 'claimed') throw new NameTaken(result.claim);
    if (result.status === 'repeated') return this.repeated(result.command, bodyHash);
    if (!refusal) this.queue.keep(stream, { ...this.states.next(slice, stream, attempt, happened, events), keysAt: attempt.keysAt });
    return answerOf(store.logId, { answer, seq: result.seq }, false);
  }

  /** After an error: the stored answer if the command was taken after all; undefined to try again; else the error itself. */
  private async stored(commandId: Uuid, bodyHash: string, error: unknown): Promise<Answer | undefined> {
    const unknown = error instanceof AppendOutcomeUnknown;
    if (unknown) this.queue.forgetStates();
    if (!unknown && ![NotKnownYet, VersionMismatch, SubjectErased].some((kind) => error instanceof kind)) throw error;
    const { store } = this.options;
    const { epoch } = store;
    const command = await store.command(commandId).catch((cause: unknown) => {
      if (unknown) return undefined;
      throw cause;
    });
    const kept = command && (await store.durable(epoch).then(() => true, () => false)); // a reader may be a moment ahead of the disk
    if (kept) return this.repeated(command, bodyHash);
    if (unknown || command) return undefined;
    throw error;
  }

  private repeated(command: StoredCommand, bodyHash: string): Answer {
    if (command.bodyHash !== bodyHash) throw new CommandIdReused(command.id);
    return answerOf(this.options.store.logId, command, true);
  }

  private async seal(slice: AnySlice, events: readonly DomainEvent[], context: CommandContext, occurredAt: Instant, recordedAt: Instant): Promise<NewEvent[]> {
    const { store, keys, clock, contracts } = this.options;
    const provenance = [...(context.provenance ?? []), ...(clock.simulated ? (['simulated'] as const) : [])];
    const meta: EventMeta = {
      actor: context.actor.id, commandId: context.commandId, occurredAt, recordedAt,
      causationId: context.causationId ?? context.commandId, correlationId: context.correlationId ?? context.commandId,
      decider: `${slice.decider.name}@${slice.decider.version}`,
      ...(context.reason !== undefined && { reason: context.reason }),
      ...(provenance.length > 0 && { provenance }),
    };
    const text = canonicalize(meta);
    const name = `${store.logId}/${context.commandId}`;
    return Promise.all(events.map(async (event, index) => {
      if (!this.isWritable(slice, event.type)) throw new EventNotWritable(`${slice.decider.name} yields ${event.type}, which it does not declare, or which has a newer version`);
      contracts.check(event);
      const fields = slice.personal?.[event.type] ?? contracts.personalFields(event.type);
      const body = canonicalize(await encryptFields(event.data as object, fields, keys));
      return { id: uuidV5(context.commandId, `${name}/${index}`), type: event.type, body, meta: text };
    }));
  }

  private isWritable(slice: AnySlice, type: string): boolean {
    const { contracts, upcasting } = this.options;
    return !upcasting.isRetired(type) && (contracts.isPublic(type) || type === REFUSED || (slice.privateEvents?.includes(type) ?? false));
  }

  /**
   * What replay needs and nothing else: the command, who gave it, what was known, who decided. A refusal makes no key for whom it is
   * about: nothing would name that subject, so nobody could ever erase it.
   */
  private async record(slice: AnySlice, stream: string, command: Command, context: CommandContext, attempt: Attempt, recordedAt: Instant, refused: boolean) {
    const { keys } = this.options;
    const { name, ...actor } = context.actor;
    const facts = Object.entries(attempt.facts).filter(([, fact]) => fact !== undefined);
    return {
      stream, version: attempt.version, decider: { name: slice.decider.name, version: slice.decider.version },
      command: await encryptFields({ ...command, type: command.type }, personalFieldsOf(command.constructor), refused ? keysThereAre(keys) : keys),
      actor: name === undefined ? actor : await encryptFields({ ...actor, name }, [{ path: 'name', subject: 'id' }], keysOfUnerased(keys)),
      facts: Object.fromEntries(await Promise.all(facts.map(async ([key, fact]) =>
        [key, fact?.subject === undefined ? fact : await encryptFields(fact, [{ path: 'value', subject: 'subject' }], refused ? keysThereAre(keys) : keysOfUnerased(keys))] as const))),
      occurredAt: attempt.at, recordedAt, causationId: context.causationId, correlationId: context.correlationId,
      reason: context.reason, provenance: context.provenance,
    };
  }
}

const listed = (events: readonly NewEvent[]) => events.map(({ id, type }) => ({ id, type }));
