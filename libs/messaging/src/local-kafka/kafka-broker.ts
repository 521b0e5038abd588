/**
 * A real Kafka broker on loopback, in KRaft mode with one node, without a container: for specs, chaos runs and a cluster of
 * processes on one machine. It guards that tests of the transport meet the real thing: killed, frozen and started again.
 */
import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaPrograms } from './kafka-programs.js';

const run = promisify(execFile);

const START_MS = 60_000;
const HEAP = ['-Xms128m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

export interface KafkaBrokerOptions {
  /** Kept between starts; a temporary one that goes with {@link KafkaBroker.remove}, when left out. */
  readonly dataDir?: string;
  /** With it clients log in by SCRAM-SHA-512 and may do only what an ACL allows; the user `admin` may do everything. */
  readonly passwords?: Readonly<Record<string, string>> & { readonly admin: string };
  /** With it clients must speak TLS: a PKCS #12 file with key and certificate. */
  readonly certificate?: { readonly keystore: string; readonly password: string };
  /** Clients are told this port, behind which somebody leads them to {@link KafkaBroker.port}; the broker's own, when left out. */
  readonly doorPort?: number;
}

export interface KafkaBroker {
  /** `host:port`, the same after each restart. */
  readonly brokers: readonly string[];
  /** Where it listens itself. */
  readonly port: number;
  readonly pid: number;
  /** In order. */
  stop(): Promise<void>;
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open, nobody answers; as a disk that hangs would. */
  freeze(): void;
  thaw(): void;
  /** On the same data and ports, after {@link stop} or {@link kill}. */
  start(): Promise<void>;
  /** Stops it; temporary data are removed. */
  remove(): Promise<void>;
}

/** What a spec is given: brokers to use, or why there are none. */
export type FoundKafka = { readonly broker: KafkaBroker } | { readonly why: string };

/** Starts a broker where Java is; says why not elsewhere. */
export async function startKafka(options: KafkaBrokerOptions = {}): Promise<FoundKafka> {
  const programs = await kafkaPrograms();
  if ('why' in programs) return programs;
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'touchstone-kafka-'));
  const broker = new LocalBroker(programs.java, programs.jars, dataDir, options.dataDir === undefined, await freePorts(3), options);
  await broker.start();
  return { broker };
}

type Settings = Pick<KafkaBrokerOptions, 'passwords' | 'certificate' | 'doorPort'>;

class LocalBroker implements KafkaBroker {
  private child?: ChildProcess;
  private guard?: ChildProcess;
  private readonly config: string;

  constructor(
    private readonly java: string, private readonly jars: string, private readonly dataDir: string, private readonly temporary: boolean,
    private readonly ports: readonly number[], private readonly options: Settings,
  ) {
    this.config = join(dataDir, 'server.properties');
  }

  get brokers(): readonly string[] {
    return [`127.0.0.1:${this.options.doorPort ?? this.port}`];
  }

  get port(): number {
    return this.ports[0] ?? 0;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  async start(): Promise<void> {
    const logConfig = join(this.dataDir, 'log4j2.properties');
    const jvm = [...HEAP, `-Dlog4j2.configurationFile=${logConfig}`, '-cp', join(this.jars, '*')];
    mkdirSync(this.dataDir, { recursive: true });
    writeFileSync(logConfig, LOGGING);
    writeFileSync(this.config, settings(this.dataDir, this.ports, this.options));
    if (!existsSync(join(this.dataDir, 'log', 'meta.properties'))) {
      const users = Object.entries(this.options.passwords ?? {}).flatMap(([name, password]) => ['--add-scram', `SCRAM-SHA-512=[name=${name},password=${password}]`]);
      await run(this.java, [...jvm, 'kafka.tools.StorageTool', 'format', '-t', 'dG91Y2hzdG9uZS10ZXN0cw', '-c', this.config, ...users]);
    }
    const child = spawn(this.java, [...jvm, 'kafka.Kafka', this.config], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.child = child;
    this.guard = watch(child.pid ?? 0, this.temporary ? this.dataDir : undefined);
    await started(child);
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async remove(): Promise<void> {
    await (this.temporary ? this.kill() : this.stop());
    if (this.temporary) rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 5 });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    this.guard?.kill();
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGCONT'); // a frozen one would not hear SIGTERM
    child.kill(signal);
    await once(child, 'exit');
  }
}

async function started(child: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const failed = (why: string) => reject(new Error(`Kafka ${why}: ${said.slice(-2_000)}`));
    const timer = setTimeout(() => failed(`did not start in ${START_MS} ms`), START_MS);
    const hear = (text: string) => {
      said = (said + text).slice(-20_000);
      if (said.includes('Kafka Server started')) {
        clearTimeout(timer);
        resolve();
      }
    };
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    child.once('error', (error) => failed(error.message));
    child.once('exit', (code) => {
      clearTimeout(timer);
      failed(`ended with ${code}`);
    });
  });
}

const LOGGING = `rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c{1} %m%n
logger.started.name = kafka.server.KafkaRaftServer
logger.started.level = info
`;

/** Each client finds `brokers`; the broker itself and the controller talk on ports of their own. */
function settings(dataDir: string, [client, controller, internal]: readonly number[], { passwords, certificate, doorPort = client }: Settings): string {
  const protocol = `${passwords ? 'SASL_' : ''}${certificate ? 'SSL' : 'PLAINTEXT'}`;
  return Object.entries({
    'process.roles': 'broker,controller', 'node.id': 1, 'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `CLIENT://127.0.0.1:${client},CONTROLLER://127.0.0.1:${controller},INTERNAL://127.0.0.1:${internal}`,
    'advertised.listeners': `CLIENT://127.0.0.1:${doorPort},INTERNAL://127.0.0.1:${internal}`,
    'listener.security.protocol.map': `CLIENT:${protocol},CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT`,
    'inter.broker.listener.name': 'INTERNAL', 'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(dataDir, 'log'), 'auto.create.topics.enable': false, 'group.initial.rebalance.delay.ms': 0, 'group.min.session.timeout.ms': 1_000,
    'offsets.topic.replication.factor': 1, 'offsets.topic.num.partitions': 3,
    'transaction.state.log.replication.factor': 1, 'transaction.state.log.min.isr': 1, 'transaction.state.log.num.partitions': 3,
    'share.coordinator.state.topic.replication.factor': 1, 'share.coordinator.state.topic.min.isr': 1,
    ...(certificate && {
      'listener.name.client.ssl.keystore.type': 'PKCS12', 'listener.name.client.ssl.keystore.location': certificate.keystore,
      'listener.name.client.ssl.keystore.password': certificate.password, 'listener.name.client.ssl.key.password': certificate.password,
    }),
    ...(passwords && {
      'sasl.enabled.mechanisms': 'SCRAM-SHA-512', 'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      // Without a name are only the broker and the controller, on their own ports.
      'super.users': 'User:admin;User:ANONYMOUS',
      'listener.name.client.scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    }),
  }).map(([name, value]) => `${name}=${value}\n`).join('');
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  return Promise.all(servers.map(async (server) => {
    if (!server.listening) await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  })).finally(() => Promise.all(servers.map((server) => new Promise((closed) => server.close(closed)))));
}

/** The broker outlives a test process that is killed; this one notices, by the pipe that closes, and clears up after it. */
function watch(pid: number, folder: string | undefined): ChildProcess {
  const remove = folder === undefined ? '' : `setTimeout(() => require('node:fs').rmSync(${JSON.stringify(folder)}, { recursive: true, force: true, maxRetries: 5 }), 1000);`;
  const guard = spawn(process.execPath, ['-e', `process.stdin.resume().on('end', () => { try { process.kill(${pid}, 'SIGKILL'); } catch {} ${remove} })`], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.on('error', () => undefined);
  guard.unref();
  return guard;
}
