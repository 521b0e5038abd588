/// <reference types="jest" />
import assert from 'node:assert/strict';
import type { Capability, EventStore } from '@touchstone/event-store';
import { allCapabilities } from '@touchstone/event-store';
import type { StoreCheck } from './store-checks.js';
import { newAppend, storeChecks } from './store-checks.js';

/** How a store of the kind is made, and killed. */
export interface StoreKind {
  /** One with an empty log. */
  readonly make: () => Promise<EventStore>;
  /** One with an empty log, and what takes it and its log down without warning and opens what is left. For who declares `durable-flush`. */
  readonly makeToCrash?: () => Promise<{ readonly store: EventStore; readonly crash: () => Promise<EventStore> }>;
}

/** What became of each check. Not applicable is what needs a capability that the store does not declare. */
export interface Conformance {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  readonly notApplicable: readonly string[];
}

const AFTER_CRASH = 'what was answered, and what was read and flushed, is there after a crash';

/** All checks for a kind of store, those of crashes with them. */
function checksOf({ makeToCrash }: StoreKind): readonly StoreCheck[] {
  const afterCrash = async () => {
    assert.ok(makeToCrash, 'who declares a durable flush has to be killed in this suite');
    const { store, crash } = await makeToCrash();
    await Promise.all(Array.from({ length: 20 }, (_, index) => store.append(newAppend(`e${index}`, `lot-${index}`, 0))));
    const read = await store.readAll(0, 100);
    await store.durable();
    const left = await crash();
    await assert.doesNotReject(async () => { assert.deepEqual(await left.readAll(0, 100), read); }).finally(() => left.close());
  };
  return [...storeChecks, { name: AFTER_CRASH, needs: ['durable-flush'], run: afterCrash }];
}

const applies = ({ needs }: StoreCheck, declared: ReadonlySet<Capability>): boolean => needs.every((each) => declared.has(each));

async function runOn({ make }: StoreKind, check: StoreCheck): Promise<void> {
  const store = await make();
  await check.run(store).finally(() => store.close());
}

/** Runs what a store declares that it can do, and says what was not asked of it. */
export async function conformanceOf(kind: StoreKind): Promise<Conformance> {
  const sample = await kind.make();
  const { capabilities } = sample;
  await sample.close();
  const result = { passed: [] as string[], failed: [] as string[], notApplicable: [] as string[] };
  for (const check of checksOf(kind)) {
    if (!applies(check, capabilities)) result.notApplicable.push(check.name);
    else await runOn(kind, check).then(() => result.passed.push(check.name), () => result.failed.push(check.name));
  }
  return result;
}

/** A test for each check that applies to a store which declares these capabilities, and one that it does declare them. */
export function storeConformance(name: string, kind: StoreKind, declared: ReadonlySet<Capability> = allCapabilities): void {
  const checks = checksOf(kind);
  const asked = checks.filter((check) => applies(check, declared));
  describe(`the ${name} store`, () => {
    it(`declares ${[...declared].join(', ')}; not applicable: ${checks.filter((check) => !asked.includes(check)).map((check) => check.name).join('; ') || 'nothing'}`, async () => {
      const store = await kind.make();
      expect([...store.capabilities].toSorted()).toEqual([...declared].toSorted());
      await store.close();
    });
    it.each(asked.map((check) => [check.name, check] as const))('%s', (_, check) => runOn(kind, check));
  });
}
