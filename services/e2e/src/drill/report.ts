import type { DrillReport, Round } from './restore.js';

export function asText({ seed, lots, rounds, passed }: DrillReport): string {
  return `${rounds.map(roundAsText).join('\n')}\n${passed ? 'Everything holds' : 'SOMETHING IS OFF'} (seed ${seed}, ${lots} lots before each backup and after it).\n`;
}

function roundAsText({ how, logId, forkSeq, lost, withdrawn, withdrawnAt, noticedAfterSeconds, reconciledAfterSeconds, eventsPerSecond, checks }: Round): string {
  const told = Object.entries(withdrawnAt).map(([service, count]) => `${service} ${count}`).join(', ');
  return [
    `Put back, ${how}: control goes on as ${logId} from position ${forkSeq}`,
    `  noticed after       ${noticedAfterSeconds} s`,
    `  reconciled after    ${reconciledAfterSeconds} s`,
    `  lost                ${lost} events that people had entered; ${withdrawn} events in all had been told to others`,
    `  withdrawn at        ${told}`,
    `  entered again       ${eventsPerSecond} events/s`,
    ...checks.map(({ what, findings }) => `  ${findings.length === 0 ? 'holds' : 'OFF  '}  ${what}${findings.slice(0, 10).map((each) => `\n           ${each}`).join('')}`),
    '',
  ].join('\n');
}
