import { printable, table } from '../terminal.js';
import type { EpochReport, Epochs } from './epochs.js';

const EPOCHS = [{ heading: 'epoch', align: 'right' as const }, { heading: 'log' }, { heading: 'from', align: 'right' as const }, { heading: 'started' }, { heading: 'by' }, { heading: 'because' }];
const LOST = [{ heading: 'stream' }, { heading: 'event' }, { heading: 'position' }, { heading: 'by' }, { heading: 'told' }, { heading: 'recorded because of it' }, { heading: 'to do' }];

export function epochsText({ service, logId, open, closedBecause, epochs, lost }: Epochs, width: number): string {
  const state = open ? `${service} records in ${logId}.` : `${service} records nothing: ${closedBecause ?? 'its log is not known to be whole'}`;
  const rows = epochs.map(({ epoch, logId: id, forkSeq, startedAt, startedBy = '', reason = '' }) => [String(epoch), id, String(forkSeq), startedAt, startedBy, reason]);
  const head = `${printable(state)}\n\n${table(EPOCHS, rows, width)}`;
  if (lost.length === 0) return head;
  const lines = lost.map(({ stream, type, position, actor = '', toldTo, led, todo }) =>
    [stream, type, position, actor, toldTo.join(', '), led.map((each) => `${each.service}/${each.stream}@${each.version} ${each.type}`).join(', '), todo]);
  const open_ = lost.filter(({ todo }) => todo === 'enter again').length;
  return `${head}\nTold to others, and lost:\n\n${table(LOST, lines, width)}\n${lost.length} withdrawn, ${open_} to enter again. What others recorded because of them stands until somebody changes it.\n`;
}

export function startedText({ service, logId, forkSeq, withdrawn, differing, durationMs }: EpochReport): string {
  const differ = differing === 0 ? '' : ` ${differing} of them are known to two services with different content: keep both databases.`;
  return `${service} goes on as ${logId} from position ${forkSeq}; ${withdrawn} events that others were told are withdrawn (${durationMs} ms).${differ}\n`
    + `What has to be entered again: touchstone epoch show ${service}\n`;
}
