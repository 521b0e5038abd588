import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { STATUSES, type Status } from './answers.js';
import { durationText, grouped } from './progress.js';
import type { ControlTotal, CountsByCode } from './reconcile.js';
import type { ImportResult } from './run-import.js';

/** A line of the file that did not become what its owner meant it to be. */
export interface LineProblem {
  readonly line: number;
  readonly status: Exclude<Status, 'accepted' | 'unchanged'>;
  readonly code: string;
  readonly detail?: string;
  readonly column?: string;
  readonly pointer?: string;
  /** The command it was about; absent where the row never became one. */
  readonly type?: string;
  readonly id?: string;
}

const FIELDS = ['line', 'status', 'code', 'detail', 'column', 'pointer', 'type', 'id'] as const;

/** Writes every problem to a file: CSV where its name ends in .csv, NDJSON otherwise. */
export class ProblemFile {
  private constructor(
    private readonly stream: WriteStream,
    private readonly asCsv: boolean,
  ) {}

  /** Rejects where the file cannot be written. */
  static async open(path: string): Promise<ProblemFile> {
    const stream = createWriteStream(path, 'utf8');
    await once(stream, 'open');
    const asCsv = /\.csv$/i.test(path);
    if (asCsv) stream.write(`${FIELDS.join(',')}\r\n`);
    return new ProblemFile(stream, asCsv);
  }

  async add(problem: LineProblem): Promise<void> {
    const text = this.asCsv ? `${FIELDS.map((field) => csvCell(problem[field])).join(',')}\r\n` : `${JSON.stringify(problem)}\n`;
    if (!this.stream.write(text)) await once(this.stream, 'drain');
  }

  async close(): Promise<void> {
    this.stream.end();
    await once(this.stream, 'finish');
  }
}

/** A cell that a spreadsheet will not run as a formula: the text comes from files of unknown origin. */
function csvCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The report for people. */
export function reportText(result: ImportResult): string {
  const { commands, rows } = result;
  const lines = [
    `${result.dryRun ? 'Dry run: nothing was recorded. ' : ''}${result.file} → ${result.service} (source ${result.source || 'unknown'}), ${durationText(result.durationMs)}`,
    '',
    ...table([
      ['rows read', grouped(rows.read)],
      ['  made into commands', grouped(rows.mapped)],
      ...codes('  invalid', rows.invalid),
      ['commands sent', grouped(commands.sent)],
      [result.dryRun ? '  would be accepted' : '  accepted', grouped(commands.accepted)],
      ['  unchanged (taken before)', grouped(commands.unchanged)],
      ...codes('  refused', commands.refused),
      ...codes('  invalid', commands.invalid),
      ...codes('  failed', commands.failed),
      ['  unanswered', grouped(commands.unanswered)],
    ]),
    ...result.totals.flatMap((total) => ['', ...totalLines(total)]),
    ...problemLines(result),
    ...result.warnings.map((warning) => `Note: ${warning}`),
    '',
    ...conclusion(result),
  ];
  return `${lines.join('\n')}\n`;
}

function totalLines(total: ControlTotal): string[] {
  const headings: [string, string][] = STATUSES.map((status) => [`  ${status}`, total[status]]);
  return table([
    [`sum of ${total.of} read`, total.read],
    ...headings.filter(([, amount], index) => index === 0 || amount !== '0'),
    ...optionalRow('  in invalid rows', total.notMapped),
    ...optionalRow('  unanswered', total.unanswered),
    ...(total.rowsWithoutAmount > 0 ? ([['  rows without an amount', grouped(total.rowsWithoutAmount)]] as [string, string][]) : []),
  ]);
}

const optionalRow = (heading: string, amount: string): [string, string][] => (amount === '0' ? [] : [[heading, amount]]);

function codes(heading: string, counts: CountsByCode): [string, string][] {
  const entries = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  const all = entries.reduce((sum, [, count]) => sum + count, 0);
  return [[heading, grouped(all)], ...entries.map(([code, count]): [string, string] => [`    ${code}`, grouped(count)])];
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const left = Math.max(...rows.map(([heading]) => heading.length));
  const right = Math.max(...rows.map(([, value]) => value.length));
  return rows.map(([heading, value]) => `${heading.padEnd(left)}  ${value.padStart(right)}`);
}

function problemLines({ problems, problemCount, reportFile }: ImportResult): string[] {
  if (problemCount === 0) return [];
  const shown = problems.map(({ line, status, code, detail, column, pointer }) => {
    const where = [column, pointer].filter((part) => part !== undefined).join(' ');
    return `  line ${line}: ${status}, ${code}${where && ` (${where})`}${detail === undefined ? '' : `: ${printable(detail)}`}`;
  });
  const more = problemCount - problems.length;
  const all = reportFile === undefined ? 'use --report <file> to have them all' : `all of them are in ${reportFile}`;
  return ['', `${grouped(problemCount)} lines need attention:`, ...shown, ...(more > 0 ? [`  … and ${grouped(more)} more; ${all}`] : [])];
}

/** Control characters of a file must not reach a terminal. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, '?');

function conclusion({ fault, answeredThroughLine, mismatches, exitCode, dryRun }: ImportResult): string[] {
  const lines: string[] = [];
  if (fault) {
    const at = [fault.line === undefined ? '' : `line ${fault.line}`, fault.pointer === undefined ? '' : `mapping ${fault.pointer}`].filter(
      (part) => part !== '',
    );
    lines.push(`STOPPED: ${fault.code}${at.length > 0 ? ` at ${at.join(', ')}` : ''}: ${printable(fault.detail)}`);
    if (answeredThroughLine !== undefined) lines.push(`Answers came up to line ${answeredThroughLine}.`);
    if (!dryRun) lines.push('Running the import again is safe: what was taken is not taken twice.');
  }
  if (mismatches.length > 0)
    lines.push('THE SUMS DO NOT MATCH. Do not rely on this import:', ...mismatches.map((mismatch) => `  ${mismatch}`));
  else if (!fault)
    lines.push(exitCode === 0 ? 'Everything adds up: every row is accounted for.' : 'Every row is accounted for, but not all were taken.');
  return lines;
}
