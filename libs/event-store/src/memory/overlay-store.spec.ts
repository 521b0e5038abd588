import { derivedId } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';
import type { Append } from '../store.js';
import { MemoryStore } from './memory-store.js';
import { OverlayStore } from './overlay-store.js';

const id = (name: string) => derivedId('overlay', name);
const meta = canonicalize({ actor: 'a', commandId: id('c'), causationId: id('c'), correlationId: id('c'), occurredAt: '', recordedAt: '', decider: 'd@1' });
const append = (name: string, stream: string, expectedVersion: number, claims: string[] = []): Append => ({
  stream, expectedVersion, claims, events: [{ id: id(name), type: 't', body: '{}', meta }],
  command: { id: id(`command ${name}`), bodyHash: name, answer: '{}', record: '{}' },
});

describe('a log that tries things out above another', () => {
  it('goes on from what is there, and writes nothing below', async () => {
    const below = new MemoryStore();
    await below.append(append('one', 'lot-1', 0));
    const trial = new OverlayStore(below);
    expect(await trial.append(append('stale', 'lot-1', 0))).toMatchObject({ status: 'conflict', version: 1 });
    expect(await trial.append(append('two', 'lot-1', 1))).toMatchObject({ status: 'appended', version: 2 });
    expect(await trial.append(append('three', 'lot-1', 2))).toMatchObject({ status: 'appended', version: 3 });
    expect(await below.head()).toBe(1);
  });
  it('knows commands and claimed names of below, and those of its own', async () => {
    const below = new MemoryStore();
    await below.append(append('one', 'lot-1', 0, ['lot-number:L-1']));
    const trial = new OverlayStore(below);
    expect(await trial.append(append('one', 'lot-1', 0))).toMatchObject({ status: 'repeated' });
    expect(await trial.append(append('two', 'lot-2', 0, ['lot-number:L-1']))).toEqual({ status: 'claimed', claim: 'lot-number:L-1' });
    expect(await trial.append(append('three', 'lot-3', 0, ['lot-number:L-3']))).toMatchObject({ status: 'appended' });
    expect(await trial.append(append('four', 'lot-4', 0, ['lot-number:L-3']))).toEqual({ status: 'claimed', claim: 'lot-number:L-3' });
    expect(await below.claimed(['lot-number:L-3'])).toBeUndefined();
  });
});
