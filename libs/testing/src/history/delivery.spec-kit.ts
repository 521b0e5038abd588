import type { ParkedRecord, ServiceEvidence, TopicRecord } from './delivery.js';
import type { LoggedEvent } from './history.js';
import { numbers } from './workload.spec-kit.js';

/** What is wrong with the services of a simulated delivery. */
export interface Bugs {
  readonly withoutDuplicateCheck?: boolean;
  /** Its place is noted before the events are in the log, and it begins there again. */
  readonly commitsFirst?: boolean;
  /** The relay notes how far it came before the broker has taken it. */
  readonly notesFirst?: boolean;
  /** Two processes publish, each several requests at a time. */
  readonly withoutOrder?: boolean;
  /** What follows something parked is passed over. */
  readonly skipsWhatFollows?: boolean;
  /** What is replayed is noted first, and is not taken in when the process is killed. */
  readonly marksFirst?: boolean;
  readonly replaysBackwards?: boolean;
}

const STREAMS = 4;
const PARTITIONS = 2;
const BATCH = 5;

const partitionOf = (stream: string): number => Number(stream.slice(-1)) % PARTITIONS;

/** Control says things under crashes of its relay, feedback takes them in under crashes of its ingest; all of it follows from the seed. */
export function deliver(seed: number, bugs: Bugs = {}, { poison = true }: { poison?: boolean } = {}): readonly [ServiceEvidence, ServiceEvidence] {
  const below = numbers(seed);
  const log = said(below, 120);
  const open = log.filter(({ type }) => type === 'control.LotHeld.v1');
  const poisoned = new Set(poison ? open.filter(() => below(40) === 0).map(({ id }) => id) : []);
  const topic = relay(open, below, bugs);
  const { taken, parked: aside } = ingest(topic, poisoned, below, bugs);
  const { parked, discarded } = decide(aside, taken, open, below, bugs);
  const quiet = { reactions: [], readModels: [], parked: [], poisoned: new Set<string>(), discarded: new Set<string>(), listensTo: [], publicTypes: [], acknowledged: [], topic: [] };
  return [
    { ...quiet, service: 'control', log, topic, publicTypes: ['control.LotHeld.v1'], acknowledged: log.map(({ id }) => id) },
    {
      ...quiet, service: 'feedback', log: taken, listensTo: ['control/lot'], parked, discarded, poisoned: new Set([...poisoned].filter((id) => parked.some((event) => event.id === id))),
      reactions: [{ name: 'tell', on: ['control.LotHeld.v1'], causes: taken.map(({ id }) => id) }], readModels: [{ name: 'lots', served: 'a', rebuilt: 'a' }],
    },
  ];
}

function said(below: (n: number) => number, count: number): LoggedEvent[] {
  const versions = new Map<string, number>();
  return Array.from({ length: count }, (_, index) => {
    const stream = `lot-${below(STREAMS)}`;
    versions.set(stream, (versions.get(stream) ?? 0) + 1);
    return { seq: index + 1, id: `e${index + 1}`, digest: `d${index + 1}`, stream, version: versions.get(stream) ?? 0, type: below(4) === 0 ? 'control.Noted.v1' : 'control.LotHeld.v1' };
  });
}

/** Sends from where it noted, batch by batch, and is killed between two steps now and then. */
function relay(open: readonly LoggedEvent[], below: (n: number) => number, { notesFirst = false, withoutOrder = false }: Bugs): TopicRecord[] {
  const topic: TopicRecord[] = [];
  const ends = new Map<number, number>();
  const send = (events: readonly LoggedEvent[]) => {
    for (const { stream, id, digest } of events) {
      const partition = partitionOf(stream);
      topic.push({ partition, offset: ends.get(partition) ?? 0, key: stream, id, digest });
      ends.set(partition, (ends.get(partition) ?? 0) + 1);
    }
  };
  let noted = 0;
  while (noted < open.length) {
    const batch = open.slice(noted, noted + (withoutOrder ? 2 * BATCH : BATCH));
    const killed = below(4);
    if (notesFirst) {
      noted += batch.length;
      if (killed !== 0) send(batch);
    } else if (killed !== 0) {
      send(withoutOrder && below(2) === 0 ? [...batch.slice(BATCH), ...batch.slice(0, BATCH)] : batch);
      if (killed !== 1) noted += batch.length;
    }
  }
  return topic;
}

function ingest(topic: readonly TopicRecord[], poisoned: ReadonlySet<string>, below: (n: number) => number, bugs: Bugs) {
  const [taken, parked]: [LoggedEvent[], ParkedRecord[]] = [[], []];
  const stopped = new Set<string>();
  const take = ({ key, id, digest }: TopicRecord) => {
    if (!bugs.withoutDuplicateCheck && taken.some((event) => event.id === id)) return;
    if (parked.some((event) => event.id === id)) return;
    if (stopped.has(key) && bugs.skipsWhatFollows) return;
    if (stopped.has(key) || poisoned.has(id)) {
      stopped.add(key);
      parked.push({ producer: 'control', stream: key, id });
      return;
    }
    append(taken, key, id, digest);
  };
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const records = topic.filter((record) => record.partition === partition);
    for (let noted = 0; noted < records.length; ) {
      const page = records.slice(noted, noted + BATCH);
      const killed = below(5);
      if (bugs.commitsFirst) noted += page.length;
      if (killed !== 0) for (const record of page) take(record);
      if (killed > 1 && !bugs.commitsFirst) noted += page.length;
    }
  }
  return { taken, parked };
}

/** In whatever way it was taken in. */
function append(taken: LoggedEvent[], key: string, id: string, digest: string): void {
  const stream = `control/${key}`;
  const version = taken.filter((event) => event.stream === stream).length + 1;
  taken.push({ seq: taken.length + 1, id, digest, stream, version, type: 'control.LotHeld.v1' });
}

/** A stream that is parked waits still, or its first event is discarded or not, and the rest replayed by a release that knows it. */
function decide(aside: readonly ParkedRecord[], taken: LoggedEvent[], open: readonly LoggedEvent[], below: (n: number) => number, { marksFirst = false, replaysBackwards = false }: Bugs) {
  const discarded = new Set<string>();
  const parked: ParkedRecord[] = [];
  for (const [stream, events] of Map.groupBy(aside, (event) => event.stream)) {
    if (below(2) === 0) {
      parked.push(...events);
      continue;
    }
    const [first] = events;
    if (first && below(2) === 0) discarded.add(first.id);
    const rest = events.filter(({ id }) => !discarded.has(id));
    if (!marksFirst) for (const { id } of replaysBackwards ? rest.toReversed() : rest) append(taken, stream, id, open.find((event) => event.id === id)?.digest ?? '');
  }
  return { parked, discarded };
}
