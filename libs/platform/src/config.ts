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
  if (problems.length > 0) throw new BadConfiguration(`cannot start:\n  ${problems.join('\n  ')}`);
  return config;
}
