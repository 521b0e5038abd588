import { setTimeout as pause } from 'node:timers/promises';
import type { InboundAnswer, InboundDesk, InboundLine, InboundRecord } from '../inbound.js';
import { inboundTopicOf, replyTopicOf } from '../inbound.js';
import { Intake } from './intake.js';
import type { KafkaPort, KafkaProducer, KafkaRecord, OutgoingRecord } from './kafka-port.js';
import { requestsOf } from './kafka-publisher.js';
import { backOffMs } from './lane.js';
import { partitionOf } from './partition.js';

export interface KafkaInboundOptions {
  readonly port: KafkaPort;
  readonly group: string;
  readonly prefix: string;
  readonly partitions: number;
  readonly service: string;
  readonly desk: InboundDesk;
}

/** Bodies may be personal, and headers hold tokens: they stay on the topics so long and no longer. */
export const INBOUND_KEPT_MS = 7 * 24 * 3_600_000;
const SIDE_BY_SIDE = 32;
const MOST_RECORDS = 500;

/**
 * Takes commands from the inbound topic of a service, answers each on its reply topic, and only then notes in the service's own
 * database how far it is, whatever the group remembers. Who dies in between answers again: commands are known by their ids. A page
 * that cannot be answered is asked again and blocks its own partition only.
 */
export class KafkaInbound implements InboundLine {
  private readonly intake: Intake;
  private readonly preparing = new AbortController();
  private prepared?: Promise<void>;
  private unprepared?: Error;
  private producer?: KafkaProducer;
  /** Replies are sent one request after the other. */
  private sending: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: KafkaInboundOptions) {
    const { port, group, prefix, service } = options;
    this.intake = new Intake({
      port, group, prefix, topics: [inboundTopicOf(service)],
      consumer: { takenFrom: (lane) => this.takenFrom(lane) },
      deliver: (lane, records) => this.answerAll(lane, records),
    });
  }

  get failure(): Error | undefined {
    return this.unprepared ?? this.intake.failure;
  }

  /** Does not wait for the broker. */
  start(): void {
    this.prepared ??= this.prepare();
    this.intake.start();
  }

  async stop(): Promise<void> {
    this.preparing.abort();
    await this.prepared;
    await this.intake.stop();
    await this.sending;
    await this.replaceProducer();
  }

  private async prepare(): Promise<void> {
    const { signal } = this.preparing;
    const { port: { admin }, prefix, partitions, service } = this.options;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        for (const topic of [inboundTopicOf(service), replyTopicOf(service)]) {
          if ((await admin.partitions(prefix + topic)) === undefined) await admin.createTopic(prefix + topic, partitions, INBOUND_KEPT_MS);
        }
        this.unprepared = undefined;
        return;
      } catch (error) {
        this.unprepared = error instanceof Error ? error : new Error(String(error));
        await pause(backOffMs(failures), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** A topic that ends before the place that was noted is another one of that name: it is read from its beginning. */
  private async takenFrom(lane: string): Promise<number> {
    const { port, prefix, service, desk } = this.options;
    const noted = await desk.place(lane);
    if (noted === 0) return 0;
    const end = (await port.admin.ends(prefix + inboundTopicOf(service))).get(Number(lane.slice(lane.lastIndexOf('/') + 1))) ?? 0;
    return noted > end ? 0 : noted;
  }

  /** Those with one key one after the other. */
  private async answerAll(lane: string, records: readonly KafkaRecord[]): Promise<void> {
    const last = records.at(-1);
    if (!last) return;
    const { desk } = this.options;
    const answers = new Map<number, InboundAnswer>();
    const sequences = Map.groupBy(records, ({ key }) => key).values();
    let failed: { readonly cause: unknown } | undefined;
    const workers = Array.from({ length: SIDE_BY_SIDE }, async () => {
      for (const sequence of sequences) { // the workers share one iterator
        for (const record of sequence) {
          if (failed) return;
          answers.set(record.offset, await desk.answer(asInbound(lane, record)));
        }
      }
    });
    await Promise.all(workers.map((worker) => worker.catch((cause: unknown) => { failed ??= { cause }; })));
    if (failed) throw failed.cause;
    await this.reply(records.flatMap(({ offset }) => answers.get(offset) ?? []));
    await desk.note(lane, last.offset + 1);
  }

  private reply(answers: readonly InboundAnswer[]): Promise<void> {
    const sent = this.sending.then(() => this.send(answers));
    this.sending = sent.catch(() => undefined);
    return sent;
  }

  private async send(answers: readonly InboundAnswer[]): Promise<void> {
    const { port, prefix, partitions, service } = this.options;
    try {
      for (const chunk of requestsOf(answers, MOST_RECORDS, ({ value }) => Buffer.byteLength(value) + 1_000)) {
        this.producer ??= await port.producer();
        await this.producer.send(prefix + replyTopicOf(service), chunk.map((answer): OutgoingRecord => ({ ...answer, partition: partitionOf(answer.key, partitions) })));
      }
    } catch (error) {
      await this.replaceProducer();
      throw error;
    }
  }

  private async replaceProducer(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    await producer?.close().catch(() => undefined);
  }
}

const asInbound = (lane: string, { offset, key, value, headers }: KafkaRecord): InboundRecord => ({ lane, offset, key, value, headers });
