import type { Evidence } from './evidence.js';
import { some } from './evidence.js';
import type { Subscriber, SubscriberStep, Violation, ViolationKind } from './history.js';

type Delivery = Extract<SubscriberStep, { kind: 'delivered' }>;

/** From one start to the next. */
interface Run {
  readonly after: number;
  readonly seen: Set<number>;
  highest: number;
}

/** Each subscriber saw each seq once and in order, and never kept a checkpoint beyond what it had seen. */
export const checkSubscribers = (evidence: Evidence): Violation[] =>
  evidence.history.subscribers.flatMap((subscriber) => [...course(evidence, subscriber), ...stable(evidence, subscriber)]);

function course(evidence: Evidence, subscriber: Subscriber): Violation[] {
  const found: Violation[] = [];
  const wrong = (kind: ViolationKind, what: string, seqs: readonly number[] = []) => found.push({
    kind, what: `${subscriber.name}: ${what}`, subscriber: subscriber.name,
    operations: [...new Set(seqs.flatMap((seq) => evidence.bySeq.get(seq)?.writers.map(({ id }) => id) ?? []))],
  });
  let run: Run | undefined;
  /** Where it may begin again: its last saved checkpoint, and those of which it does not know whether they were saved. */
  let checkpoints: number[] = [];
  for (const step of subscriber.steps) {
    if (step.kind === 'started') {
      if (run && subscriber.guarantee === 'exactly-once') continue; // one course: what it saw is saved, whatever it says
      if (run && !checkpoints.includes(step.after)) wrong('restarted-elsewhere', `began again after seq ${step.after}, and its checkpoint was ${checkpoints.join(' or ')}`);
      if (run) closeRun(run, wrong);
      run = { after: step.after, seen: new Set(), highest: step.after };
      checkpoints = [step.after];
    } else if (!run) {
      wrong('restarted-elsewhere', 'was at work before it had begun');
      return found;
    } else if (step.kind === 'delivered') deliver(run, step, wrong);
    else {
      if (step.seq > run.highest) wrong('checkpoint-ahead', `kept ${step.seq} as its checkpoint, and had seen events up to ${run.highest}`, [step.seq]);
      checkpoints = step.known ? [step.seq] : [...checkpoints, step.seq];
    }
  }
  if (run) closeRun(run, wrong);
  const head = evidence.stored.at(-1)?.seq ?? 0;
  if (subscriber.drained && (run?.highest ?? 0) < head) wrong('not-reached', `stands at seq ${run?.highest ?? 0}, and the log ends at ${head}`, [head]);
  return found;
}

type Wrong = (kind: ViolationKind, what: string, seqs?: readonly number[]) => void;

function deliver(run: Run, { seq }: Delivery, wrong: Wrong): void {
  if (seq <= run.after || run.seen.has(seq)) wrong('delivered-again', `saw seq ${seq} again`, [seq]);
  else if (seq < run.highest) wrong('delivered-out-of-order', `saw seq ${seq} after ${run.highest}`, [seq]);
  run.seen.add(seq);
  run.highest = Math.max(run.highest, seq);
}

function closeRun({ after, seen, highest }: Run, wrong: Wrong): void {
  const missed: number[] = [];
  for (let seq = after + 1; seq < highest; seq += 1) if (!seen.has(seq)) missed.push(seq);
  if (missed.length > 0) wrong('skipped', `never saw seq ${some(missed)}, and went on to ${highest}`, missed);
}

/** What it saw is what stands there; unless the server was killed before it was on disk, which a saved checkpoint rules out. */
function stable({ history, bySeq }: Evidence, { name, steps }: Subscriber): Violation[] {
  return steps.flatMap((step): Violation[] => {
    if (step.kind !== 'delivered') return [];
    const stored = bySeq.get(step.seq);
    if (stored?.id === step.eventId || mayBeGone(history.crashes, steps, step)) return [];
    return [{
      kind: 'seq-changed', subscriber: name, operations: stored?.writers.map(({ id }) => id) ?? [],
      what: `${name}: saw event ${step.eventId} at seq ${step.seq}, and at the end it is ${stored?.id ?? 'nothing'}`,
    }];
  });
}

function mayBeGone(crashes: readonly number[], steps: readonly SubscriberStep[], { at, seq }: Delivery): boolean {
  const crash = crashes.find((moment) => moment > at);
  return crash !== undefined && !steps.some((step) => step.kind === 'checkpoint' && step.known && step.seq >= seq && step.at > at && step.at < crash);
}
