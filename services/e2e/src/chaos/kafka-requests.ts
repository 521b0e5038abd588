import type { Protocol } from './door.js';

/** Requests of Kafka's protocol by their key (Apache Kafka documentation, "Protocol: api keys"); those that a fault may concern. */
const names: Readonly<Record<number, string>> = {
  0: 'produce', 1: 'fetch', 2: 'list-offsets', 3: 'metadata', 8: 'commit', 9: 'fetch-offsets', 10: 'find-coordinator', 11: 'join', 12: 'heartbeat', 13: 'leave', 14: 'sync', 22: 'init-producer',
};

/** The names of the requests that a client sends, read off its half of a line: each has its length, its key, its version and a number. */
class KafkaRequests {
  private rest: Buffer = Buffer.alloc(0);

  /** Requests whose beginning is in this piece, each told once. */
  read(data: Buffer): string[] {
    this.rest = this.rest.length === 0 ? data : Buffer.concat([this.rest, data]);
    const found: string[] = [];
    for (;;) {
      if (this.rest.length < 6) break;
      const length = 4 + this.rest.readInt32BE(0);
      if (this.rest.length < length) break;
      found.push(names[this.rest.readInt16BE(4)] ?? 'other');
      this.rest = this.rest.subarray(length);
    }
    return found;
  }
}

export const kafkaProtocol: Protocol = {
  requests: () => new KafkaRequests(),
  isAnswerComplete: (answer) => answer.length >= 4 && answer.length >= 4 + answer.readInt32BE(0),
};
