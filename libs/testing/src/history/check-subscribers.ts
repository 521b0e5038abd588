import type { Evidence } from './evidence.js';
import { some } from './evidence.js';
import type { Subscriber, SubscriberStep, Violation, ViolationKind } from './history.js';

type Delivery = Extract<SubscriberStep, { kind: 'delivered' }>;

/** From one start to the next. */
interface Run {
  readonly after: number;
  readonly seen: Set<number>;
  highest: number;
  /** Up to where it has read: of who wants all, what it has seen. */
  read: number;
}

/**
 * Each subscriber saw each seq that it wants once and in order; its checkpoint never lay beyond what it had read, nor further
 * behind that than it may.
 */
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
      if (run) closeRun(evidence, subscriber, run, Math.max(...checkpoints), wrong);
      run = { after: step.after, seen: new Set(), highest: step.after, read: step.after };
      checkpoints = [step.after];
    } else if (!run) {
      wrong('restarted-elsewhere', 'was at work before it had begun');
      return found;
    } else if (step.kind === 'delivered') {
      if (!wanted(evidence, subscriber, step.seq)) wrong('delivered-unwanted', `saw seq ${step.seq}, which it does not want`, [step.seq]);
      deliver(run, step, wrong);
    } else if (step.kind === 'read') run.read = Math.max(run.read, step.seq);
    else {
      if (step.seq > run.read) wrong('checkpoint-ahead', `kept ${step.seq} as its checkpoint, and had read events up to ${run.read}`, [step.seq]);
      checkpoints = step.known ? [step.seq] : [...checkpoints, step.seq];
    }
  }
  if (run) closeRun(evidence, subscriber, run, Math.max(...checkpoints), wrong);
  const head = evidence.stored.at(-1)?.seq ?? 0;
  if (subscriber.drained && (run?.read ?? 0) < head) wrong('not-reached', `stands at seq ${run?.read ?? 0}, and the log ends at ${head}`, [head]);
  return found;
}

type Wrong = (kind: ViolationKind, what: string, seqs?: readonly number[]) => void;

function deliver(run: Run, { seq }: Delivery, wrong: Wrong): void {
  if (seq <= run.after || run.seen.has(seq)) wrong('delivered-again', `saw seq ${seq} again`, [seq]);
  else if (seq < run.highest) wrong('delivered-out-of-order', `saw seq ${seq} after ${run.highest}`, [seq]);
  run.seen.add(seq);
  run.highest = Math.max(run.highest, seq);
  run.read = Math.max(run.read, seq);
}

/** What is not in the log any more, nobody can say; that it is gone is another violation. */
const wanted = ({ bySeq }: Evidence, { wants }: Subscriber, seq: number): boolean => wants === undefined || wants.includes(bySeq.get(seq)?.type ?? wants[0] ?? '');

function closeRun(evidence: Evidence, subscriber: Subscriber, { after, seen, read }: Run, checkpoint: number, wrong: Wrong): void {
  const missed: number[] = [];
  for (let seq = after + 1; seq <= read; seq += 1) if (!seen.has(seq) && wanted(evidence, subscriber, seq)) missed.push(seq);
  if (missed.length > 0) wrong('skipped', `never saw seq ${some(missed)}, and went on to ${read}`, missed);
  if (read - checkpoint > (subscriber.mostBehind ?? Infinity)) wrong('checkpoint-behind', `has read up to seq ${read}, and would begin again at ${checkpoint}`);
}

/** What it saw is what stands there; unless the server was killed before it was on disk, which a saved checkpoint rules out, and who acts outside. */
function stable({ history, bySeq }: Evidence, { name, steps, actsOutside = false }: Subscriber): Violation[] {
  return steps.flatMap((step): Violation[] => {
    if (step.kind !== 'delivered') return [];
    const stored = bySeq.get(step.seq);
    if (stored?.id === step.eventId || (!actsOutside && mayBeGone(history.crashes, steps, step))) return [];
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
