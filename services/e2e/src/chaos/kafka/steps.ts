import type { ParkingConsumer } from '@touchstone/event-store';
import type { ConsumerListener, KafkaConsumer, KafkaPort, RelayLease } from '@touchstone/messaging/kafka';
import type { Moment, Step } from '../store/steps.js';
import { watchSteps } from '../store/steps.js';

/** What the relay does with a page of the log, and what ingest does with one of a topic, in order. */
export const relaySteps = ['acquire', 'flush-outgoing', 'confirm', 'produce', 'note'] as const;
export const ingestSteps = ['assigned', 'received', 'park', 'append', 'flush', 'mark', 'commit'] as const;
/** What it takes to replay or discard what is parked of a stream, in order: the first one is looked for, taken in, marked, and all of it committed. */
export const replaySteps = ['look', 'append-again', 'flush-again', 'decide', 'settle'] as const;
export type KafkaStep = (typeof relaySteps)[number] | (typeof ingestSteps)[number] | (typeof replaySteps)[number];

/** Where a process is killed: at the `nth` time from now on that the step comes to this moment. */
export interface KillPoint {
  readonly step: KafkaStep;
  readonly moment: Moment;
  readonly nth: number;
}

export type OnStep = (step: KafkaStep, moment: Moment) => void;

/** `assigned` and `received` are called, and done when they return: nothing is sent. */
export const momentsOf = (step: KafkaStep): readonly Moment[] => (step === 'assigned' || step === 'received' ? ['before', 'after'] : ['before', 'sent', 'after']);

/** So long after a request was handed to its client it is on its way. */
const SENT_AFTER_MS = 2;

export async function stepped<T>(step: KafkaStep, onStep: OnStep, job: () => Promise<T>): Promise<T> {
  onStep(step, 'before');
  const sent = setTimeout(() => onStep(step, 'sent'), SENT_AFTER_MS);
  try {
    const result = await job();
    onStep(step, 'after');
    return result;
  } finally {
    clearTimeout(sent);
  }
}

export function watchedLease(lease: RelayLease, onStep: OnStep): RelayLease {
  return {
    acquire: () => stepped('acquire', onStep, () => lease.acquire()), confirm: () => stepped('confirm', onStep, () => lease.confirm()),
    note: (published) => stepped('note', onStep, () => lease.note(published)), release: () => lease.release(), get losses() { return lease.losses; },
  };
}

export function watchedPort(port: KafkaPort, onStep: OnStep): KafkaPort {
  return {
    ...port,
    producer: async () => {
      const producer = await port.producer();
      return { send: (topic, records) => stepped('produce', onStep, () => producer.send(topic, records)), close: () => producer.close() };
    },
    consumer: async (group, topics, listener) => watchedConsumer(await port.consumer(group, topics, watchedListener(listener, onStep)), onStep),
  };
}

const watchedListener = (listener: ConsumerListener, onStep: OnStep): ConsumerListener => ({
  ...listener,
  assigned: (places, consumer) => {
    onStep('assigned', 'before');
    listener.assigned(places, consumer);
    onStep('assigned', 'after');
  },
  received: (place, records) => {
    onStep('received', 'before');
    listener.received(place, records);
    onStep('received', 'after');
  },
});

const watchedConsumer = (consumer: KafkaConsumer, onStep: OnStep): KafkaConsumer => ({
  seek: (place, offset) => consumer.seek(place, offset), pause: (place) => consumer.pause(place), resume: (place) => consumer.resume(place), close: () => consumer.close(),
  commit: (offsets) => stepped('commit', onStep, () => consumer.commit(offsets)),
});

/**
 * What ingest, and who decides about what it parked, ask of their database, read off their statements: of the flushes, those that
 * follow an append of foreign events. What it gives makes known what is replayed.
 */
export function watchIngest(onStep: OnStep): (consumer: ParkingConsumer) => ParkingConsumer {
  let appended = false;
  const replaying = { first: '', appended: false, decided: false };
  const isReplayed = (values: unknown): boolean => replaying.first !== '' && JSON.stringify(values).includes(replaying.first);
  const watchReplay = (step: Step, moment: Moment, text: string, values: unknown): boolean => {
    if (/from parked\s+where .*order by consumer, position/is.test(text)) onStep('look', moment);
    else if ((step === 'ingest' || step === 'append') && isReplayed(values)) {
      onStep('append-again', moment);
      replaying.appended ||= moment === 'after';
    } else if (step === 'flush' && replaying.appended) {
      onStep('flush-again', moment);
      replaying.appended = moment !== 'after';
    } else if (/update parked set state/i.test(text)) {
      onStep('decide', moment);
      replaying.decided = moment === 'after';
    } else if (text === 'commit' && replaying.decided) {
      onStep('settle', moment);
      replaying.decided = moment !== 'after';
    } else return false;
    return true;
  };
  watchSteps((statement, moment, text = '', values) => {
    if (watchReplay(statement, moment, text, values)) return;
    if (statement === 'ingest') {
      onStep('append', moment);
      appended ||= moment === 'after';
    } else if (statement === 'flush' && appended) {
      onStep('flush', moment);
      appended = moment !== 'after';
    } else if (/insert into parked/i.test(text)) onStep('park', moment);
    else if (/insert into checkpoint values \(\$1, 0\)/i.test(text)) onStep('mark', moment);
  });
  return (consumer) => ({
    atOnce: consumer.atOnce, tryRetake: (events) => consumer.tryRetake(events),
    retake: async (events) => {
      replaying.first = events[0]?.eventId ?? '';
      try {
        return await consumer.retake(events);
      } finally {
        replaying.first = '';
      }
    },
  });
}

/** Counts the steps of this process, and says when a kill point has come. */
export class StepTrap {
  private armed?: KillPoint;
  private left = 0;

  constructor(private readonly sprung: () => void) {}

  arm(point: KillPoint | undefined): void {
    this.armed = point;
    this.left = point?.nth ?? 0;
  }

  readonly onStep: OnStep = (step, moment) => {
    const { armed } = this;
    if (armed?.step !== step || armed.moment !== moment) return;
    this.left -= 1;
    if (this.left > 0) return;
    this.armed = undefined;
    this.sprung();
  };
}
