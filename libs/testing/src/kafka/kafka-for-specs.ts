/// <reference types="jest" />
import type { FoundKafka, KafkaBroker, KafkaBrokerOptions } from '@touchstone/messaging/local-kafka';
import { kafkaPrograms, startKafka } from '@touchstone/messaging/local-kafka';

export interface KafkaForSpecs {
  /** `describe` where there is Kafka; else `describe.skip` with the reason in its name. */
  readonly describe: (name: string, specs: () => void) => void;
  brokers(): readonly string[];
  /** Ours, to be killed; undefined where `TOUCHSTONE_KAFKA_BROKERS` lends one. */
  readonly broker?: KafkaBroker;
}

const STOP_TIMEOUT_MS = 30_000;

/**
 * One broker for a spec file, to be awaited at its top: that of `TOUCHSTONE_KAFKA_BROKERS`, else one that is started here and
 * removed in `afterAll`. Where neither can be had, the specs are skipped, and the report says why.
 */
export async function kafkaForSpecs(options?: KafkaBrokerOptions): Promise<KafkaForSpecs> {
  const given = options ? undefined : process.env['TOUCHSTONE_KAFKA_BROKERS']; // one that is lent is not secured as we ask
  if (given) return { describe, brokers: () => given.split(',') };
  const programs = await kafkaPrograms();
  const found: FoundKafka = 'why' in programs ? programs : await startKafka(options);
  if ('why' in found) {
    process.stderr.write(`specs with Kafka are skipped: ${found.why}\n`);
    return { describe: (name, specs) => describe.skip(`${name} (skipped: ${found.why})`, specs), brokers: () => [] };
  }
  afterAll(() => found.broker.remove(), STOP_TIMEOUT_MS);
  return { describe, brokers: () => found.broker.brokers, broker: found.broker };
}
