import type { Instant } from '@touchstone/kernel';
import { instant } from '@touchstone/kernel';
import { REQUESTS_PER_MINUTE } from './rate.js';

/** The environment of a service that runs as its own process. */
export interface ServiceConfig {
  readonly databaseUrl: string;
  readonly masterKey: Buffer;
  readonly port: number;
  readonly address: string;
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  readonly logLevel: string;
  /** Of one actor. */
  readonly requestsPerMinute: number;
  /** Left out: the service is live, but nobody hears it, and it is not ready. */
  readonly kafka?: KafkaConfig;
  /** For simulated data: the clock stands here until an operator moves it over HTTP. Only on loopback. */
  readonly simulatedClock?: Instant;
  /** Takes commands from the service's inbound topic, too. */
  readonly inbound?: boolean;
}

export interface KafkaConfig {
  readonly brokers: readonly string[];
  readonly tls: boolean;
  /** PEM file; only certificates signed by it are trusted. The system's authorities, when left out. */
  readonly caFile?: string;
  /** SASL/SCRAM-SHA-512. */
  readonly login?: { readonly username: string; readonly password: string };
  readonly prefix: string;
  readonly partitions: number;
}

export class BadConfiguration extends Error {
  readonly code = 'BAD_CONFIGURATION';
}

/** Reads and checks the environment; refuses to start when something is missing or wrong, and says all of it at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ServiceConfig {
  const problems: string[] = [];
  const need = (name: string, what: string, good: (value: string) => boolean): string => {
    const value = env[name] ?? '';
    if (!good(value)) problems.push(`${name}: ${what}`);
    return value;
  };
  const config = {
    databaseUrl: need('TOUCHSTONE_DATABASE_URL', "postgres:// address of the service's own database, as its application role", (value) => /^postgres(ql)?:\/\//.test(value)),
    masterKey: Buffer.from(need('TOUCHSTONE_MASTER_KEY', '32 bytes as 64 hexadecimal digits', (value) => /^[0-9a-f]{64}$/i.test(value)), 'hex'),
    issuer: need('TOUCHSTONE_ISSUER', 'the OpenID Connect issuer (claim iss)', (value) => value.length > 0),
    audience: need('TOUCHSTONE_AUDIENCE', 'the audience of its tokens (claim aud)', (value) => value.length > 0),
    jwksUrl: need('TOUCHSTONE_JWKS_URL', "https:// address of the issuer's keys", (value) => /^https:\/\/|^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(value)),
    port: Number(env['TOUCHSTONE_PORT'] ?? 8080),
    address: env['TOUCHSTONE_ADDRESS'] ?? '0.0.0.0',
    logLevel: env['TOUCHSTONE_LOG_LEVEL'] ?? 'info',
    requestsPerMinute: Number(env['TOUCHSTONE_REQUESTS_PER_MINUTE'] ?? REQUESTS_PER_MINUTE),
  };
  if (!Number.isInteger(config.port) || config.port < 0 || config.port > 65_535) problems.push('TOUCHSTONE_PORT: a port number');
  if (!Number.isInteger(config.requestsPerMinute) || config.requestsPerMinute < 1) problems.push('TOUCHSTONE_REQUESTS_PER_MINUTE: a positive whole number');
  const kafka = readKafka(env, problems);
  const simulatedClock = readClock(env, config, problems);
  const inbound = env['TOUCHSTONE_INBOUND'] ?? 'off';
  if (inbound !== 'on' && inbound !== 'off') problems.push('TOUCHSTONE_INBOUND: on or off');
  if (inbound === 'on' && !kafka) problems.push('TOUCHSTONE_INBOUND: on needs TOUCHSTONE_KAFKA_BROKERS');
  if (problems.length > 0) throw new BadConfiguration(`cannot start:\n  ${problems.join('\n  ')}`);
  return { ...config, ...(kafka && { kafka }), ...(simulatedClock !== undefined && { simulatedClock }), ...(inbound === 'on' && { inbound: true }) };
}

const ON_LOOPBACK = /^(127\.0\.0\.1|localhost|\[?::1\]?)$/;

/** Whoever moves the clock of real data falsifies them: so there is none where anybody but this machine is served, or signs tokens. */
function readClock(env: Readonly<Record<string, string | undefined>>, { address, jwksUrl }: Pick<ServiceConfig, 'address' | 'jwksUrl'>, problems: string[]): Instant | undefined {
  const wanted = env['TOUCHSTONE_SIMULATED_CLOCK'];
  if (wanted === undefined) return undefined;
  const at = instant(wanted);
  if (at === undefined) problems.push('TOUCHSTONE_SIMULATED_CLOCK: an instant with its zone, e.g. 2026-07-01T00:00:00Z');
  if (!ON_LOOPBACK.test(address) || !ON_LOOPBACK.test(URL.parse(jwksUrl)?.hostname ?? '')) {
    problems.push('TOUCHSTONE_SIMULATED_CLOCK: only where TOUCHSTONE_ADDRESS and TOUCHSTONE_JWKS_URL are on loopback');
  }
  return at;
}

/** How Kafka is reached, as services read it; undefined where no brokers are named. Throws {@link BadConfiguration}. */
export function readKafkaConfig(env: Readonly<Record<string, string | undefined>>): KafkaConfig | undefined {
  const problems: string[] = [];
  const kafka = readKafka(env, problems);
  if (problems.length > 0) throw new BadConfiguration(problems.join('; '));
  return kafka;
}

/** TLS unless all brokers are on this machine, or `TOUCHSTONE_KAFKA_TLS` says otherwise. */
function readKafka(env: Readonly<Record<string, string | undefined>>, problems: string[]): KafkaConfig | undefined {
  const listed = env['TOUCHSTONE_KAFKA_BROKERS'];
  if (listed === undefined) return undefined;
  const brokers = listed.split(',').map((broker) => broker.trim());
  if (!brokers.every((broker) => /^(\[[0-9a-f:]+\]|[^\s:]+):\d{1,5}$/i.test(broker))) problems.push('TOUCHSTONE_KAFKA_BROKERS: host:port, several with commas');
  const [tls, username, password, caFile] = ['TLS', 'USERNAME', 'PASSWORD', 'CA_FILE'].map((name) => env[`TOUCHSTONE_KAFKA_${name}`]);
  if (tls !== undefined && tls !== 'on' && tls !== 'off') problems.push('TOUCHSTONE_KAFKA_TLS: on or off');
  if ((username === undefined) !== (password === undefined)) problems.push('TOUCHSTONE_KAFKA_USERNAME, TOUCHSTONE_KAFKA_PASSWORD: both or neither');
  const partitions = Number(env['TOUCHSTONE_KAFKA_PARTITIONS'] ?? 6);
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > 10_000) problems.push('TOUCHSTONE_KAFKA_PARTITIONS: a positive whole number, the same for all services and for ever');
  const prefix = env['TOUCHSTONE_KAFKA_PREFIX'] ?? '';
  if (!/^[a-zA-Z0-9._-]{0,100}$/.test(prefix)) problems.push('TOUCHSTONE_KAFKA_PREFIX: letters, digits, dots, dashes');
  const here = brokers.every((broker) => /^(127\.0\.0\.1|localhost|\[::1\]):/.test(broker));
  return {
    brokers, prefix, partitions, tls: tls === undefined ? !here : tls === 'on',
    ...(caFile !== undefined && { caFile }), ...(username !== undefined && password !== undefined && { login: { username, password } }),
  };
}
