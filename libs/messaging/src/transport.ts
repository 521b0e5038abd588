import type { CustomTransportStrategy } from '@nestjs/microservices';

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
    readonly ce_source: string;
    /** Metadata of the event, as stored. */
    readonly touchstone_meta: string;
    /** Of an event that was said again as an older version: the id of the one in the log. Services pass over it. */
    readonly touchstone_derived_from?: string;
  };
}

export const topicOf = (service: string): string => `${service}.events.v1`;
export const producerOf = (topic: string): string => topic.slice(0, topic.indexOf('.'));

/** The relay's side of a topic. */
export interface Publisher {
  /** The offset after which to begin; asked at each start. */
  startAfter(): Promise<number>;
  /** Resolves when the messages are safe with the transport (acks=all). In order; may be called again with the same ones. */
  publish(messages: readonly Message[]): Promise<void>;
}

/** What takes a service's interests in and knows how far it has read. */
export interface Consumer {
  /** The offset up to which this service has taken the topic in. */
  takenFrom(topic: string): Promise<number>;
  /** The id of the event that was taken in from this place; by it a topic is told from another one of the same name. */
  notedAt?(topic: string, offset: number): Promise<string | undefined>;
  /** The topic is read from its beginning again, since it is another one; what is in the log is a duplicate. */
  startOver?(topic: string): void;
}

/** How services reach each other: in one process, or over Kafka. */
export interface Transport {
  readonly name: string;
  publisher(topic: string): Publisher;
  /** The Nest strategy through which a service's `@EventPattern` handlers are fed. */
  strategy(consumer: Consumer): CustomTransportStrategy;
  /** Why nothing comes in at present; undefined when all is well. */
  readonly failure?: Error;
}
