/** A partition of a topic. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
}

export interface OutgoingRecord {
  readonly partition: number;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface KafkaRecord {
  /** As Kafka counts: the first of a partition has 0. */
  readonly offset: number;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Idempotent, acks=all. After an error it is closed and another is opened: what it had in flight may or may not be there. */
export interface KafkaProducer {
  /** Resolves when all are safe, with the offset of the first one in each partition. One call at a time; order is kept. */
  send(topic: string, records: readonly OutgoingRecord[]): Promise<ReadonlyMap<number, number>>;
  close(): Promise<void>;
}

/** What a consumer tells. Called one after the other, and not to be waited for: heartbeats go on meanwhile. */
export interface ConsumerListener {
  /** All places that are ours from now on. Nothing of them comes before `seek` was called for it. */
  readonly assigned: (places: readonly Place[], consumer: KafkaConsumer) => void;
  readonly received: (place: Place, records: readonly KafkaRecord[]) => void;
  /**
   * The fetch loop came round, whether it brought something or not: at least once a second while the broker answers. `heard` is false when
   * it did not ask: what it may ask for was not sought yet. That is no proof that it would be answered.
   */
  readonly alive: (heard: boolean) => void;
  /** It has ended by itself; nothing comes any more. */
  readonly failed: (error: Error) => void;
}

/** A member of a group. An offset that Kafka does not have is answered from the first one it has. */
export interface KafkaConsumer {
  /** The next record that comes of this place has this offset, or a later one where it is no longer kept. */
  seek(place: Place, offset: number): void;
  pause(place: Place): void;
  resume(place: Place): void;
  /** Only shown to those who monitor the group; nobody begins there. */
  commit(offsets: readonly (Place & { readonly offset: number })[]): Promise<void>;
  /** Leaves the group, so that others take over at once. */
  close(): Promise<void>;
}

export interface KafkaAdmin {
  /** Resolves when the cluster answers. */
  ping(): Promise<void>;
  /** How many partitions the topic has; undefined when there is none of this name. */
  partitions(topic: string): Promise<number | undefined>;
  /** Resolves when it can be written to. Changes nothing when it is there. Kept for ever, by time and size, unless `keptMs` is given. */
  createTopic(topic: string, partitions: number, keptMs?: number): Promise<void>;
  /** By partition, the offset of the record that will come next. */
  ends(topic: string): Promise<ReadonlyMap<number, number>>;
  deleteTopic(topic: string): Promise<void>;
}

/** What the transport needs of a Kafka client, and no more: so that the client can be another one. */
export interface KafkaPort {
  readonly client: string;
  readonly admin: KafkaAdmin;
  producer(): Promise<KafkaProducer>;
  consumer(group: string, topics: readonly string[], listener: ConsumerListener): Promise<KafkaConsumer>;
  close(): Promise<void>;
}

/** How a broker is reached. */
export interface KafkaAccess {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** TLS; with `ca` (PEM) only certificates signed by it. */
  readonly tls?: { readonly ca?: string };
  /** SASL/SCRAM-SHA-512. */
  readonly login?: { readonly username: string; readonly password: string };
}
