import type { LoggedEvent } from './history.js';

/** A record of a service's own topic, as the broker keeps it. */
export interface TopicRecord {
  readonly partition: number;
  readonly offset: number;
  /** The stream. */
  readonly key: string;
  /** Id of the event. */
  readonly id: string;
  /** Of type, value and metadata: the digest of the event in the log, when nothing was changed on the way. */
  readonly digest: string;
}

/** A foreign event that a service has put aside, and that nobody has decided about. */
export interface ParkedRecord {
  readonly producer: string;
  /** As its producer calls it. */
  readonly stream: string;
  readonly id: string;
}

export interface ReactionEvidence {
  readonly name: string;
  /** Types of events that it answers with one command each. */
  readonly on: readonly string[];
  /** For each event in the log that one of its commands led to: the id of the event that it answered. */
  readonly causes: readonly string[];
}

/** What one service said, took in, put aside and did; read when all is over. */
export interface ServiceEvidence {
  readonly service: string;
  /** The whole log by seq, with what it took in under `<producer>/<stream>`. */
  readonly log: readonly LoggedEvent[];
  /** Ids of events that clients were told are recorded. */
  readonly acknowledged: readonly string[];
  readonly publicTypes: readonly string[];
  /** All that is on its topic, each partition in order of offset. */
  readonly topic: readonly TopicRecord[];
  /** `<producer>/<category>`. */
  readonly listensTo: readonly string[];
  readonly parked: readonly ParkedRecord[];
  /** Ids of foreign events that it can never take in. */
  readonly poisoned: ReadonlySet<string>;
  /** Ids of foreign events that a person discarded; what follows them on their streams is to be taken in. */
  readonly discarded: ReadonlySet<string>;
  readonly reactions: readonly ReactionEvidence[];
  /** Hashes of the rows as they were served, and after a rebuild from zero. */
  readonly readModels: readonly { readonly name: string; readonly served: string; readonly rebuilt: string }[];
}

export type DeliveryViolationKind =
  // the log and the topic of a producer
  | 'acknowledged-lost' | 'never-published' | 'published-unasked' | 'published-otherwise' | 'published-out-of-order' | 'partition-changed'
  // the log of a consumer
  | 'never-taken-in' | 'taken-in-twice' | 'taken-in-out-of-order' | 'invented' | 'changed-on-the-way'
  // what it put aside
  | 'went-past-parked' | 'vanished' | 'parked-without-reason' | 'parked-and-taken-in' | 'discarded-and-taken-in'
  // what it did
  | 'reaction-missing' | 'reaction-twice' | 'reaction-unfounded' | 'rebuilt-otherwise';

export interface DeliveryViolation {
  readonly kind: DeliveryViolationKind;
  /** What is wrong, in words. */
  readonly what: string;
  readonly service: string;
}
