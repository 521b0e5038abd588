import type { Random } from '@touchstone/infra';
import type { KafkaPort, KafkaRecord, OutgoingRecord } from '@touchstone/messaging/kafka';

const AGAIN = 0.15;

/**
 * Does at the port what brokers and clients are allowed to do, by seed: records are sent more than once, streams of a batch change
 * places, a batch that was handed on is handed on again. What is promised stays: the order in which a stream's records first come.
 */
export function mangledPort(port: KafkaPort, random: Random): KafkaPort {
  return {
    ...port,
    producer: async () => {
      const producer = await port.producer();
      return { send: (topic, records) => producer.send(topic, repeated(interleaved(records, random), random)), close: () => producer.close() };
    },
    consumer: (group, topics, listener) => port.consumer(group, topics, {
      ...listener,
      received: (place, records) => {
        listener.received(place, records);
        if (random.chance(AGAIN)) listener.received(place, endOf(records, random));
      },
    }),
  };
}

/** Another order of the streams, the same within each. */
export function interleaved(records: readonly OutgoingRecord[], random: Random): OutgoingRecord[] {
  const streams = [...Map.groupBy(records, ({ key }) => key).values()];
  const mixed: OutgoingRecord[] = [];
  while (streams.length > 0) {
    const index = random.below(streams.length);
    const next = streams[index]?.shift();
    if (next) mixed.push(next);
    if (streams[index]?.length === 0) streams.splice(index, 1);
  }
  return mixed;
}

/** After a record, one that was sent before it, or it itself, comes again. */
export const repeated = (records: readonly OutgoingRecord[], random: Random): OutgoingRecord[] =>
  records.flatMap((record, index) => (random.chance(AGAIN) ? [record, records[random.below(index + 1)] ?? record] : [record]));

const endOf = (records: readonly KafkaRecord[], random: Random): readonly KafkaRecord[] => records.slice(random.below(Math.max(records.length, 1)));
