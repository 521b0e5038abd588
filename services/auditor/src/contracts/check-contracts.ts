import { checkReleases, unreleased } from '@touchstone/contracts/compatibility';
import type { Declared, Finding, Release } from '@touchstone/contracts/compatibility';
import { Unusable } from '../api.js';
import type { AnyPublicEvent } from '@touchstone/contracts';
import type { Repository } from './repository.js';
import { parseConsumers, unknownEvents } from './registry.js';
import type { Consumer } from './registry.js';
import { readReleases } from './releases.js';

/** What the check found. `findings` make it fail; `unreleased` is what `contracts release` would add. */
export interface Checked {
  readonly findings: readonly Finding[];
  readonly unreleased: readonly Release[];
  readonly released: number;
}

export interface Read {
  readonly releases: readonly Release[];
  readonly recordFindings: readonly Finding[];
  readonly consumers: readonly Consumer[];
}

export async function readRepository(repository: Repository, against?: string): Promise<Read> {
  const older = against === undefined ? '' : await repository.recordAt(against);
  const { releases, findings } = readReleases(await repository.record(), older);
  // What was released before is checked even where this checkout's record has lost it.
  const before = readReleases(older).releases.filter((each) => !releases.some((other) => other.kind === each.kind && other.type === each.type));
  return { releases: [...releases, ...before], recordFindings: findings, consumers: await consumersOf(repository) };
}

async function consumersOf(repository: Repository): Promise<readonly Consumer[]> {
  try {
    return parseConsumers(await repository.consumers());
  } catch (error) {
    throw error instanceof Unusable ? error : new Unusable(`consumers.json: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Everything but the drift of generated files. */
export function checkContracts({ releases, recordFindings, consumers }: Read, declared: Declared & { readonly events: readonly AnyPublicEvent[] }, today: string): Checked {
  return {
    findings: [...recordFindings, ...checkReleases(releases, declared, today), ...unknownEvents(consumers, declared.events.map(({ type }) => type))],
    unreleased: unreleased(releases, declared, today),
    released: releases.filter(({ kind }) => kind === 'version').length,
  };
}
