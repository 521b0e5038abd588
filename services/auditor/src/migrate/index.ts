import type { Command } from 'commander';
import { Unusable } from '../api.js';
import { table } from '../terminal.js';
import type { Migrated } from './migrate.js';

export interface MigrateDesk {
  readonly width: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tell: (command: Command, answer: unknown, text: () => string) => void;
}

interface Given {
  readonly owner?: string;
  readonly deployment: string;
  readonly create?: boolean;
}

const PASSWORD = 'TOUCHSTONE_DATABASE_PASSWORD_';

/** `touchstone migrate`. */
export function addMigrate(program: Command, { width, env, tell }: MigrateDesk): void {
  program.command('migrate').description('bring databases of services to the schema that this version needs; safe to repeat, and while services run')
    .argument('<services...>', 'each has the database of its name, and the role <service>_app')
    .requiredOption('--deployment <name>', 'named in every event id; a log keeps the one that it was created with')
    .option('--owner <address>', 'PostgreSQL, as the role that owns the databases (better: TOUCHSTONE_OWNER_URL in the environment)')
    .option('--create', `make databases and roles that are not there; passwords are ${PASSWORD}<SERVICE> in the environment`)
    .action(async (services: string[], given: Given, command: Command) => {
      const { owner = env['TOUCHSTONE_OWNER_URL'], deployment, create } = given;
      if (owner === undefined) throw new Unusable('name the owner: TOUCHSTONE_OWNER_URL in the environment, or --owner <address>');
      if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(deployment)) throw new Unusable('--deployment must be 1 to 40 small letters, digits or dashes');
      const wrong = services.filter((service) => !/^[a-z][a-z0-9_]{0,39}$/.test(service));
      if (wrong.length > 0) throw new Unusable(`${wrong.join(', ')} names no service`);
      const passwords = create ? passwordsOf(services, env) : undefined;
      const { migrateAll } = await import('./migrate.js');
      const migrated = await migrateAll({ services, ownerUrl: owner, deployment, ...(passwords && { passwords }) });
      tell(command, migrated, () => migratedText(migrated, width));
    });
}

function passwordsOf(services: readonly string[], env: MigrateDesk['env']): Map<string, string> {
  const found = services.map((service) => [service, env[PASSWORD + service.toUpperCase()] ?? ''] as const);
  const missing = found.filter(([, password]) => password === '').map(([service]) => PASSWORD + service.toUpperCase());
  if (missing.length > 0) throw new Unusable(`--create needs ${missing.join(', ')} in the environment`);
  return new Map(found);
}

const COLUMNS = [{ heading: 'service' }, { heading: 'database' }, { heading: 'role' }, { heading: 'log' }, { heading: 'schema', align: 'right' as const }];

const migratedText = (migrated: readonly Migrated[], width: number): string =>
  table(COLUMNS, migrated.map(({ service, database, role, logId, schema: { before, now } }) => [service, database, role, logId, before === now ? String(now) : `${before} → ${now}`]), width);
