import { derivedId } from '@touchstone/kernel';
import type { StoredEvent } from '@touchstone/event-store';
import { MemoryStore } from '@touchstone/event-store';
import { setTimeout as pause } from 'node:timers/promises';
import { metaOf } from './log.spec-kit.js';
import { relay } from './relay.js';
import type { Message, Transport } from './transport.js';

/** A log that notes when it was read and when it was flushed, and a transport that notes what it was given, in one list. */
class Noted extends MemoryStore {
  readonly notes: string[] = [];
  readonly sent: Message[] = [];
  failures = 0;
  startAfter = 0;
  feed = { epoch: 0, changed: () => pause(5), readStored: (seq: number) => this.readAll(seq, 500) };

  override durable(): Promise<void> {
    this.notes.push('flushed');
    return Promise.resolve();
  }

  get transport(): Transport {
    return {
      name: 'noted', strategy: () => { throw new Error('nobody listens'); },
      publisher: (topic) => ({
        startAfter: () => Promise.resolve(this.startAfter), holders: () => [],
        publish: (messages) => {
          if (this.failures > 0) {
            this.failures -= 1;
            return Promise.reject(new Error('the consumer is away'));
          }
          this.notes.push(`${topic}: ${messages.map(({ offset }) => offset).join(' ')}`);
          this.sent.push(...messages);
          return Promise.resolve();
        },
      }),
    };
  }

  async record(stream: string, ...types: string[]): Promise<void> {
    const id = derivedId('relay spec', await this.head());
    if (stream.includes('/')) {
      await this.ingest(types.map((type, index) => ({ stream, id: derivedId(id, index), type, body: '{}', meta: metaOf(id), topic: 't', offset: index + 1 })));
      return;
    }
    await this.append({
      stream, expectedVersion: 'any', command: { id, bodyHash: '', answer: '{}', record: '{}' },
      events: types.map((type, index) => ({ id: derivedId(id, index), type, body: `{"n":${index}}`, meta: metaOf(id) })),
    });
  }
}

const until = async (done: () => boolean) => {
  for (let waited = 0; waited < 400 && !done(); waited += 1) await pause(10);
  expect(done()).toBe(true);
};

async function relaying(store: Noted, job: (follower: ReturnType<typeof relay>) => Promise<void>): Promise<void> {
  const follower = relay({ store, feed: store.feed, publisher: store.transport.publisher('control.events.v1'), isPublic: (type) => type.startsWith('control.Public') });
  follower.start();
  try {
    await job(follower);
  } finally {
    await follower.stop();
  }
}

describe('the relay', () => {
  it('sends public events of its own log, in order and with the bytes as they are stored', async () => {
    const store = new Noted();
    await store.record('lot-1', 'control.Public.v1', 'control.Secret.v1', 'control.Public.v2');
    await store.record('planning/item-1', 'control.Public.v1', 'planning.ItemReleased.v1');
    await store.record('refusals-lot-1', 'CommandRefused');
    await store.record('lot-2', 'control.Public.v1');
    await relaying(store, () => until(() => store.sent.length === 3));
    const stored = await store.readAll(0, 100);
    const asSent = ({ seq, id, stream, type, body, meta }: StoredEvent): Message => ({ key: stream, offset: seq, value: body, headers: { ce_id: id, ce_type: type, ce_source: 'memory:test:1', touchstone_meta: meta } });
    expect(store.sent).toEqual([1, 3, 7].map((seq) => asSent(stored[seq - 1] as StoredEvent)));
  });

  it('waits for the disk before anybody outside hears of an event', async () => {
    const store = new Noted();
    await store.record('lot-1', 'control.Public.v1');
    await relaying(store, () => until(() => store.sent.length === 1));
    expect(store.notes).toEqual(['flushed', 'control.events.v1: 1']);
  });

  it('sends nothing when the flush does not come back, and tries again', async () => {
    const store = new Noted();
    let flushes = 0;
    store.durable = () => {
      flushes += 1;
      store.notes.push(flushes < 3 ? 'lost' : 'flushed');
      return flushes < 3 ? Promise.reject(new Error('the server is gone')) : Promise.resolve();
    };
    await store.record('lot-1', 'control.Public.v1');
    await relaying(store, () => until(() => store.sent.length === 1));
    expect(store.notes).toEqual(['lost', 'lost', 'flushed', 'control.events.v1: 1']);
  });

  it('begins where the consumer that is furthest behind stands', async () => {
    const store = new Noted();
    await store.record('lot-1', 'control.Public.v1', 'control.Public.v1', 'control.Public.v1');
    store.startAfter = 2;
    await relaying(store, () => until(() => store.sent.length === 1));
    expect(store.sent[0]?.offset).toBe(3);
  });

  it('sends the same again after a failure, says so meanwhile, and goes on', async () => {
    const store = new Noted();
    store.failures = 2;
    await store.record('lot-1', 'control.Public.v1');
    await relaying(store, async (follower) => {
      await until(() => follower.failure !== undefined);
      expect(follower.failure?.message).toBe('the consumer is away');
      await until(() => store.sent.length === 1);
      store.startAfter = 1;
      await store.record('lot-1', 'control.Public.v1');
      await until(() => store.sent.length === 2);
      expect(follower.failure).toBeUndefined();
    });
    expect(store.sent.map(({ offset }) => offset)).toEqual([1, 2]);
  });

  it('starts over when a connection was lost, since a place it has passed may now hold another event', async () => {
    const store = new Noted();
    await store.record('lot-1', 'control.Secret.v1');
    await relaying(store, async (follower) => {
      await until(() => follower.position === 1);
      // The server crashed before that event was on disk; its place was given again.
      const [lost] = (await store.readAll(0, 1)) as [StoredEvent];
      const readAll = store.readAll.bind(store);
      store.readAll = async (seq, limit) => (await readAll(seq, limit)).map((event) => (event.seq === 1 ? { ...lost, type: 'control.Public.v1' } : event));
      store.feed.epoch += 1;
      await until(() => store.sent.length === 1);
    });
    expect(store.sent.map(({ offset }) => offset)).toEqual([1]);
  });
});

describe('while an older version of an event is published beside the newer', () => {
  it('sends both, as one fact: the newer with its stored bytes, the older under an id of its own that is always the same', async () => {
    const store = new Noted('control:relay:1');
    await store.record('lot-1', 'control.PublicMoved.v2', 'control.PublicOther.v1');
    const asOlderVersions = (type: string, data: () => unknown) => (type === 'control.PublicMoved.v2' ? [{ type: 'control.PublicMoved.v1', data: { was: data() } }] : []);
    const follower = relay({ store, feed: store.feed, publisher: store.transport.publisher('control.events.v1'), isPublic: () => true, asOlderVersions });
    follower.start();
    await until(() => store.sent.length === 3);
    await follower.stop();
    const [newer, older, other] = store.sent;
    const id = newer?.headers.ce_id ?? '';
    expect([newer?.headers.ce_type, newer?.value, newer?.headers.touchstone_derived_from]).toEqual(['control.PublicMoved.v2', '{"n":0}', undefined]);
    expect(older).toEqual({
      key: 'lot-1', offset: 1, value: '{"was":{"n":0}}',
      headers: { ...newer?.headers, ce_type: 'control.PublicMoved.v1', ce_id: derivedId('older version', id, 'control.PublicMoved.v1'), touchstone_derived_from: id },
    });
    expect(other?.headers.ce_type).toBe('control.PublicOther.v1');
  });
});
