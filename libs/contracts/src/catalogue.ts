import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { TSchema } from '@sinclair/typebox';
import type { DomainEvent, Upcaster } from '@touchstone/kernel';
import type { Downcaster, PublicEvent } from './define-event.js';

export interface PersonalPath {
  readonly path: string;
  readonly subject: string;
}

/** An event's body does not keep its contract: a bug of the producer, or poison on a topic. */
export class ContractBroken extends Error {
  readonly code = 'CONTRACT_BROKEN';
}

interface Entry {
  readonly event: PublicEvent<string, TSchema>;
  readonly validate: ValidateFunction;
  readonly personal: readonly PersonalPath[];
}

/** What is declared beside the events themselves. */
export interface Versions {
  /** From an older version of a public event to the next. */
  readonly upcasters?: readonly Upcaster[];
  /** From a newer version to the one before, for as long as that is published beside it. */
  readonly downcasters?: readonly Downcaster[];
  /** Of the versions that are still written. */
  readonly makers?: readonly { readonly type: string }[];
}

/** All public events by type. An event is public because it stands here; other types stay private to their slice. */
export class Catalogue {
  private readonly entries: ReadonlyMap<string, Entry>;

  readonly upcasters: readonly Upcaster[];
  private readonly downcasters: ReadonlyMap<string, Downcaster>;
  private readonly written: ReadonlySet<string>;

  constructor(events: readonly PublicEvent<string, TSchema>[], { upcasters = [], downcasters = [], makers = [] }: Versions = {}) {
    const ajv = new Ajv2020({ strict: true, strictSchema: true, strictTypes: false, allErrors: false, keywords: ['personal', 'unit'] });
    (addFormats as unknown as (instance: Ajv2020) => void)(ajv);
    this.entries = new Map(events.map((event) => [event.type, { event, validate: ajv.compile(event.data), personal: personalPaths(event.data) }]));
    if (this.entries.size !== events.length) throw new Error('two public events have the same type');
    const undeclared = [...upcasters, ...downcasters].flatMap(({ from, to }) => [from, to]).find((type) => !this.entries.has(type));
    if (undeclared !== undefined) throw new Error(`${undeclared} has an upcaster or downcaster, but no contract: an old version keeps its own`);
    this.upcasters = upcasters;
    this.downcasters = new Map(downcasters.map((each) => [each.from, each]));
    this.written = new Set(makers.map(({ type }) => type));
  }

  get events(): readonly PublicEvent<string, TSchema>[] {
    return [...this.entries.values()].map(({ event }) => event);
  }

  isPublic(type: string): boolean {
    return this.entries.has(type);
  }

  /** False for an older version that is read, but that nobody makes any more. */
  isWritten(type: string): boolean {
    return this.written.has(type);
  }

  /** Whether events of the type still come on its topic: written, or made from the version after it. */
  isPublished(type: string): boolean {
    return this.isWritten(type) || [...this.downcasters.values()].some(({ from, to }) => to === type && this.isPublished(from));
  }

  /** The event as the older versions say it that are still published beside its own; the newest of them first. */
  asOlderVersions(type: string, data: () => unknown): DomainEvent[] {
    const step = this.downcasters.get(type);
    if (!step) return [];
    const older = { type: step.to, data: step.downcast(data()) };
    return [older, ...this.asOlderVersions(older.type, () => older.data)];
  }

  personalFields(type: string): readonly PersonalPath[] {
    return this.entries.get(type)?.personal ?? [];
  }

  /** Throws {@link ContractBroken} when a public event's body is not as declared; other types pass. */
  check({ type, data }: DomainEvent): void {
    const entry = this.entries.get(type);
    if (!entry || entry.validate(data)) return;
    const [error] = entry.validate.errors ?? [];
    throw new ContractBroken(`${type}${error?.instancePath ?? ''}: ${error?.message ?? 'is not as declared'}`);
  }
}

function personalPaths(schema: TSchema, at: readonly string[] = []): PersonalPath[] {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, TSchema>);
  return properties.flatMap(([name, inner]) => {
    const mark = inner['personal'] as { subject: string } | undefined;
    const path = [...at, name];
    return mark ? [{ path: path.join('.'), subject: [...at, mark.subject].join('.') }] : personalPaths(inner, path);
  });
}
