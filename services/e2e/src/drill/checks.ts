import type { StoredEvent } from '@touchstone/event-store';
import type { DrillSite } from './site.js';

export interface Check {
  readonly what: string;
  /** What is off; nothing when it holds. */
  readonly findings: readonly string[];
}

export interface ListedEvent {
  readonly eventId: string;
  readonly service: string;
  readonly logId: string;
  readonly here?: object;
  readonly enteredAgain?: boolean;
}

/** What a service says of events that were withdrawn, page by page. */
export async function withdrawnAt(site: DrillSite, service: string): Promise<ListedEvent[]> {
  const all: ListedEvent[] = [];
  for (let after = '0'; ; ) {
    const { body } = await site.call(service, 'GET', `/withdrawn?after=${after}`, 'auditor');
    all.push(...(body['items'] as ListedEvent[]));
    if (body['next'] === undefined) return all;
    after = String(body['next']);
  }
}

/** All that must hold of all logs together, whatever was put back. */
export async function checkAll(site: DrillSite): Promise<Check[]> {
  const logs = new Map<string, readonly StoredEvent[]>();
  for (const [name, { runtime }] of site.services) logs.set(name, await allOf((seq) => runtime.options.store.readAll(seq, 1_000)));
  return [
    { what: 'every read model equals its rebuild', findings: await unequalModels(site) },
    { what: 'no id was given twice', findings: givenTwice(logs) },
    { what: 'what others hold is in its log, with the same bytes, or listed as withdrawn', findings: await unknownToTheirLog(site, logs) },
    { what: 'seq is dense, and versions are, on every stream', findings: [...logs].flatMap(([name, events]) => gaps(name, events)) },
    { what: 'nothing is parked, and every service is ready', findings: await notReady(site) },
  ];
}

async function allOf(page: (seq: number) => Promise<readonly StoredEvent[]>): Promise<StoredEvent[]> {
  const all: StoredEvent[] = [];
  for (let next = await page(0); next.length > 0; next = await page(all.length)) all.push(...next);
  return all;
}

async function unequalModels({ services }: DrillSite): Promise<string[]> {
  const findings: string[] = [];
  for (const [service, { runtime }] of services) {
    for (const name of runtime.models.keys()) {
      const { equal, seq } = await runtime.rebuild(name);
      if (!equal) findings.push(`${service}/${name} at ${seq}`);
    }
  }
  return findings;
}

/** Own events of all services, and what is evidence of an earlier epoch: each id stands for one event. */
function givenTwice(logs: ReadonlyMap<string, readonly StoredEvent[]>): string[] {
  const givenBy = new Map<string, string>();
  const findings: string[] = [];
  for (const [service, events] of logs) {
    for (const { id, stream } of events.filter((event) => !event.stream.includes('/') || event.type.startsWith('withdrawn:'))) {
      const before = givenBy.get(id);
      if (before !== undefined) findings.push(`${id}: ${before} and ${service}/${stream}`);
      givenBy.set(id, `${service}/${stream}`);
    }
  }
  return findings;
}

async function unknownToTheirLog(site: DrillSite, logs: ReadonlyMap<string, readonly StoredEvent[]>): Promise<string[]> {
  const findings: string[] = [];
  const own = new Map([...logs].map(([name, events]) => [name, new Map(events.map((event) => [event.id, event]))]));
  for (const [holder, events] of logs) {
    const withdrawn = new Set((await withdrawnAt(site, holder)).filter(({ here }) => here).map(({ eventId }) => eventId));
    for (const { id, stream, body, meta } of events) {
      const [producer = '', ...rest] = stream.split('/');
      const original = own.get(producer)?.get(id);
      if (rest.length === 0 || !own.has(producer)) continue;
      if (!original) findings.push(`${holder} holds ${id} on ${stream}, which ${producer} does not have`);
      else if (original.body !== body || original.meta !== meta) findings.push(`${holder} holds ${id} on ${stream} with other bytes`);
      else if (original.type.startsWith('withdrawn:') !== withdrawn.has(id)) findings.push(`${holder} ${withdrawn.has(id) ? 'lists' : 'does not list'} ${id} on ${stream} as withdrawn`);
    }
  }
  return findings;
}

function gaps(service: string, events: readonly StoredEvent[]): string[] {
  const versions = new Map<string, number>();
  return events.flatMap(({ seq, stream, version }, index) => {
    const expected = (versions.get(stream) ?? 0) + 1;
    versions.set(stream, version);
    return seq === index + 1 && version === expected ? [] : [`${service}: ${stream}@${version} at ${seq}`];
  });
}

async function notReady(site: DrillSite): Promise<string[]> {
  const findings: string[] = [];
  for (const name of site.services.keys()) {
    const { status, body } = await site.call(name, 'GET', '/health/ready', 'auditor');
    if (status !== 200) findings.push(`${name}: ${String(body['status'])}`);
    const parked = (await site.call(name, 'GET', '/parked', 'operator')).body['items'] as { stream: string; error: string }[];
    findings.push(...parked.map(({ stream, error }) => `${name}: ${stream} is parked: ${error}`));
  }
  return findings;
}
