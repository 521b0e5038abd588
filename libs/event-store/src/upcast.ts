/**
 * Upcasting on read: an event stored in an older version is understood as the newest one, everywhere at once. It guards that
 * there is one way from each old version to the newest and that nobody writes a version that has a successor. Stored bytes,
 * hashes, the relay and the export never see it.
 */
import { createHash } from 'node:crypto';
import type { Upcaster } from '@touchstone/kernel';

/** The versions of events do not fit together: nothing starts. The message names everything that is wrong. */
export class EventVersionsBroken extends Error {
  readonly code = 'EVENT_VERSIONS_BROKEN';
  constructor(readonly findings: readonly string[]) {
    super(findings.join('\n'));
  }
}

/** A decider yielded an event that may not be written: of a retired version, or neither public nor declared by its slice. */
export class EventNotWritable extends Error {
  readonly code = 'EVENT_NOT_WRITABLE';
}

const VERSIONED = /^(.+)\.v([1-9]\d*)$/;

/** The chain of upcasters over event types. Throws {@link EventVersionsBroken} unless each leads to the next version, and one from each type. */
export class Upcasting {
  private readonly next: ReadonlyMap<string, Upcaster>;
  /** SHA-256 over the source text of all upcasters: a state that was folded from what they made is another one when it moves. */
  readonly hash: string;

  constructor(readonly upcasters: readonly Upcaster[]) {
    const steps = upcasters.filter(({ from, to }) => to !== nextVersion(from)).map(({ from, to }) => `${from} → ${to}: an upcaster leads to the next version of the same event`);
    const forks = upcasters.filter(({ from }, index) => upcasters.findIndex((other) => other.from === from) < index).map(({ from }) => `${from}: two upcasters begin here`);
    if (steps.length + forks.length > 0) throw new EventVersionsBroken([...steps, ...forks]);
    this.next = new Map(upcasters.map((each) => [each.from, each]));
    const texts = upcasters.map(({ from, upcast }) => `${from}\n${String(upcast)}`).toSorted();
    this.hash = createHash('sha256').update(texts.join('\n\n')).digest('hex');
  }

  /** The event in the newest version; the same `data` when it is that already. */
  upcast(type: string, data: unknown): { type: string; data: unknown; recordedAs?: string } {
    let step = this.next.get(type);
    if (!step) return { type, data };
    let read = data;
    let newest = type;
    for (; step; step = this.next.get(newest)) {
      read = step.upcast(read);
      newest = step.to;
    }
    return { type: newest, data: read, recordedAs: type };
  }

  /** The newest version of the type. */
  newest(type: string): string {
    let newest = type;
    for (let step = this.next.get(type); step; step = this.next.get(newest)) newest = step.to;
    return newest;
  }

  /** True for a version that has a successor: it is read for ever, and never written again. */
  isRetired(type: string): boolean {
    return this.next.has(type);
  }

  /** These types and all older versions that are read as them: what to ask a log for, which knows stored types only. */
  withAncestors(types: readonly string[]): string[] {
    const wanted = new Set(types);
    return [...wanted, ...[...this.next.keys()].filter((from) => !wanted.has(from) && wanted.has(this.newest(from)))];
  }
}

/** Where every event has one version. */
export const noUpcasting = new Upcasting([]);

/** `control.LotMoved` and 2 of `control.LotMoved.v2`; a type without a version has none. */
function versionOf(type: string): { name: string; version: number } | undefined {
  const [, name = '', version] = VERSIONED.exec(type) ?? [];
  return version === undefined ? undefined : { name, version: Number(version) };
}

function nextVersion(type: string): string | undefined {
  const at = versionOf(type);
  return at && `${at.name}.v${at.version + 1}`;
}

/** What is declared about events in a service. */
export interface DeclaredEvents {
  /** Types that a contract or a slice declares, in any version. */
  readonly known: readonly string[];
  /** Of those, what deciders still write. */
  readonly written: readonly string[];
  /** Types that handlers name, with who does. */
  readonly wanted: readonly { readonly type: string; readonly by: string }[];
}

/** Throws {@link EventVersionsBroken} unless every declared version is either still written or read as the newest one. */
export function checkVersions(upcasting: Upcasting, { known, written, wanted }: DeclaredEvents): void {
  const declared = new Set(known);
  const versions = [...new Set([...known, ...upcasting.upcasters.map(({ from }) => from)])].flatMap((type) => versionOf(type) ?? []);
  const gaps = [...Map.groupBy(versions, ({ name }) => name)].flatMap(([name, all]) => {
    const older = Array.from({ length: Math.max(...all.map(({ version }) => version)) - 1 }, (_, index) => `${name}.v${index + 1}`);
    return older.filter((type) => !upcasting.isRetired(type) && !written.includes(type)).map((type) => `${type}: no upcaster leads on from here, and nobody writes it`);
  });
  const ends = upcasting.upcasters.filter(({ to }) => !upcasting.isRetired(to) && !declared.has(to)).map(({ to }) => `${to}: upcasters end here, but no contract and no slice declares it`);
  const both = written.filter((type) => upcasting.isRetired(type)).map((type) => `${type}: has an upcaster and is still written`);
  const late = wanted.filter(({ type }) => upcasting.isRetired(type)).map(({ type, by }) => `${by} names ${type}: handlers name the newest version, ${upcasting.newest(type)}`);
  const findings = [...gaps, ...ends, ...both, ...late];
  if (findings.length > 0) throw new EventVersionsBroken(findings);
}
