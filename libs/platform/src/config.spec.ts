import { BadConfiguration, readConfig } from './config.js';

const good = {
  TOUCHSTONE_DATABASE_URL: 'postgres://control_app:secret@db/control', TOUCHSTONE_MASTER_KEY: '0f'.repeat(32), TOUCHSTONE_ISSUER: 'https://id.example',
  TOUCHSTONE_AUDIENCE: 'touchstone', TOUCHSTONE_JWKS_URL: 'https://id.example/jwks',
};

const refusal = (env: Record<string, string | undefined>): string => {
  try {
    readConfig(env);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(BadConfiguration);
    return (error as Error).message;
  }
};

describe('the environment of a service', () => {
  it('is read, with defaults only where nothing secret or foreign is meant', () => {
    expect(readConfig(good)).toEqual({
      databaseUrl: 'postgres://control_app:secret@db/control', masterKey: Buffer.alloc(32, 0x0f), issuer: 'https://id.example', audience: 'touchstone',
      jwksUrl: 'https://id.example/jwks', port: 8080, address: '0.0.0.0', logLevel: 'info', requestsPerMinute: 6_000,
    });
  });

  it('is refused with everything that is wrong at once', () => {
    expect(refusal({}).split('\n').map((line) => line.trim().split(':', 1)[0])).toEqual([
      'cannot start', 'TOUCHSTONE_DATABASE_URL', 'TOUCHSTONE_MASTER_KEY', 'TOUCHSTONE_ISSUER', 'TOUCHSTONE_AUDIENCE', 'TOUCHSTONE_JWKS_URL',
    ]);
    expect(refusal({ ...good, TOUCHSTONE_MASTER_KEY: 'short', TOUCHSTONE_PORT: '80a' })).toMatch(/MASTER_KEY[^]*PORT/);
    expect(refusal({ ...good, TOUCHSTONE_REQUESTS_PER_MINUTE: '0' })).toMatch(/REQUESTS_PER_MINUTE: a positive/);
  });

  it('does not repeat a secret in what it refuses', () => {
    expect(refusal({ ...good, TOUCHSTONE_MASTER_KEY: 'not-hex-but-secret', TOUCHSTONE_DATABASE_URL: 'mysql://u:hunter2@db' })).not.toMatch(/not-hex|hunter2/);
  });

  it.each<[string, string, boolean]>([
    ['http://127.0.0.1:4000/jwks', 'of this machine', true], ['http://id.example/jwks', 'in the clear', false],
    ['http://localhost.evil.example/jwks', 'of a name that only begins like this machine', false],
  ])('takes keys from %s (%s): %p', (jwksUrl, _, taken) => {
    expect(refusal({ ...good, TOUCHSTONE_JWKS_URL: jwksUrl }) === '').toBe(taken);
  });
});
