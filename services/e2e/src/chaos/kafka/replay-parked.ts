import { lasting } from './broker-faults.js';
import type { KafkaGrounds, KafkaOutcome } from './grounds.js';
import { kafkaOutcomeOf } from './grounds.js';
import type { Decision } from './messages.js';
import { sprung } from './process-faults.js';
import type { KillPoint } from './steps.js';
import type { KafkaTrial } from './trial.js';
import { inspecting } from './trial.js';

/** Presses last, so that a stream that was parked is stamped on while it is decided about, and afterwards. */
const PRESSES = { atOnce: 40, parts: 1_000_000 };
const FLAWED = 0.04;
const STAMPED = 60;
const MOST_ROUNDS = 100;
/** Streams beyond those at which a process is killed. */
const UNHARMED = 2;
const DISCARDED = 0.4;
const FLOW_WITHIN_MS = 30_000;

interface ParkedStream {
  readonly consumer: string;
  readonly stream: string;
  /** Ids of its events, the oldest first. */
  readonly ids: readonly string[];
}

const PARKED = `select consumer, stream, array_agg(event_id::text order by position) as ids from parked where state = 'parked' and consumer like 'ingest:%'
  group by consumer, stream order by min(position), stream`;
const STANDING = `select d.stream from unnest($1::text[]) as d (stream) where not exists (select from event e where e.stream = 'pressing/' || d.stream and e.seq > $2)`;

/** A newer release knows what an older one had to park: some of it is replayed, some discarded, and its process is killed between every two steps of that. */
export async function replayParked(grounds: KafkaGrounds): Promise<KafkaOutcome> {
  const outcome = kafkaOutcomeOf('replayed', 'a newer release of inspecting knows what an older one parked; under load, some events are discarded and streams replayed, and it is killed between every two steps of that');
  const points = grounds.plan.replayKills;
  return lasting(grounds, outcome, { name: 'replayed', flawedShare: FLAWED, presses: PRESSES }, async (trial) => {
    for (let round = 0; (await parkedIn(trial)).length < points.length + UNHARMED; round += 1) {
      if (round === MOST_ROUNDS) return void trial.failures.push(`after ${MOST_ROUNDS * STAMPED} stamps fewer than ${points.length + UNHARMED} streams are parked`);
      await trial.stamps(STAMPED);
    }
    trial.newer = true;
    await trial.kill(inspecting);
    await trial.start(inspecting);
    const decided: string[] = [];
    const parked = await parkedIn(trial);
    for (const [index, each] of parked.entries()) {
      await decide(grounds, trial, outcome, each, points[index]);
      decided.push(each.stream);
      outcome.points += 1;
      grounds.progress(outcome.fault);
    }
    await flowAgain(trial, decided);
  });
}

/** One event of the stream is discarded or none, then all of it is replayed: at a kill point the one or the other is cut short. */
async function decide(grounds: KafkaGrounds, trial: KafkaTrial, outcome: KafkaOutcome, { consumer, stream, ids }: ParkedStream, point: KillPoint | undefined): Promise<void> {
  const replay: Decision = { decision: 'replayed', target: { consumer, stream } };
  const eventId = grounds.random.chance(DISCARDED) ? grounds.random.pick(ids.slice(0, 3)) : undefined;
  const discard: Decision[] = eventId === undefined ? [] : [{ decision: 'discarded', target: { consumer, eventId } }];
  const decisions = [...discard, replay];
  const takesIn = point?.step === 'append-again' || point?.step === 'flush-again';
  for (const [index, each] of decisions.entries()) {
    if (point && (takesIn ? each === replay : index === 0)) await trial.decide(inspecting, each, point, (answered) => killWhile(trial, outcome, point, answered));
    else await trial.decide(inspecting, each);
  }
}

async function killWhile(trial: KafkaTrial, outcome: KafkaOutcome, point: KillPoint, answered: Promise<unknown>): Promise<void> {
  const springing = sprung(trial.worker(inspecting));
  const reached = await Promise.race([springing, answered.then(() => false, () => springing)]);
  const place = `${point.step} ${point.moment}`;
  if (reached) outcome.reached[place] = (outcome.reached[place] ?? 0) + 1;
  else outcome.missed.push(place);
  await trial.kill(inspecting);
  await trial.start(inspecting);
}

/** What is stamped from now on comes into the log by itself, on each stream that was decided about. */
async function flowAgain(trial: KafkaTrial, decided: readonly string[]): Promise<void> {
  const pool = trial.pool('inspecting');
  const { rows: [last] } = await pool.query<{ seq: string }>('select max(seq) as seq from event');
  for (const until = Date.now() + FLOW_WITHIN_MS; ; ) {
    const { rows } = await pool.query<{ stream: string }>(STANDING, [decided, last?.seq]);
    if (rows.length === 0) return;
    if (Date.now() > until) return void trial.failures.push(`not-flowing: nothing more came of ${rows.map(({ stream }) => stream).join(', ')} within ${FLOW_WITHIN_MS} ms of its replay`);
    await trial.stamps(STAMPED);
  }
}

const parkedIn = async (trial: KafkaTrial): Promise<ParkedStream[]> => (await trial.pool('inspecting').query<ParkedStream>(PARKED)).rows;
