import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Clock } from '@touchstone/kernel';
import { migrate } from '@touchstone/event-store';
import type { LocalPostgres } from '@touchstone/event-store/local';
import { secret, startLocalPostgres } from '@touchstone/event-store/local';
import type { LocalIssuer } from '@touchstone/platform';
import { localIssuer, SimulatedData } from '@touchstone/platform';

export interface HomeOptions {
  /** Everything that is kept: databases, keys, the issuer's key. Made when missing. */
  readonly dataDir: string;
  /** Named in every event id; a random name when left out. Given once: the folder keeps it. */
  readonly deployment?: string;
  readonly clock: Clock;
  readonly services: readonly string[];
}

/** What one service has to itself. */
export interface Private {
  /** Of its own database, as its application role. */
  readonly databaseUrl: string;
  /** 32 bytes that wrap the keys of subjects. */
  readonly masterKey: Buffer;
}

/** The folder of a platform on this machine, with its PostgreSQL running and the database of each service at the newest schema. */
export interface Home {
  readonly folder: string;
  readonly postgres: LocalPostgres;
  readonly issuer: LocalIssuer;
  readonly services: ReadonlyMap<string, Private>;
  /** Resolves when the PostgreSQL has ended and nobody stopped it. Nothing can be taken any more: the host ends too, and is started again. */
  readonly databaseLost: Promise<void>;
  close(): Promise<void>;
}

export async function openHome({ dataDir, deployment: wanted, clock, services }: HomeOptions): Promise<Home> {
  const folder = resolve(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const deployment = identity(folder, wanted, clock);
  const postgres = await startLocalPostgres({ dataDir: join(folder, 'postgres') });
  try {
    const issuer = await localIssuer(join(folder, 'issuer-key.pem'));
    const owned = new Map<string, Private>();
    for (const name of services) {
      const databaseUrl = await postgres.createDatabase(name, secret(join(folder, `${name}-password`)));
      await migrate({ ownerUrl: postgres.ownerUrl(name), applicationRole: `${name}_app`, logId: `${name}.${deployment}.1` });
      owned.set(name, { databaseUrl, masterKey: Buffer.from(secret(join(folder, `${name}-master-key`), 32), 'hex') });
    }
    const watch = watchDatabase(postgres);
    const close = () => {
      watch.end();
      return postgres.stop();
    };
    return { folder, postgres, issuer, services: owned, databaseLost: watch.lost, close };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** The folder's name and its kind of time: data made under a simulated clock are never continued under the real one. */
function identity(home: string, wanted: string | undefined, clock: Clock): string {
  const file = join(home, 'deployment.json');
  if (!existsSync(file)) {
    const deployment = wanted ?? secret(join(home, 'deployment-name'), 8);
    writeFileSync(file, JSON.stringify({ deployment, simulated: clock.simulated }), { mode: 0o600 });
  }
  const { deployment, simulated } = JSON.parse(readFileSync(file, 'utf8')) as { deployment: string; simulated: boolean };
  if (simulated !== clock.simulated) {
    throw new SimulatedData(`${home} holds ${simulated ? 'simulated' : 'real'} data: give another --data folder${simulated ? ', or --simulated-clock' : ''}`);
  }
  return deployment;
}

const WATCH_MS = 250;

function watchDatabase({ pid }: LocalPostgres): { readonly lost: Promise<void>; end(): void } {
  const { promise: lost, resolve: tell } = Promise.withResolvers<void>();
  const timer = setInterval(() => {
    try {
      process.kill(pid, 0); // only asks
    } catch {
      clearInterval(timer);
      tell();
    }
  }, WATCH_MS).unref();
  return { lost, end: () => clearInterval(timer) };
}
