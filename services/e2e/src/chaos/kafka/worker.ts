/**
 * One of the two services in a process of its own, to be killed: commands, relay, ingest, read model and reaction as services have
 * them, over a real broker; with its clients. It guards what clients were told: kept in a file before anything follows from it.
 */
import { join } from 'node:path';
import { systemClock } from '@touchstone/kernel';
import type { Follower, PostgresStore, StoredEvent } from '@touchstone/event-store';
import { isDatabaseLost, LogGate, NothingParked, openPostgresStore, ParkedDecisions, PostgresSubjectKeys, Runtime } from '@touchstone/event-store';
import { Random } from '@touchstone/infra';
import type { Delivered, Publisher } from '@touchstone/messaging';
import { GatedIngest, LogGuard, relay, topicOf } from '@touchstone/messaging';
import type { KafkaPort, RelayLease } from '@touchstone/messaging/kafka';
import { kafkajsPort, KafkaTransport, PostgresLease } from '@touchstone/messaging/kafka';
import { JournalFile } from '../journal-file.js';
import { signal } from '../store/kill.js';
import type { ToldEntry } from './clients.js';
import { Clients } from './clients.js';
import { mangledPort } from './mangled-port.js';
import type { Decision, OpenService, Order, Report } from './messages.js';
import type { Taking } from './planted-bugs.js';
import { committingFirst, notingFirst, skippingWhatFollows, withoutOrder } from './planted-bugs.js';
import { checkTaken, otherOf, partContracts, partsOf } from './presses.js';
import { stepped, StepTrap, watchedLease, watchedPort, watchIngest } from './steps.js';

const OPERATOR = 'operator-1';

const tell = (report: Report): void => void process.send?.(report);

const trap = new StepTrap(() => {
  tell({ report: 'killing' });
  signal(process.pid, 'SIGKILL');
  for (;;); // until the signal comes
});
const replayed = watchIngest(trap.onStep);

/** Whoever asks for the flush is the relay: its own step. */
const flushing = (store: PostgresStore): PostgresStore =>
  new Proxy(store, { get: (target, member) => (member === 'durable' ? (...asked: Parameters<PostgresStore['durable']>) => stepped('flush-outgoing', trap.onStep, () => target.durable(...asked)) : (Reflect.get(target, member) as unknown)) });

class ServiceAtWork {
  readonly runtime: Runtime;
  readonly clients: Clients;
  private readonly transport: KafkaTransport;
  private readonly relaying: Follower<StoredEvent>;
  private readonly journal: JournalFile<ToldEntry>;
  private readonly gate = new LogGate();
  private readonly leases: RelayLease[] = [];
  private readonly decisions: ParkedDecisions;
  private members: (() => Promise<void>)[] = [];

  private constructor(private readonly open: OpenService, private readonly store: PostgresStore) {
    const { service, url, name, folder, brokers, prefix, sessionTimeoutMs, seed, mangled } = open;
    const { slices, projections, reactions } = partsOf[service];
    this.journal = new JournalFile<ToldEntry>(join(folder, `${name}.journal`));
    const port = kafkajsPort({ brokers, clientId: name }, { sessionTimeoutMs });
    const kafka = watchedPort(mangled ? mangledPort(port, new Random(seed)) : port, trap.onStep);
    this.transport = new KafkaTransport({
      port: kafka, group: `${prefix}${service}`, prefix,
      lease: (topic) => {
        const lease = watchedLease(new PostgresLease(url, topic), trap.onStep);
        this.leases.push(lease);
        return lease;
      },
    });
    const keys = new PostgresSubjectKeys(store.pool, Buffer.from(open.masterKey, 'hex'));
    this.runtime = new Runtime({ service, url, store, keys, clock: systemClock, contracts: partContracts, slices, projections, reactions, deadlines: [], gate: this.gate });
    const publisher = this.publisher(kafka);
    const guard = new LogGuard({ store, gate: this.gate, topic: topicOf(service), holders: () => [] });
    this.relaying = relay({ store: flushing(store), feed: this.runtime.feed, publisher, isPublic: (type) => partContracts.isPublic(type), guard });
    this.clients = new Clients({ name, random: new Random(seed), commands: this.runtime.commands, keep: this.journal.keep, flawedShare: open.flawedShare, presses: open.presses });
    this.decisions = new ParkedDecisions(this.runtime.parking, () => replayed(this.ingest()));
  }

  static async start(open: OpenService): Promise<ServiceAtWork> {
    const at = new ServiceAtWork(open, await openPostgresStore({ url: open.url }));
    await at.gate.proven();
    await at.runtime.start();
    at.join();
    at.relaying.start();
    at.clients.start(open.clients);
    return at;
  }

  /** Another member of the group, with an ingest of its own, as another process of the service would have it. */
  join(): void {
    const { service } = this.open;
    const { listensTo } = partsOf[service];
    const taking = this.planted(this.ingest());
    const handler = Object.assign((delivered: Delivered) => taking.take(delivered).then(() => undefined as never), {});
    this.members.push(this.transport.attach([topicOf(otherOf(service))], taking, new Map(listensTo.map((interest) => [interest, handler]))));
  }

  async leave(): Promise<void> {
    await this.members.shift()?.();
  }

  /** Who has not come to the end of the log in time, and why. */
  async settle(withinMs: number): Promise<string[]> {
    const followers = [...this.runtime.followers, this.relaying];
    for (const until = Date.now() + withinMs; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const head = await this.store.head().catch(() => Infinity);
      const behind = followers.filter(({ position, failure }) => position !== head && !isStandingBy(failure));
      if (behind.length === 0 && !this.transport.failure) return [];
      if (Date.now() > until) return [...behind.map(({ name, position, failure }) => `${name} stands at ${position} of ${head} ${failure ? String(failure) : ''}`), ...(this.transport.failure ? [String(this.transport.failure)] : [])];
    }
  }

  /** As an operator. How many are left; none, when nothing was parked any more. */
  async decide({ decision, target }: Decision): Promise<number> {
    try {
      const decided = await (decision === 'replayed' ? this.decisions.replay(target, OPERATOR, 'release 2 knows it') : this.decisions.discard(target, OPERATOR, 'never meant'));
      return decided.left;
    } catch (error) {
      if (error instanceof NothingParked) return 0;
      throw error;
    }
  }

  async close(): Promise<void> {
    trap.arm(undefined);
    await this.relaying.stop();
    await this.transport.close();
    await this.runtime.stop();
    this.journal.close();
  }

  private publisher(kafka: KafkaPort): Publisher {
    const { service, prefix, bug } = this.open;
    const publisher = this.transport.publisher(topicOf(service));
    const [lease] = this.leases;
    if (bug === 'notes-first' && lease) return notingFirst(publisher, lease);
    if (bug === 'no-order' && lease) return withoutOrder(kafka, prefix + topicOf(service), lease);
    return publisher;
  }

  private ingest(): GatedIngest {
    const { service, newer } = this.open;
    return new GatedIngest({ store: this.store, parking: this.runtime.parking, interests: partsOf[service].listensTo, check: newer ? () => undefined : checkTaken }, this.gate);
  }

  private planted(ingest: GatedIngest): Taking {
    const { bug, folder } = this.open;
    if (bug === 'commits-first') return committingFirst(ingest, folder);
    if (bug === 'skips-what-follows') return skippingWhatFollows(ingest, ({ value }) => value.includes('"flawed":true'));
    return ingest;
  }
}

const isStandingBy = (failure: Error | undefined): boolean => (failure as { code?: string } | undefined)?.code === 'LEASE_HELD';

let work: ServiceAtWork | undefined;

async function obey(order: Order): Promise<void> {
  if (order.order === 'open') {
    trap.arm(order.kill);
    work = await ServiceAtWork.start(order.open);
    return tell({ report: 'opened' });
  }
  if (order.order === 'kill') return trap.arm(order.kill);
  if (!work) throw new Error('no service is open');
  switch (order.order) {
    case 'join': work.join(); return tell({ report: 'done' });
    case 'leave': await work.leave(); return tell({ report: 'done' });
    case 'rest': return tell({ report: 'rested', unanswered: await work.clients.rest(order.withinMs) });
    case 'settle': return tell({ report: 'settled', behind: await work.settle(order.withinMs) });
    case 'decide':
      trap.arm(order.kill);
      return tell({ report: 'decided', left: await work.decide(order.decide) });
    case 'close': await work.close(); return tell({ report: 'closed' });
  }
}

process.on('message', (order: Order) => {
  obey(order).catch((error: unknown) => tell({ report: 'failed', error: error instanceof Error ? error.stack ?? error.message : String(error), lost: isDatabaseLost(error) }));
});
process.on('disconnect', () => process.exit(1)); // whoever gave the orders is gone
setInterval(() => tell({ report: 'answered', count: work?.clients.answered ?? 0 }), 25).unref();
tell({ report: 'loaded' });
