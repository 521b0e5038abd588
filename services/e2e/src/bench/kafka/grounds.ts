import { randomBytes } from 'node:crypto';
import type { PostgresStore, SubjectKeys } from '@touchstone/event-store';
import { openPostgresStore } from '@touchstone/event-store';
import type { KafkaPort, OutgoingRecord } from '@touchstone/messaging/kafka';
import { kafkajsPort, PARTITIONS, partitionOf } from '@touchstone/messaging/kafka';
import type { KafkaBroker } from '@touchstone/testing/kafka';
import { startKafka } from '@touchstone/testing/kafka';
import { canReadCpuTime, cpuTimeWithChildrenMs } from '../cpu-time.js';
import type { BenchDatabase, BenchServer } from '../database.js';
import { startBenchServer } from '../database.js';
import type { Sample } from '../measure.js';
import { ourKeys } from '../our-commands.js';
import { bodyOf, GAUGE_READ, metaText } from '../sample-event.js';

/** Of the made-up service whose gauges are read. */
export const TOPIC = 'bench.events.v1';
const CAUSE = '00000000-0000-4000-8000-000000000000';

export interface OpenedLog {
  readonly database: BenchDatabase;
  readonly store: PostgresStore;
  readonly keys: SubjectKeys;
}

/** A broker and a PostgreSQL of our own, and what the contests need of them. */
export interface KafkaGrounds {
  readonly server: BenchServer;
  readonly broker: KafkaBroker;
  port(): KafkaPort;
  /** An empty log. Closed with the grounds. */
  log(name: string): Promise<OpenedLog>;
  /** With the processor time of this process, of the broker and of PostgreSQL; without it where it cannot be read. */
  counted(job: () => Promise<Sample>): Promise<Sample>;
  close(): Promise<void>;
}

/** Throws where there is no Java. */
export async function openGrounds(): Promise<KafkaGrounds> {
  const found = await startKafka();
  if ('why' in found) throw new Error(`no Kafka: ${found.why}`);
  const { broker } = found;
  const server = await startBenchServer();
  const stores: PostgresStore[] = [];
  return {
    server, broker,
    port: () => kafkajsPort({ brokers: broker.brokers, clientId: 'bench' }),
    log: async (name) => {
      const database = await server.database(name);
      const store = await openPostgresStore({ url: database.url });
      stores.push(store);
      return { database, store, keys: ourKeys(store) };
    },
    counted: async (job) => {
      if (!canReadCpuTime()) return job();
      const ownMs = () => Object.values(process.cpuUsage()).reduce((sum, us) => sum + us / 1_000, 0);
      const [own, others] = [ownMs(), cpuTimeWithChildrenMs(server.pid) + cpuTimeWithChildrenMs(broker.pid)];
      const sample = await job();
      const serviceCpuMs = ownMs() - own;
      return { ...sample, serviceCpuMs, cpuMs: serviceCpuMs + cpuTimeWithChildrenMs(server.pid) + cpuTimeWithChildrenMs(broker.pid) - others };
    },
    close: async () => {
      await Promise.all(stores.map((store) => store.close()));
      await Promise.all([server.remove(), broker.remove()]);
    },
  };
}

export const newPrefix = (): string => `${randomBytes(4).toString('hex')}.`;

/** The record of the n-th event, from 1, as the relay would send it. */
export function recordOf(n: number, eventsAStream: number): OutgoingRecord {
  const key = `gauge-${Math.floor((n - 1) / eventsAStream)}`;
  return {
    partition: partitionOf(key, PARTITIONS), key, value: bodyOf(n),
    headers: { ce_id: idOf(n), ce_type: GAUGE_READ, ce_source: 'bench:bench:1', touchstone_meta: metaText(CAUSE), ce_specversion: '1.0', 'content-type': 'application/json', touchstone_seq: String(n) },
  };
}

/** A UUID of its own for each number below 2⁴⁸, scattered as those are that come from hashes. */
function idOf(n: number): string {
  const scattered = (Math.imul(n, 0x9e37_79b1) >>> 0).toString(16).padStart(8, '0');
  return `${scattered}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}
