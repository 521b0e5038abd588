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

  it('turns the inbound topic on where there is Kafka', () => {
    const kafka = { ...good, TOUCHSTONE_KAFKA_BROKERS: '127.0.0.1:9092' };
    expect([readConfig(kafka).inbound, readConfig({ ...kafka, TOUCHSTONE_INBOUND: 'on' }).inbound]).toEqual([undefined, true]);
    expect(refusal({ ...kafka, TOUCHSTONE_INBOUND: 'yes' })).toMatch(/TOUCHSTONE_INBOUND: on or off/);
    expect(refusal({ ...good, TOUCHSTONE_INBOUND: 'on' })).toMatch(/TOUCHSTONE_INBOUND: on needs TOUCHSTONE_KAFKA_BROKERS/);
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

  describe('for a simulated clock', () => {
    const here = { ...good, TOUCHSTONE_ADDRESS: '127.0.0.1', TOUCHSTONE_JWKS_URL: 'http://127.0.0.1:4000/jwks' };
    const at = '2026-07-01T02:00:00+02:00';

    it('has none unless it is asked for', () => {
      expect(readConfig(here).simulatedClock).toBeUndefined();
      expect(readConfig({ ...here, TOUCHSTONE_SIMULATED_CLOCK: at }).simulatedClock).toBe('2026-07-01T00:00:00.000Z');
    });

    it.each<[string, Record<string, string | undefined>]>([
      ['where anybody can reach it', { TOUCHSTONE_ADDRESS: undefined }], ['where others sign the tokens', { TOUCHSTONE_JWKS_URL: 'https://id.example/jwks' }],
      ['where the issuer only begins like this machine', { TOUCHSTONE_JWKS_URL: 'https://127.0.0.1.evil.example/jwks' }],
    ])('is refused %s', (_where, change) => {
      expect(refusal({ ...here, TOUCHSTONE_SIMULATED_CLOCK: at, ...change })).toContain('only where TOUCHSTONE_ADDRESS and TOUCHSTONE_JWKS_URL are on loopback');
    });

    it('is refused without a zone', () => {
      expect(refusal({ ...here, TOUCHSTONE_SIMULATED_CLOCK: '2026-07-01T00:00:00' })).toContain('an instant with its zone');
    });
  });

  describe('for Kafka', () => {
    const kafkaOf = (env: Record<string, string>) => readConfig({ ...good, ...env }).kafka;

    it('is not needed, and then the service has none', () => {
      expect(kafkaOf({})).toBeUndefined();
    });

    it('asks for TLS unless all brokers are on this machine, or it is said otherwise', () => {
      expect(kafkaOf({ TOUCHSTONE_KAFKA_BROKERS: '127.0.0.1:9092' })).toEqual({ brokers: ['127.0.0.1:9092'], tls: false, prefix: '', partitions: 6 });
      expect(kafkaOf({ TOUCHSTONE_KAFKA_BROKERS: '127.0.0.1:9092, kafka-2:9092' })).toMatchObject({ brokers: ['127.0.0.1:9092', 'kafka-2:9092'], tls: true });
      expect(kafkaOf({ TOUCHSTONE_KAFKA_BROKERS: 'kafka-2:9092', TOUCHSTONE_KAFKA_TLS: 'off' })?.tls).toBe(false);
      expect(kafkaOf({ TOUCHSTONE_KAFKA_BROKERS: '127.0.0.1:9092', TOUCHSTONE_KAFKA_TLS: 'on', TOUCHSTONE_KAFKA_CA_FILE: '/ca.pem' })).toMatchObject({ tls: true, caFile: '/ca.pem' });
    });

    it('takes a name with its password, never one of them, and does not repeat it', () => {
      const access = { TOUCHSTONE_KAFKA_BROKERS: 'kafka:9092', TOUCHSTONE_KAFKA_USERNAME: 'control', TOUCHSTONE_KAFKA_PASSWORD: 'hunter2' };
      expect(kafkaOf(access)?.login).toEqual({ username: 'control', password: 'hunter2' });
      expect(refusal({ ...good, ...access, TOUCHSTONE_KAFKA_USERNAME: undefined })).toMatch(/both or neither/);
      expect(refusal({ ...good, ...access, TOUCHSTONE_KAFKA_USERNAME: undefined })).not.toMatch(/hunter2/);
    });

    it('is refused with everything that is wrong at once', () => {
      expect(refusal({ ...good, TOUCHSTONE_KAFKA_BROKERS: 'kafka', TOUCHSTONE_KAFKA_TLS: 'yes', TOUCHSTONE_KAFKA_PARTITIONS: '0', TOUCHSTONE_KAFKA_PREFIX: 'a b' })).toMatch(/BROKERS[^]*TLS[^]*PARTITIONS[^]*PREFIX/);
    });
  });
});
