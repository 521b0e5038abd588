/**
 * `touchstone import`: reads a file, makes commands of its rows by a mapping, sends them to one service and accounts for every row.
 * It never writes to a database, so whatever the services guard is guarded here too. Exit codes: 0 all accepted or unchanged,
 * 3 some lines were not taken, 2 the mapping or the file is unusable, 1 the connection or the server failed.
 */
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { sendBulk } from './client.js';
import { ConnectionFault } from './connection-fault.js';
import { ImportFault } from './import-fault.js';
import { compileMapping, type MappedCommand, type Mapping } from './mapping.js';
import { Progress, type ProgressSink } from './progress.js';
import { readRows } from './readers.js';
import { Tally, type Reconciliation } from './reconcile.js';
import { ProblemFile, reportText, type LineProblem } from './report.js';

export interface ImportOptions {
  readonly file: string;
  /** Path of the mapping file. */
  readonly mapping: string;
  /** The service that takes the commands, such as `feedback`. */
  readonly to: string;
  readonly url: string;
  readonly token?: string;
  readonly dryRun?: boolean;
  /** Write the result as JSON instead of the report for people. */
  readonly json?: boolean;
  /** Where every line that was not taken is listed: NDJSON, or CSV by the name's ending. */
  readonly report?: string;
  readonly signal?: AbortSignal;
  readonly answerTimeoutMs?: number;
}

export interface ImportOutput {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: ProgressSink;
}

export type ExitCode = 0 | 1 | 2 | 3;

export interface ImportResult extends Reconciliation {
  readonly exitCode: ExitCode;
  readonly file: string;
  readonly service: string;
  readonly source: string;
  readonly dryRun: boolean;
  /** What ended the import before the end of the file. */
  readonly fault?: {
    readonly code: string;
    readonly detail: string;
    readonly line?: number;
    readonly pointer?: string;
    readonly status?: number;
  };
  /** The last line for which an answer came. */
  readonly answeredThroughLine?: number;
  /** The service's position after the last command: queries that name it see everything imported. */
  readonly position?: string;
  readonly problemCount: number;
  /** The first problems; all of them are in the report file. */
  readonly problems: readonly LineProblem[];
  readonly reportFile?: string;
  readonly warnings: readonly string[];
  readonly durationMs: number;
}

const PROBLEMS_SHOWN = 20;

export async function runImport(options: ImportOptions, output: ImportOutput): Promise<ImportResult> {
  const run = new ImportRun(options, output.stderr);
  const result = await run.result();
  output.stdout.write(options.json ? `${JSON.stringify(result)}\n` : reportText(result));
  return result;
}

class ImportRun {
  private readonly startedMs = performance.now();
  private tally = new Tally({ totals: [] });
  private readonly problems: LineProblem[] = [];
  private problemCount = 0;
  private readonly warnings: string[] = [];
  private source = '';
  private fault: ImportFault | ConnectionFault | undefined;
  private fileFault: ImportFault | undefined;
  private answeredThroughLine: number | undefined;
  private position: string | undefined;
  private problemFile: ProblemFile | undefined;
  private progress: Progress | undefined;
  private bytesRead = 0;

  constructor(
    private readonly options: ImportOptions,
    private readonly stderr: ProgressSink,
  ) {}

  async result(): Promise<ImportResult> {
    try {
      await this.run();
    } catch (error) {
      if (!(error instanceof ImportFault) && !(error instanceof ConnectionFault)) throw error;
      this.fault = error;
    } finally {
      this.progress?.end();
      await this.problemFile?.close();
    }
    return this.account();
  }

  private async run(): Promise<void> {
    const { options } = this;
    const mapping = compileMapping(await readText(options.mapping));
    this.tally = new Tally(mapping.file);
    this.source = mapping.file.source;
    const { service } = mapping.file;
    if (service !== undefined && service !== options.to) {
      throw new ImportFault('MAPPING_INVALID', `this mapping is for the service ${service}, not for ${options.to}`, undefined, '/service');
    }
    if (options.report !== undefined) this.problemFile = await opened(() => ProblemFile.open(options.report ?? ''), options.report);
    const file = await opened(() => open(options.file), options.file);
    try {
      this.progress = new Progress(this.stderr, (await file.stat()).size, () => performance.now());
      await this.send(this.commands(file, mapping));
    } finally {
      await file.close();
    }
    if (this.fileFault) throw this.fileFault;
  }

  private async send(commands: AsyncIterable<MappedCommand>): Promise<void> {
    const { to: service, url, token, dryRun = false, signal, answerTimeoutMs } = this.options;
    const target = {
      url,
      service,
      dryRun,
      ...(token !== undefined && { token }),
      ...(signal && { signal }),
      ...(answerTimeoutMs !== undefined && { answerTimeoutMs }),
    };
    for await (const event of sendBulk(target, commands)) {
      if ('summary' in event) {
        this.tally.summarised(event.summary);
        this.position = event.summary.position ?? this.position;
        continue;
      }
      const { sent, answer } = event;
      this.tally.answered(sent, answer);
      this.answeredThroughLine = answer.line;
      this.position = answer.position ?? this.position;
      const { status, line, code = 'WITHOUT_CODE', detail, pointer } = answer;
      if (status === 'accepted' || status === 'unchanged') continue;
      const { type, id } = sent.command;
      await this.note({ line, status, code, ...(detail !== undefined && { detail }), ...(pointer !== undefined && { pointer }), type, id });
    }
  }

  /** The commands of the file. A fault ends them quietly, so that what was sent before it is still answered; it is thrown later. */
  private async *commands(file: FileHandle, mapping: Mapping): AsyncGenerator<MappedCommand> {
    try {
      const rows = readRows(this.bytes(file), mapping.format);
      for await (const mapped of mapping.mapRows(rows, basename(this.options.file))) {
        this.tally.mapped(mapped);
        this.progress?.at(this.tally.rowsRead, this.bytesRead);
        if (mapped.withoutLineEnd)
          this.warnings.push(`line ${mapped.line} is the last and has no line end; check that its last value is whole`);
        const { line, problem } = mapped;
        if (problem)
          await this.note({
            line,
            status: 'invalid',
            code: problem.code,
            detail: problem.detail,
            ...(problem.column !== undefined && { column: problem.column }),
          });
        for (const command of mapped.commands) {
          this.tally.sending(command);
          yield command;
        }
      }
    } catch (error) {
      if (!(error instanceof ImportFault)) throw error;
      this.fileFault = error;
    }
  }

  private async *bytes(file: FileHandle): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
        this.bytesRead += chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw unreadableFile(this.options.file, error);
    }
  }

  private async note(problem: LineProblem): Promise<void> {
    this.problemCount += 1;
    if (this.problems.length < PROBLEMS_SHOWN) this.problems.push(problem);
    await this.problemFile?.add(problem);
  }

  private account(): ImportResult {
    const { options, fault, answeredThroughLine, position } = this;
    const reconciliation = this.tally.result();
    return {
      exitCode: exitCodeOf(fault, this.fileFault, this.problemCount, reconciliation),
      file: basename(options.file),
      service: options.to,
      source: this.source,
      dryRun: options.dryRun ?? false,
      ...reconciliation,
      ...(fault && { fault: faultOf(fault) }),
      ...(answeredThroughLine !== undefined && { answeredThroughLine }),
      ...(position !== undefined && { position }),
      problemCount: this.problemCount,
      problems: this.problems.toSorted((a, b) => a.line - b.line),
      ...(options.report !== undefined && { reportFile: options.report }),
      warnings: this.warnings,
      durationMs: Math.round(performance.now() - this.startedMs),
    };
  }
}

function exitCodeOf(
  fault: ImportFault | ConnectionFault | undefined,
  fileFault: ImportFault | undefined,
  problemCount: number,
  { mismatches }: Reconciliation,
): ExitCode {
  if (fault instanceof ImportFault || (fileFault && !fault)) return 2;
  if (fault || mismatches.length > 0) return 1;
  return problemCount > 0 ? 3 : 0;
}

function faultOf(fault: ImportFault | ConnectionFault): NonNullable<ImportResult['fault']> {
  if (fault instanceof ConnectionFault)
    return { code: fault.code, detail: fault.detail, ...(fault.status !== undefined && { status: fault.status }) };
  return {
    code: fault.code,
    detail: fault.detail,
    ...(fault.line !== undefined && { line: fault.line }),
    ...(fault.pointer !== undefined && { pointer: fault.pointer }),
  };
}

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    throw new ImportFault('MAPPING_UNREADABLE', `${path} cannot be read: ${messageOf(error)}`);
  }
}

async function opened<T>(openFile: () => Promise<T>, path: string): Promise<T> {
  try {
    return await openFile();
  } catch (error) {
    throw unreadableFile(path, error);
  }
}

function unreadableFile(path: string, error: unknown): ImportFault {
  return new ImportFault('FILE_UNREADABLE', `${path}: ${messageOf(error)}`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
