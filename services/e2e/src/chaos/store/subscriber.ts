import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { EventStore, LogFeed, StoredEvent } from '@touchstone/event-store';
import { Follower } from '@touchstone/event-store';
import type { HistoryRecorder } from '@touchstone/testing/history';
import type { Moment, Step } from './steps.js';

export interface SubscriberOptions {
  readonly name: string;
  /** Where it keeps its checkpoint: on disk, outside the database. */
  readonly file: string;
  readonly feed: LogFeed;
  readonly store: EventStore;
  readonly recorder: HistoryRecorder;
  readonly onStep: (step: Step, moment: Moment) => void;
  /** The types that it wants; all when left out. Its position moves past the others. */
  readonly wants?: readonly string[];
  /** A planted bug: the checkpoint is kept before the events are handled. */
  readonly ahead?: boolean;
}

export interface OutsideSubscriber extends Follower<StoredEvent> {
  /** It was given the time to come to the end of the log. */
  drained(): void;
}

/** Acts outside the database, as a relay does: waits for the disk, acts, keeps its checkpoint. It begins again where that stands. */
export function outsideSubscriber({ name, file, feed, store, recorder, onStep, wants, ahead = false }: SubscriberOptions): OutsideSubscriber {
  const seen = recorder.subscriber(name, 'at-least-once', { actsOutside: true, ...(wants && { wants }) });
  const kept = () => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);
  const keep = (seq: number) => {
    onStep('keep-checkpoint', 'before');
    seen.checkpoint(seq, { known: false });
    writeFileSync(`${file}.next`, String(seq));
    renameSync(`${file}.next`, file); // whole or not at all
    seen.checkpoint(seq);
    onStep('keep-checkpoint', 'after');
  };
  const follower = new Follower<StoredEvent>({
    name,
    feed: { read: (seq) => feed.readStored(seq), changed: (signal, seq) => feed.changed(signal, seq), get epoch() { return feed.epoch; } },
    start: () => {
      seen.started(kept());
      return Promise.resolve(kept());
    },
    handle: async (events) => {
      const last = events.at(-1)?.seq ?? 0;
      if (ahead) keep(last);
      await store.durable();
      seen.delivered(events.filter(({ type }) => wants?.includes(type) ?? true));
      seen.read(last);
      if (!ahead) keep(last);
    },
  });
  return Object.assign(follower, { drained: () => seen.drained() });
}
