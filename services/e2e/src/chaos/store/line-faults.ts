import { setTimeout as pause } from 'node:timers/promises';
import type { Grounds, Outcome } from './grounds.js';
import { judge, outcomeOf } from './grounds.js';
import type { CutPoint, Fault } from './plan.js';
import { statementOf } from './steps.js';
import type { TrialOptions } from './trial.js';
import { serviceAndWriter, Trial } from './trial.js';

const REACHED_WITHIN_MS = 3_000;
const SILENT_MS = 1_200;

/** A trial on the common cluster, ended and judged whatever happens in it. */
export async function lasting(grounds: Grounds, outcome: Outcome, options: Partial<TrialOptions> & { readonly name: string }, during: (trial: Trial) => Promise<void>): Promise<void> {
  const { folder, random, cluster, workers } = grounds;
  const trial = await Trial.open({ folder, random, cluster, workers, roles: serviceAndWriter, ...options });
  try {
    await trial.goesOn(20);
    await during(trial);
    await trial.goesOn();
    await judge(trial, outcome, grounds);
  } finally {
    trial.endNow();
  }
}

async function breakLines(grounds: Grounds, fault: Fault, what: string, points: readonly CutPoint[], silentMs: number): Promise<Outcome> {
  const outcome = outcomeOf(fault, what);
  await grounds.cluster.delayBackgroundFlush('10s');
  await lasting(grounds, outcome, { name: fault }, async (trial) => {
    for (const { statement, cut, nth } of points) {
      const place = `${statement} ${cut}`;
      const broken = await grounds.cluster.door.break({ concerns: (text) => statementOf(text) === statement, cut, nth, silentMs }, REACHED_WITHIN_MS);
      if (broken) outcome.reached[place] = (outcome.reached[place] ?? 0) + 1;
      else outcome.missed.push(place);
      if (!broken) grounds.cluster.door.cutAll();
      outcome.points += 1;
      if (broken) await pause(silentMs);
      await trial.goesOn();
      grounds.progress(fault, 1);
    }
  });
  return outcome;
}

/** The TCP connection breaks at a place in a request; the server goes on. */
export const cutLines = (grounds: Grounds): Promise<Outcome> =>
  breakLines(grounds, 'cut', 'TCP connection reset before and after the server had the request, before and in the middle of its answer', grounds.plan.cuts, 0);

/** The connection is half-open: nothing comes and nothing ends, for a while; then it is reset. */
export const stallLines = (grounds: Grounds): Promise<Outcome> =>
  breakLines(grounds, 'stall', `TCP connection half-open for ${SILENT_MS} ms, then reset; before the ack, and when the answer was there`, grounds.plan.stalls, SILENT_MS);

/** Each piece is late, and comes in pieces of a few bytes. */
export async function slowLines(grounds: Grounds): Promise<Outcome> {
  const outcome = outcomeOf('slow', 'every piece 5 ms late each way, in slices of 7 bytes; then 60 ms late; all lines cut in between');
  const { door } = grounds.cluster;
  await lasting(grounds, outcome, { name: 'slow' }, async () => {
    for (const [delayMs, sliceBytes] of [[5, 7], [60, 400]] as const) {
      Object.assign(door, { delayMs, sliceBytes });
      await pause(grounds.durationMs);
      door.cutAll();
      outcome.points += 1;
      grounds.progress('slow', 1);
    }
    Object.assign(door, { delayMs: 0, sliceBytes: Infinity });
  });
  return outcome;
}
