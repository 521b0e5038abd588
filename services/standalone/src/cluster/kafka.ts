import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { secret } from '@touchstone/event-store/local';
import type { KafkaBroker } from '@touchstone/messaging/local-kafka';
import { startKafka } from '@touchstone/messaging/local-kafka';

/** Neither a broker was named, nor can one be started here. */
export class NoKafka extends Error {
  readonly code = 'NO_KAFKA';
}

/** The Kafka of a cluster on this machine: lent, or its own. */
export interface ClusterKafka {
  /** What the services are told of it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where it is, for people. */
  readonly where: string;
  stop(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** That of `TOUCHSTONE_KAFKA_BROKERS`, else one in the data folder where Java is. Throws {@link NoKafka} elsewhere. */
export async function openKafka(folder: string, env: Environment, log: Logger): Promise<ClusterKafka> {
  const lent = env['TOUCHSTONE_KAFKA_BROKERS'];
  if (lent !== undefined) return { environment: lentEnvironment(folder, env), where: lent, stop: () => Promise.resolve() };
  const found = await startKafka({ dataDir: join(folder, 'kafka') });
  if ('why' in found) throw new NoKafka(`there is no Kafka here (${found.why}). Name a running broker in TOUCHSTONE_KAFKA_BROKERS, or use npm start, which needs none`);
  const watch = keepAlive(found.broker, log);
  const brokers = found.broker.brokers.join(',');
  return {
    environment: { TOUCHSTONE_KAFKA_BROKERS: brokers }, where: `${brokers} (started here)`,
    stop: async () => {
      await watch.end();
      await found.broker.stop();
    },
  };
}

/** A lent broker may serve others, and what was here before: topics of this folder have a name of their own. */
function lentEnvironment(folder: string, env: Environment): Record<string, string> {
  const given = Object.entries(env).flatMap(([name, value]) => (name.startsWith('TOUCHSTONE_KAFKA_') && value !== undefined ? [[name, value] as const] : []));
  return { TOUCHSTONE_KAFKA_PREFIX: `${secret(join(folder, 'kafka-prefix'), 4)}.`, ...Object.fromEntries(given) };
}

const WATCH_MS = 500;
const MOST_STARTS = 5;

/** Starts the broker again when it ended by itself, a bounded number of times; meanwhile the services record, and are not ready. */
export function keepAlive(broker: KafkaBroker, log: Logger): { end(): Promise<void> } {
  const ending = new AbortController();
  const watching = (async () => {
    for (let starts = 0; !ending.signal.aborted; await pause(WATCH_MS, undefined, { signal: ending.signal }).catch(() => undefined)) {
      if (isAlive(broker.pid)) continue;
      if (starts >= MOST_STARTS) return log.fatal('Kafka ends again and again, and is not started any more: the services record, and do not hear of each other');
      starts += 1;
      log.error({ starts }, 'Kafka has ended, and is started again');
      await broker.start().catch((error: unknown) => log.error({ err: error }, 'Kafka does not start'));
    }
  })();
  return {
    end: () => {
      ending.abort();
      return watching;
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0); // only asks
    return true;
  } catch {
    return false;
  }
}
