/**
 * What a service says of itself in numbers, for Prometheus: how far its followers are, what they did and failed at, what waits for
 * a person, what was answered. It guards what may be read without a token: names of parts and counts, never an id, a stream, an
 * actor or a text.
 */
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import type { Response } from 'express';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Follower, FollowerWatch, Runtime } from '@touchstone/event-store';
import { metaOf } from '@touchstone/event-store';
import { Open } from './http.js';

type Watched = Pick<Follower, 'name' | 'position' | 'stopped' | 'watch'>;

/** A read model, a reaction, or the relay. */
interface Followed {
  readonly name: string;
  readonly follower: Watched;
}

const BATCH_SIZES = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000];

/** The same for each kind of follower: `touchstone_projection_lag_events{projection="lot-list"}`. */
class FollowerMetrics {
  private readonly lagEvents: Gauge;
  private readonly lagSeconds: Gauge;
  private readonly position: Gauge;
  private readonly stopped: Gauge;
  private readonly failures: Counter;
  private readonly batchEvents: Histogram;

  constructor(registry: Registry, private readonly kind: string, what: string) {
    const metric = (name: string, help: string) => ({ name: `touchstone_${kind}_${name}`, help, labelNames: [kind], registers: [registry] });
    this.lagEvents = new Gauge(metric('lag_events', `events of the log that ${what} has not handled yet`));
    this.lagSeconds = new Gauge(metric('lag_seconds', `how long ago the oldest event that ${what} has not handled was recorded; 0 at the head`));
    this.position = new Gauge(metric('position', `seq up to which ${what} has handled the log`));
    this.stopped = new Gauge(metric('stopped', `1 when ${what} stands still for good, e.g. at a hole in the log`));
    this.failures = new Counter(metric('failures_total', `failures of ${what}; each is tried again from the checkpoint`));
    this.batchEvents = new Histogram({ ...metric('batch_events', `events that ${what} moved over at once`), buckets: BATCH_SIZES });
  }

  watch(name: string): FollowerWatch {
    const labels = { [this.kind]: name };
    this.failures.inc(labels, 0);
    return { passed: (events) => this.batchEvents.observe(labels, events), failed: () => this.failures.inc(labels) };
  }

  set({ name, follower }: Followed, head: number, lagSeconds: number): void {
    const labels = { [this.kind]: name };
    this.position.set(labels, follower.position);
    this.lagEvents.set(labels, Math.max(0, head - follower.position));
    this.lagSeconds.set(labels, lagSeconds);
    this.stopped.set(labels, follower.stopped ? 1 : 0);
  }
}

/** The metrics of one service, in a registry of its own. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly kinds = {
    projection: new FollowerMetrics(this.registry, 'projection', 'the read model'),
    reaction: new FollowerMetrics(this.registry, 'reaction', 'the reaction'),
    relay: new FollowerMetrics(this.registry, 'relay', 'the relay'),
  };
  private readonly head = new Gauge({ name: 'touchstone_log_head', help: 'seq of the newest event of the log', registers: [this.registry] });
  private readonly parked = new Gauge({
    name: 'touchstone_parked_events', help: 'events that wait for a person to replay or discard them', labelNames: ['consumer'], registers: [this.registry],
  });
  private readonly parkedSeconds = new Gauge({
    name: 'touchstone_parked_oldest_seconds', help: 'how long the oldest of these events has waited', labelNames: ['consumer'], registers: [this.registry],
  });
  private readonly answers = new Counter({ name: 'touchstone_http_answers_total', help: 'answers over HTTP', labelNames: ['status'], registers: [this.registry] });

  private readonly inbound = new Counter({ name: 'touchstone_inbound_answers_total', help: 'answers to commands from the inbound topic', labelNames: ['status'], registers: [this.registry] });

  inboundAnswered(status: number): void {
    this.inbound.inc({ status: String(status) });
  }

  answered(status: number): void {
    this.answers.inc({ status: String(status) });
  }

  /** Counts what the followers do from now on. Reactions are there once the runtime has started. */
  watch(runtime: Runtime, relay?: Watched): void {
    for (const model of runtime.models.values()) model.watch = this.kinds.projection.watch(model.projection.name);
    for (const { name, follower } of reactionsOf(runtime)) follower.watch = this.kinds.reaction.watch(name);
    if (relay) relay.watch = this.kinds.relay.watch(relay.name);
  }

  /** Prometheus' text format. */
  async text(runtime: Runtime, relay?: Watched): Promise<string> {
    const { store, clock } = runtime.options;
    const head = await store.head();
    const recordedAt = new Map<number, Promise<number>>();
    const ageOf = async (seq: number): Promise<number> => {
      if (seq > head) return 0;
      const known = recordedAt.get(seq) ?? store.readAll(seq - 1, 1).then(([event]) => (event ? Date.parse(metaOf(event).recordedAt) : NaN));
      recordedAt.set(seq, known);
      return Math.max(0, (Date.parse(clock.now()) - (await known)) / 1_000) || 0;
    };
    const followed = {
      projection: [...runtime.models.values()].map(({ projection: { name }, follower }) => ({ name, follower })), reaction: reactionsOf(runtime), relay: relay ? [{ name: relay.name, follower: relay }] : [],
    };
    for (const kind of ['projection', 'reaction', 'relay'] as const) {
      for (const each of followed[kind]) this.kinds[kind].set(each, head, await ageOf(each.follower.position + 1));
    }
    this.head.set(head);
    this.parked.reset();
    this.parkedSeconds.reset();
    for (const { consumer, state, count, oldest } of await runtime.parking.counts()) {
      if (state !== 'parked') continue;
      this.parked.set({ consumer }, count);
      this.parkedSeconds.set({ consumer }, Math.max(0, (Date.parse(clock.now()) - Date.parse(oldest)) / 1_000));
    }
    return this.registry.metrics();
  }

  /** Every metric, for the documentation. */
  described(): readonly Described[] {
    return this.registry.getMetricsAsArray().map(({ name, help, type }) => {
      const { labelNames = [] } = this.registry.getSingleMetric(name) as { labelNames?: readonly string[] };
      return { name, help, type: String(type), labels: labelNames };
    });
  }
}

interface Described {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labels: readonly string[];
}

const reactionsOf = (runtime: Runtime) => runtime.reactions.map(({ follower }) => ({ name: follower.name.replace(/^reaction:/, ''), follower }));

export const METRICS_TEXT = Symbol('text of the metrics');

/** Open, as health is: numbers and names of parts only. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(METRICS_TEXT) private readonly text: () => Promise<string>) {}

  @Get() @Open() @ApiExcludeEndpoint()
  async metrics(@Res() response: Response): Promise<void> {
    response.type('text/plain; version=0.0.4; charset=utf-8').send(await this.text());
  }
}
