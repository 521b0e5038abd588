import { equals, plus, sum, type Decimal } from '@touchstone/kernel';
import { STATUSES, type Answer, type ServerSummary, type Status } from './answers.js';
import type { MappedCommand, MappedRows } from './mapping.js';
import type { MappingFile } from './mapping-file.js';

export type CountsByCode = Readonly<Record<string, number>>;

/** One control total: what the file holds, and where it went. All but `read` must add up to `read`. */
export interface ControlTotal extends Readonly<Record<Status, Decimal>> {
  readonly of: string;
  readonly command: string;
  readonly read: Decimal;
  /** In rows that the mapping could not make into commands. */
  readonly notMapped: Decimal;
  /** Sent, and no answer came. */
  readonly unanswered: Decimal;
  /** Rows whose cell is no number, and which are therefore in no sum. */
  readonly rowsWithoutAmount: number;
}

/** The account of an import: everything read is found again under exactly one heading. */
export interface Reconciliation {
  readonly rows: { readonly read: number; readonly mapped: number; readonly invalid: CountsByCode };
  readonly commands: {
    readonly sent: number;
    readonly accepted: number;
    readonly unchanged: number;
    readonly refused: CountsByCode;
    readonly invalid: CountsByCode;
    readonly failed: CountsByCode;
    readonly unanswered: number;
  };
  readonly totals: readonly ControlTotal[];
  /** What does not add up, in words; empty when everything does. */
  readonly mismatches: readonly string[];
}

interface RunningTotal {
  read: Decimal;
  notMapped: Decimal;
  sent: Decimal;
  rowsWithoutAmount: number;
  readonly answered: Record<Status, Decimal>;
}

export class Tally {
  private readonly rows = { read: 0, mapped: 0 };
  private readonly invalidRows = new Map<string, number>();
  private sent = 0;
  private readonly answers: Readonly<Record<Status, Map<string, number>>> = byStatus(() => new Map<string, number>());
  private readonly totals: readonly RunningTotal[];
  private summary: ServerSummary | undefined;

  constructor(private readonly mapping: Pick<MappingFile, 'totals'>) {
    this.totals = mapping.totals.map(() => ({
      read: '0',
      notMapped: '0',
      sent: '0',
      rowsWithoutAmount: 0,
      answered: byStatus((): Decimal => '0'),
    }));
  }

  get rowsRead(): number {
    return this.rows.read;
  }

  mapped({ rows, problem, amounts }: MappedRows): void {
    this.rows.read += rows;
    if (problem) count(this.invalidRows, problem.code, rows);
    else this.rows.mapped += rows;
    for (const [index, total] of this.totals.entries()) {
      const amount = amounts[index];
      if (amount === undefined) total.rowsWithoutAmount += rows;
      else total.read = plus(total.read, amount);
      if (amount !== undefined && problem) total.notMapped = plus(total.notMapped, amount);
    }
  }

  sending({ amounts }: MappedCommand): void {
    this.sent += 1;
    for (const [index, amount] of amounts) {
      const total = this.totals[index];
      if (total) total.sent = plus(total.sent, amount);
    }
  }

  answered({ amounts }: MappedCommand, { status, code }: Answer): void {
    count(this.answers[status], code ?? 'WITHOUT_CODE', 1);
    for (const [index, amount] of amounts) {
      const total = this.totals[index];
      if (total) total.answered[status] = plus(total.answered[status], amount);
    }
  }

  summarised(summary: ServerSummary): void {
    this.summary = summary;
  }

  result(): Reconciliation {
    const counts = byStatus((status) => added(this.answers[status]));
    const answered = STATUSES.reduce((all, status) => all + counts[status], 0);
    const totals = this.totals.map((total, index) => controlTotal(total, this.mapping.totals[index]));
    const found = {
      rows: { ...this.rows, invalid: Object.fromEntries(this.invalidRows) },
      commands: {
        sent: this.sent,
        accepted: counts.accepted,
        unchanged: counts.unchanged,
        refused: Object.fromEntries(this.answers.refused),
        invalid: Object.fromEntries(this.answers.invalid),
        failed: Object.fromEntries(this.answers.failed),
        unanswered: this.sent - answered,
      },
      totals,
    };
    return { ...found, mismatches: mismatchesIn(found, counts, this.summary) };
  }
}

function controlTotal(
  { read, notMapped, sent, rowsWithoutAmount, answered }: RunningTotal,
  mapping: { of: string; command: string } | undefined,
): ControlTotal {
  const answeredSum = sum(Object.values(answered));
  return {
    of: mapping?.of ?? '',
    command: mapping?.command ?? '',
    read,
    notMapped,
    rowsWithoutAmount,
    ...answered,
    unanswered: plus(sent, negated(answeredSum)),
  };
}

const negated = (amount: Decimal): Decimal => (amount.startsWith('-') ? amount.slice(1) : amount === '0' ? amount : `-${amount}`);

function mismatchesIn(
  found: Omit<Reconciliation, 'mismatches'>,
  counts: Readonly<Record<Status, number>>,
  summary: ServerSummary | undefined,
): string[] {
  const { rows, commands, totals } = found;
  const invalidRows = added(new Map(Object.entries(rows.invalid)));
  const problems: string[] = [];
  if (rows.read !== rows.mapped + invalidRows)
    problems.push(`${rows.read} rows were read, but ${rows.mapped} mapped and ${invalidRows} invalid ones are known`);
  if (commands.unanswered < 0) problems.push(`${-commands.unanswered} more answers than commands`);
  if (summary && commands.unanswered > 0) problems.push(`${commands.unanswered} commands were sent and never answered`);
  for (const status of STATUSES) {
    if (summary && summary[status] !== counts[status])
      problems.push(`the server counts ${summary[status]} ${status}, its answers were ${counts[status]}`);
  }
  for (const total of totals) {
    const parts = sum([total.notMapped, ...STATUSES.map((status) => total[status]), total.unanswered]);
    if (!equals(total.read, parts)) problems.push(`the control total of ${total.of}: ${total.read} was read, ${parts} is accounted for`);
  }
  return problems;
}

const byStatus = <T>(make: (status: Status) => T): Record<Status, T> => ({
  accepted: make('accepted'),
  unchanged: make('unchanged'),
  refused: make('refused'),
  invalid: make('invalid'),
  failed: make('failed'),
});

function count(counts: Map<string, number>, code: string, by: number): void {
  counts.set(code, (counts.get(code) ?? 0) + by);
}

export const added = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((all, one) => all + one, 0);
