/**
 * `touchstone contracts …`: what outsiders may rely on. It guards that a released event stays what it was, writes the reference
 * that people and programs read, and says whom to tell when a version goes.
 */
import { isAbsolute, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Finding, Release } from '@touchstone/contracts/compatibility';
import type { Desk } from '../analysis.js';
import { Unusable } from '../api.js';
import { printable } from '../terminal.js';
import type { AccessRule } from './access-lists.js';
import { accessRules, aclCommands, withPrefix } from './access-lists.js';
import { checkContracts, readRepository } from './check-contracts.js';
import { inboundRules, senderRules } from './inbound-access.js';
import { lineOf } from './releases.js';
import { Repository } from './repository.js';

interface Common {
  readonly in: string;
  readonly json?: boolean;
}

export interface ContractsDesk extends Desk {
  /** Done, but look at the result. */
  readonly needsAttention: () => void;
}

const EXAMPLES = `
Examples:
  touchstone contracts check --against origin/main
  touchstone contracts consumers feedback.ComplaintReceived.v1
  touchstone contracts acls --bootstrap kafka-1:9093 > acls.sh
`;

export function addContracts(program: Command, desk: ContractsDesk): void {
  const contracts = program.command('contracts').description('public events: check, release, and who reads them; in a checkout, no platform needed')
    .addHelpText('after', EXAMPLES).action((_options: unknown, command: Command) => command.help({ error: true }));
  const inCheckout = (command: Command) => command.option('--in <folder>', 'root of the checkout', '.');
  const tell = (command: Command, answer: unknown, text: string): void =>
    void desk.stdout.write(command.optsWithGlobals<Common>().json ? `${JSON.stringify(answer, null, 2)}\n` : text);

  inCheckout(contracts.command('check').description('refuse edits of released events, incompatible new versions, ends without notice, and a reference that is out of date'))
    .option('--against <place>', 'git ref or folder of a checkout whose releases count as well')
    .action(async ({ in: folder, against }: Common & { against?: string }, command: Command) => {
      const checked = await check(at(folder), against);
      if (checked.findings.length > 0) desk.needsAttention();
      tell(command, checked, checkedText(checked.findings, checked.unreleased, checked.released));
    });
  inCheckout(contracts.command('release').description('add what is new to the record of releases: from then on it cannot be edited'))
    .action(async ({ in: folder }: Common, command: Command) => {
      const { findings, unreleased: fresh, released } = await check(at(folder), undefined, false);
      if (findings.length > 0) {
        desk.needsAttention();
        tell(command, { added: [], findings }, checkedText(findings, [], released));
        return;
      }
      await at(folder).addToRecord(fresh.map(lineOf));
      await write(at(folder));
      tell(command, { added: fresh.map(({ kind, type }) => ({ kind, type })), findings }, fresh.length === 0 ? 'nothing is new\n' : fresh.map((each) => `${each.kind} of ${each.type} released\n`).join(''));
    });
  inCheckout(contracts.command('write').description('write the reference of public events from the contracts'))
    .action(async ({ in: folder }: Common, command: Command) => {
      const written = await write(at(folder));
      tell(command, { written }, written.length === 0 ? 'as it was\n' : written.map((path) => `${path}\n`).join(''));
    });
  inCheckout(contracts.command('consumers').description('who reads an event: services, and registered consumers with whom to tell')).argument('<event>', 'e.g. control.LotRejected.v1')
    .action(async (type: string, { in: folder }: Common, command: Command) => {
      const { readers, text } = await consumersOf(type, at(folder));
      tell(command, readers, text);
    });
  inCheckout(contracts.command('acls').description('rights on topics for each service and registered consumer, as commands of kafka-acls'))
    .option('--bootstrap <address>', 'address of the broker', 'localhost:9092').option('--prefix <text>', 'before the name of each topic and group, as TOUCHSTONE_KAFKA_PREFIX', '')
    .option('--sender <name=service>', 'with the rights of a system that sends commands to a service, and of that service to take them; may be repeated', (text: string, before: readonly string[]) => [...before, text], [])
    .action(async ({ in: folder, bootstrap, prefix, sender }: Common & { bootstrap: string; prefix: string; sender: readonly string[] }, command: Command) => {
      if (!/^[\w.:,[\]-]+$/.test(bootstrap)) throw new Unusable('--bootstrap takes addresses such as kafka-1:9093,kafka-2:9093');
      if (!/^[\w.-]{0,100}$/.test(prefix)) throw new Unusable('--prefix takes letters, digits, dots and dashes');
      const { services } = await import('./landscape.js');
      const { consumers } = await readRepository(at(folder));
      const rules = withPrefix([...accessRules(services, consumers), ...inboundOf(sender, services.map(({ name }) => name))], prefix);
      tell(command, rules, aclCommands(rules, bootstrap).map((line) => `${line}\n`).join(''));
    });
}

function inboundOf(senders: readonly string[], services: readonly string[]): AccessRule[] {
  const pairs = senders.map((text) => {
    const [, name = '', service = ''] = /^([a-z][a-z0-9-]{0,60})=([a-z]+)$/.exec(text) ?? [];
    if (!services.includes(service) || services.includes(name)) throw new Unusable(`--sender takes <name>=<service>, such as erp=planning, with a name that no service has: ${services.join(', ')}`);
    return { name, service };
  });
  return [...new Set(pairs.map(({ service }) => service))].flatMap(inboundRules).concat(pairs.flatMap(({ name, service }) => senderRules(name, service)));
}

const at = (folder: string): Repository => new Repository(isAbsolute(folder) ? folder : resolve(process.cwd(), folder));
const today = (): string => new Date().toISOString().slice(0, 10);

async function check(repository: Repository, against?: string, withReference = true) {
  const [{ contracts }, { outOfDate, reference }] = await Promise.all([import('./landscape.js'), import('./reference.js')]);
  const read = await readRepository(repository, against);
  const checked = checkContracts(read, contracts, today());
  const drift = withReference ? outOfDate(reference(read), await repository.reference()) : [];
  return { ...checked, findings: [...checked.findings, ...drift] };
}

async function write(repository: Repository): Promise<string[]> {
  const { outOfDate, reference } = await import('./reference.js');
  const expected = reference(await readRepository(repository));
  const wrong = outOfDate(expected, await repository.reference()).map(({ of }) => of);
  for (const path of wrong) {
    const text = expected.get(path);
    await (text === undefined ? repository.remove(path) : repository.write(path, text));
  }
  return wrong;
}

async function consumersOf(type: string, repository: Repository) {
  const { contracts, usersOf } = await import('./landscape.js');
  const event = contracts.events.find((each) => each.type === type);
  if (!event) throw new Unusable(`there is no public event ${type}: docs/reference/events lists them`);
  const inside = usersOf(event).map(({ service, handlers }) => ({ service, handlers: handlers.map(({ kind, name }) => `${kind} ${name}`) }));
  const outside = (await readRepository(repository)).consumers.filter(({ events }) => events.includes(type)).map(({ name, contact, groups, readsPersonal }) => ({ name, contact, groups, readsPersonal }));
  const lines = [
    ...inside.map(({ service, handlers }) => `${service}: ${handlers.join(', ') || 'takes it in, and does nothing with it yet'}`),
    ...outside.map(({ name, contact }) => `${name} (outside): tell ${contact}`),
  ];
  return { readers: { event: type, services: inside, registered: outside }, text: lines.length === 0 ? 'nobody reads it\n' : lines.map((line) => `${printable(line)}\n`).join('') };
}

function checkedText(findings: readonly Finding[], fresh: readonly Release[], released: number): string {
  const lines = [
    ...findings.map(({ rule, of, at: place, message }) => `${rule}  ${of}${place && ` ${place}`}: ${message}`),
    ...fresh.map(({ kind, type }) => `not released yet: ${kind} of ${type}`),
    findings.length === 0 ? `${released} released versions stand as they were` : `${findings.length} found`,
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}
