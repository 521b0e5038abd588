import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { Lineage } from '@touchstone/event-store';
import type { InboundDesk, InboundLine } from './inbound.js';

/** An event on a topic: CloudEvents in binary mode. `value` is the stored bytes of the body. */
export interface Message {
  /** The stream: what shares a key keeps its order. */
  readonly key: string;
  /** Place in the topic, from 1: for the in-process transport the seq in the producer's log, for Kafka the partition's offset plus one. A relay sends with seq. */
  readonly offset: number;
  readonly value: string;
  readonly headers: {
    readonly ce_id: string;
    readonly ce_type: string;
    /** The log id of the epoch in which it was appended. */
    readonly ce_source: string;
    /** Metadata of the event, as stored. */
    readonly touchstone_meta: string;
    /** Of an event that was said again as an older version: the id of the one in the log. Services pass over it. */
    readonly touchstone_derived_from?: string;
  };
}

export const topicOf = (service: string): string => `${service}.events.v1`;
export const producerOf = (topic: string): string => topic.slice(0, topic.indexOf('.'));

/**
 * Where offsets are given once: what a consumer notes its place in. A transport whose offsets are the producer's seq has one lane an
 * epoch of the producer's log, `control.events.v1@2`, since a seq is given again after a fork; the first is the topic's own name.
 * One with offsets of its own has a lane a partition, `control.events.v1/3`.
 */
export const laneOf = (topic: string, epoch: number): string => (epoch === 1 ? topic : `${topic}@${epoch}`);
/** The topic of a lane. */
export const topicIn = (lane: string): string => lane.split(/[@/]/, 1)[0] ?? lane;

/** An event of a service as somebody else has it, with its place in the history that the service had when it was told. */
export interface HeldEvent {
  readonly epoch: number;
  /** In the producer's log, of that epoch. */
  readonly seq: number;
  readonly key: string;
  readonly id: string;
  readonly type: string;
  readonly value: string;
  readonly meta: string;
}

/** Somebody who can say what he was told: a consumer from its own log, or a topic that keeps what was published. */
export interface Holder {
  readonly name: string;
  /** Asked over a broker, which may be away: before something is published, but not before something is recorded. */
  readonly remote?: boolean;
  /** The newest of each epoch of the topic's producer. */
  newest(topic: string): Promise<readonly HeldEvent[]>;
  /** What he has of one epoch after a seq, in order, at most `limit`; with what he has parked. */
  beyond(topic: string, epoch: number, seq: number, limit: number): Promise<readonly HeldEvent[]>;
}

/** The relay's side of a topic. */
export interface Publisher {
  /** The seq after which to begin; asked at each start. */
  startAfter(): Promise<number>;
  /** Resolves when the messages are safe with the transport (acks=all). In order; may be called again with the same ones. */
  publish(messages: readonly Message[]): Promise<void>;
  /** Who holds what was published: asked whether the log still has it. Without it, nobody can say that a log was put back. */
  holders?(): readonly Holder[];
  /** Moves when somebody came who may stand further back than the relay is: it then starts over. */
  readonly epoch?: number;
}

/** What takes a service's interests in and knows how far it has read. */
export interface Consumer {
  /** The offset of the lane up to which this service has taken the topic in. */
  takenFrom(lane: string): Promise<number>;
  /** True while it takes nothing: others are not held up by it, and it is given what it missed afterwards. */
  away?(): boolean;
  /** Moves when it may stand further back than it said: it is then given again what lies between. */
  readonly epoch?: number;
  readonly holder?: Holder;
  /** The id of the event that was taken in from this place; by it a topic is told from another one of the same name. */
  notedAt?(topic: string, offset: number): Promise<string | undefined>;
  /** The topic is read from its beginning again, since it is another one; what is in the log is a duplicate. */
  startOver?(topic: string): void;
}

/** How services reach each other: in one process, or over Kafka. */
export interface Transport {
  readonly name: string;
  /** `lineage` tells the epochs of the producer's log; one, when left out. */
  publisher(topic: string, lineage?: () => Lineage): Publisher;
  /** The Nest strategy through which a service's `@EventPattern` handlers are fed. */
  strategy(consumer: Consumer): CustomTransportStrategy;
  /** Commands that other systems send to the service; a transport within one process has none. */
  inbound?(service: string, desk: InboundDesk): InboundLine;
  /** Why nothing comes in at present; undefined when all is well. */
  readonly failure?: Error;
  /** Left out by a transport that has handed over when `publish` resolves. */
  progress?(): Progress;
}

/** How far events have come, by lane: an offset up to which all is done. */
export interface Progress {
  /** On the topics of this process. */
  readonly published: Readonly<Record<string, number>>;
  /** By the consumers of this process. */
  readonly taken: Readonly<Record<string, number>>;
}
