/** `touchstone replay`: any range of a service's public events on a topic of its own. Apart, since few runs need Kafka. */
import { readFileSync } from 'node:fs';
import { LogSource } from '@touchstone/analytics/export';
import { contracts } from '@touchstone/contracts';
import { categoryOf, derivedId } from '@touchstone/kernel';
import type { PostgresStore } from '@touchstone/event-store';
import { epochAt, openPostgresStore } from '@touchstone/event-store';
import type { Message } from '@touchstone/messaging';
import { messagesOf } from '@touchstone/messaging';
import type { KafkaPort } from '@touchstone/messaging/kafka';
import { kafkajsPort } from '@touchstone/messaging/kafka';
import type { KafkaConfig } from '@touchstone/platform';
import { BadConfiguration, readKafkaConfig } from '@touchstone/platform';
import { ApiFault, Unusable } from '../api.js';
import type { DatabaseOptions } from '../export/databases.js';
import { openDatabases } from '../export/databases.js';
import type { ExportSurroundings } from '../export/run-export.js';
import { ShownProgress } from '../export/shown-progress.js';
import type { Range } from './range.js';
import { rangeOf, recordedWithin } from './range.js';
import { ReplayTopic } from './replay-topic.js';

export interface ReplayOptions extends DatabaseOptions {
  readonly service: string;
  readonly topic: string;
  readonly from?: string;
  readonly to?: string;
  /** All public events when left out. */
  readonly types?: readonly string[];
  readonly categories?: readonly string[];
  readonly resume: boolean;
  readonly dryRun: boolean;
}

export interface Replayed extends Range {
  readonly service: string;
  readonly topic: string;
  /** The same for the same log, range, filters and topic. */
  readonly replayId: string;
  readonly partitions: number;
  /** On the topic when it is done, or, with a dry run, would be. */
  readonly records: number;
  /** Of them, those that this run sent. */
  readonly sent: number;
}

/** Topics of services have such names, behind any prefix. */
const LIVE = /(^|\.)[a-z][a-z0-9-]*\.events\.v\d+$/;

/** Throws {@link Unusable} for what makes no sense, {@link ApiFault} where the log or Kafka fails: then `--resume` goes on. */
export async function runReplay(options: ReplayOptions, surroundings: Omit<ExportSurroundings, 'stdout'>): Promise<Replayed> {
  if (!/^[a-zA-Z0-9._-]{1,200}$/.test(options.topic)) throw new Unusable('--topic takes letters, digits, dots, dashes and underscores');
  if (LIVE.test(options.topic)) throw new Unusable(`${options.topic} is the topic of a service: only its relay writes there; give another name, such as ${options.service}.replay.1`);
  known(options);
  const kafka = kafkaOf(surroundings.env, options.dryRun);
  const databases = await openDatabases(options, surroundings.env);
  let store: PostgresStore | undefined;
  let port: KafkaPort | undefined;
  try {
    store = await openPostgresStore({ url: databases.urls.get(options.service) ?? '' });
    port = options.dryRun || !kafka ? undefined : portOf(kafka);
    return await replay(options, store, kafka?.partitions ?? PARTITIONS, port, surroundings);
  } catch (error) {
    if (error instanceof Unusable) throw error;
    throw new ApiFault('REPLAY_FAILED', `${error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error)}; run it again with --resume to go on`);
  } finally {
    await port?.close();
    await store?.close();
    await databases.close();
  }
}

const PARTITIONS = 6;

async function replay(options: ReplayOptions, store: PostgresStore, partitions: number, port: KafkaPort | undefined, { stderr, signal }: Omit<ExportSurroundings, 'stdout'>): Promise<Replayed> {
  const { service, topic, resume, types, categories } = options;
  const source = new LogSource(service, store, contracts);
  const settled = await source.settled();
  const range = rangeOf(options, store.lineage, settled);
  const named = { logId: store.lineage[0]?.logId ?? '', topic, from: options.from ?? '', to: options.to ?? '', types: types?.toSorted() ?? [], categories: categories?.toSorted() ?? [] };
  const replayId = derivedId('replay', JSON.stringify(named));
  const target = port && (await ReplayTopic.open(port, { topic, partitions, replayId, resume }));
  const shown = new ShownProgress(stderr);
  let [records, sent] = [0, 0];
  try {
    for await (const page of source.pages(range.fromSeq - 1, range.toSeq)) {
      const messages = page
        .filter((event) => recordedWithin(event, range) && (categories?.includes(categoryOf(event.stream)) ?? true))
        .flatMap((event): Message[] => messagesOf(event, epochAt(store.lineage, event.seq).logId, (type, data) => contracts.asOlderVersions(type, data)))
        .filter(({ headers }) => types?.includes(headers.ce_type) ?? true);
      sent += (await target?.send(messages, () => signal?.aborted === true)) ?? 0;
      if (signal?.aborted) throw new Error('interrupted');
      records += messages.length;
      shown.at(service, page.at(-1)?.seq ?? range.toSeq, range.toSeq, records);
    }
  } finally {
    shown.end();
    await target?.close();
  }
  return { service, topic, replayId, partitions, ...range, records, sent };
}

/** Types and categories are compared with the contracts: a slip of the pen would replay nothing, and say that all is well. */
function known({ service, types = [], categories = [] }: ReplayOptions): void {
  const own = contracts.events.filter(({ type }) => type.startsWith(`${service}.`));
  if (own.length === 0) throw new Unusable(`--service ${service} has no public events`);
  const type = types.find((each) => !own.some((event) => event.type === each));
  if (type !== undefined) throw new Unusable(`--type ${type} is no public event of ${service}: docs/reference/events/${service}.md lists them`);
  const category = categories.find((each) => !own.some(({ stream }) => stream === each));
  if (category !== undefined) throw new Unusable(`--category ${category}: ${service} has ${[...new Set(own.map(({ stream }) => stream))].toSorted().join(', ')}`);
}

function kafkaOf(env: Readonly<Record<string, string | undefined>>, dryRun: boolean): KafkaConfig | undefined {
  try {
    const kafka = readKafkaConfig(env);
    if (!kafka && !dryRun) throw new Unusable('no Kafka: name it in TOUCHSTONE_KAFKA_BROKERS, with the other variables of docs/how-to/run-on-kafka.md');
    return kafka;
  } catch (error) {
    throw error instanceof BadConfiguration ? new Unusable(error.message) : error;
  }
}

function portOf({ brokers, tls, caFile, login }: KafkaConfig): KafkaPort {
  const trusted = caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') };
  return kafkajsPort({ brokers, clientId: 'touchstone.replay', ...(tls && { tls: trusted }), ...(login && { login }) });
}
