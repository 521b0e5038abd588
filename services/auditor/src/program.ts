import { writeFile } from 'node:fs/promises';
import { Command, CommanderError } from 'commander';
import { issueToken, rolesNamed, tokenFor } from './access.js';
import type { AccessOptions } from './access.js';
import { StatisticsError } from '@touchstone/statistics';
import { ApiFault, Unusable } from './api.js';
import { HttpApi } from './http-api.js';
import { printable } from './terminal.js';
import { runImport } from './import/index.js';
import { historyText, readHistory } from './history/history.js';
import { readReasons } from './why/reasons.js';
import { reasonsText } from './why/reasons-text.js';
import { cancelRebuild, isGood, rebuildAll, rebuiltText } from './rebuild/rebuild.js';
import { readStatus, statusText } from './rebuild/status.js';
import { addContracts } from './contracts/index.js';
import { addExport } from './export/index.js';
import { addEpoch } from './epoch/index.js';
import { addMigrate } from './migrate/index.js';
import { addParked } from './parked/index.js';
import { addModels } from './models/index.js';
import { addReplay } from './replay/index.js';
import { addStats } from './stats/index.js';
import { collectEightD, collectTimeline, customerTimeline, eightD } from './documents/index.js';

/** 0 done; 1 the platform could not be asked, or failed; 2 asked for what is not there or makes no sense; 3 done, but look at the result. */
export type ExitCode = 0 | 1 | 2 | 3;

interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Where a run reads from and writes to; a process, or a test. */
export interface Surroundings {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts what is under way. */
  readonly signal?: AbortSignal;
}

interface GlobalOptions extends AccessOptions {
  readonly url: string;
  readonly json?: boolean;
}

interface RebuildWish {
  readonly replace?: boolean;
  readonly watch?: boolean;
  readonly cancel?: boolean;
}

const EXAMPLES = `
Examples:
  touchstone status --data .data
  touchstone import ratings.csv --mapping ratings.mapping.json --to feedback --dry-run --data .data
  touchstone history lot-0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11 --data .data
  touchstone why control/lot-0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11@4 --data .data
  touchstone why refusals-lot-0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11@1 --data .data
  touchstone rebuild control/lot-list --watch --data .data
  touchstone parked replay feedback reaction:open-case-for-exposed-account analytics/exposure-0b5c8e0e --reason "the account exists now" --dry-run --data .data
  touchstone report 8d 5d0c6a7e-2b1f-5c3d-8e4a-9f6b7c8d0e1f --out 8d.html --data .data
  touchstone stats chart --type xbar-r --subgroup 5 pistonrings.csv --svg rings.svg
  touchstone export --out lake --data .data
  touchstone sql lake "select severity, count(*) from exposures group by all"
  touchstone replay --service control --from 2026-03-01 --to 2026-03-31 --topic control.replay.march --data .data
  touchstone token --data .data --sub ada --roles quality-engineer --name "Ada Muster"

Exit codes:
  0  done
  1  the platform could not be reached, rejected the token, or failed
  2  asked for something that is not there, or in a way that makes no sense
  3  done, but something needs attention: lines not taken, read models unequal, services not ready, events parked
`;

const [LEAST_WIDTH, USUAL_WIDTH, MOST_WIDTH] = [60, 120, 200];

/** Runs the command line; never throws for anything a user can cause, and never ends the process. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const session = new Session(surroundings);
  try {
    await session.program().parseAsync([...args], { from: 'user' });
    return session.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // it has said itself what was wrong
    if (error instanceof Unusable || error instanceof StatisticsError) return session.fail(2, error.message);
    if (error instanceof ApiFault) return session.fail(1, error.message);
    return session.fail(1, `unforeseen: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Of wrong usage, in one line as any other failure. */
const complain = (text: string, write: (line: string) => void): void =>
  write(`touchstone: ${printable(text.replace(/^error: /, '').trim().replaceAll('\n', ' '))} (touchstone --help shows what there is)\n`);

class Session {
  exitCode: ExitCode = 0;
  private readonly width: number;

  constructor(private readonly surroundings: Surroundings) {
    const { stdout, env } = surroundings;
    this.width = Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, stdout.columns ?? (Number.parseInt(env['COLUMNS'] ?? '', 10) || USUAL_WIDTH)));
  }

  /** One line, on stderr, that says what to do. */
  fail(code: ExitCode, message: string): ExitCode {
    this.surroundings.stderr.write(`touchstone: ${printable(message)}\n`);
    return code;
  }

  program(): Command {
    const { stdout, stderr, env } = this.surroundings;
    const program = new Command('touchstone')
      .description('Asks a Touchstone platform what happened, why, and whether it holds; computes quality statistics and loyalty models on files.')
      .option('--url <address>', 'address of the platform', env['TOUCHSTONE_URL'] ?? 'http://127.0.0.1:7400')
      .option('--token <token>', 'token to send (or TOUCHSTONE_TOKEN in the environment)')
      .option('--token-file <file>', 'file that holds the token')
      .option('--data <dir>', 'folder of a platform on this machine: a token is issued with its key')
      .option('--json', 'answer with JSON instead of text')
      .addHelpText('after', EXAMPLES)
      .configureOutput({
        writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text), outputError: complain,
        getOutHelpWidth: () => this.width, getErrHelpWidth: () => this.width,
      })
      .helpCommand(false)
      .exitOverride();
    this.addQuestions(program);
    this.addReports(program);
    this.addImport(program);
    this.addToken(program);
    const desk = { width: this.width, stdin: this.surroundings.stdin, stdout, stderr };
    const surroundings = { ...desk, env, ...(this.surroundings.signal && { signal: this.surroundings.signal }) };
    addExport(program, surroundings);
    addReplay(program, surroundings);
    addStats(program, desk);
    addModels(program, desk);
    const operating = {
      width: this.width, connected: (command: Command, roles: readonly string[]) => this.connected(command, roles),
      tell: (command: Command, answer: unknown, text: () => string) => this.tell(command, answer, text), needsAttention: () => void (this.exitCode = 3),
    };
    addEpoch(program, operating);
    addParked(program, operating);
    addMigrate(program, { width: this.width, env, tell: (command, answer, text) => this.tell(command, answer, text) });
    addContracts(program, { ...desk, needsAttention: () => void (this.exitCode = 3) });
    for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) command.copyInheritedSettings(program);
    return program;
  }

  private addQuestions(program: Command): void {
    program.command('status').description('whether each service is ready, and how far its read models are behind')
      .action(async (_options: unknown, command: Command) => {
        const { api, token } = await this.connected(command, ['auditor']);
        const statuses = await readStatus(api, token !== undefined);
        this.tell(command, statuses, () => statusText(statuses, this.width));
        if (statuses.some(({ ready }) => !ready)) this.exitCode = 3;
      });
    program.command('history').description('all that happened to one thing').argument('<stream>', 'e.g. lot-<lotId>, or control/lot-<lotId>')
      .action(async (stream: string, _options: unknown, command: Command) => {
        const { api } = await this.connected(command, ['auditor']);
        const history = await readHistory(api, stream);
        this.tell(command, history, () => historyText(history, this.width));
      });
    program.command('why').description('why an event is recorded or a command was refused, and what came of it')
      .argument('<event>', '<stream>@<version>, refusals-<stream>@<number>, or the id of an event')
      .action(async (event: string, _options: unknown, command: Command) => {
        const { api } = await this.connected(command, ['auditor']);
        const reasons = await readReasons(api, event);
        this.tell(command, reasons, () => reasonsText(reasons, this.width));
      });
    program.command('rebuild').description('build read models again from the log, and compare').argument('[target]', '<service> or <service>/<read model>; all when left out')
      .option('--replace', 'put what was built in the place of the live one').option('--watch', 'show progress and time left; goes on with what is being built already')
      .option('--cancel', 'stop what is being built').action((target: string | undefined, options: RebuildWish, command: Command) => this.rebuild(target, options, command));
  }

  private async rebuild(target: string | undefined, { replace, watch, cancel }: RebuildWish, command: Command): Promise<void> {
    const { api, json } = await this.connected(command, ['auditor']);
    const { stdout, signal } = this.surroundings;
    if (cancel) {
      const cancelled = await cancelRebuild(api, target);
      return this.tell(command, cancelled, () => `${cancelled.service}/${cancelled.readModel} stopped at ${cancelled.seq}; it goes on from there when it is asked for within a day\n`);
    }
    const lines = json === true && watch === true;
    const results = await rebuildAll(api, target, {
      replace, watch, signal, began: (text) => this.progress(text),
      step: (step, text) => (lines ? stdout.write(`${JSON.stringify(step)}\n`) : watch && this.progress(text)),
      ended: (result) => lines && stdout.write(`${JSON.stringify(result)}\n`),
    });
    if (!lines) this.tell(command, results, () => rebuiltText(results, this.width));
    if (!results.every(isGood)) this.exitCode = 3;
  }

  private addReports(program: Command): void {
    const report = program.command('report').description('documents to print or send').action((_options: unknown, command: Command) => command.help({ error: true }));
    report.command('8d').description('8D report of a corrective action').argument('<capaId>').option('--out <file>', 'HTML file to write; standard output when left out')
      .action(async (capaId: string, { out }: { out?: string }, command: Command) => {
        const { api } = await this.connected(command, ['auditor']);
        const data = await collectEightD(api, capaId);
        await this.document(command, out, data, () => eightD(data));
      });
    report.command('timeline').description('what a customer bought, received, said, and was answered').argument('<accountId>').option('--out <file>', 'HTML file to write; standard output when left out')
      .action(async (accountId: string, { out }: { out?: string }, command: Command) => {
        const { api } = await this.connected(command, ['auditor']);
        const data = await collectTimeline(api, accountId);
        await this.document(command, out, data, () => customerTimeline(data));
      });
  }

  private addImport(program: Command): void {
    program.command('import').description('take in a file of another system as commands of one service').argument('<file>', 'CSV, TSV or NDJSON, as the mapping says')
      .requiredOption('--mapping <file>', 'what the rows mean').requiredOption('--to <service>', 'service that takes the commands')
      .option('--dry-run', 'decide everything, record nothing').option('--report <file>', 'list every line that was not taken (.csv or NDJSON)')
      .action(async (file: string, options: { mapping: string; to: string; dryRun?: boolean; report?: string }, command: Command) => {
        const { token, url, json } = await this.connected(command, ['importer']);
        const { stdout, stderr, signal } = this.surroundings;
        const result = await runImport({ ...options, file, url, ...(token !== undefined && { token }), ...(json && { json }), ...(signal && { signal }) }, { stdout, stderr });
        this.exitCode = result.exitCode;
      });
  }

  private addToken(program: Command): void {
    program.command('token').description('issue a token with the key of a platform on this machine (--data)')
      .requiredOption('--sub <id>', 'id of the person or client').requiredOption('--roles <roles>', 'roles, separated by commas').option('--name <name>', 'name of the person')
      .option('--hours <hours>', 'how long it holds', '12')
      .action(async ({ sub, roles, name, hours }: { sub: string; roles: string; name?: string; hours: string }, command: Command) => {
        const { data } = command.optsWithGlobals<GlobalOptions>();
        if (data === undefined) throw new Unusable('a token is signed with the key of a platform on this machine: give --data <dir>');
        if (sub === '' || sub.startsWith('system:')) throw new Unusable('--sub must name a person or a client; system:… acts for the platform alone');
        if (!/^[1-9]\d{0,3}$/.test(hours)) throw new Unusable('--hours must be a whole number from 1 to 9999');
        const token = await issueToken(data, { id: sub, roles: await rolesNamed(roles), ...(name !== undefined && { name }) }, Number(hours) * 3_600);
        this.tell(command, { token }, () => `${token}\n`);
      });
  }

  private async connected(command: Command, roles: readonly string[]): Promise<GlobalOptions & { api: HttpApi }> {
    const { env, signal } = this.surroundings;
    const { token: given = env['TOUCHSTONE_TOKEN'], tokenFile, data, url, json } = command.optsWithGlobals<GlobalOptions>();
    const explicit = { ...(given !== undefined && tokenFile === undefined && data === undefined && { token: given }), ...(tokenFile !== undefined && { tokenFile }), ...(data !== undefined && { data }) };
    const token = await tokenFor(command.optsWithGlobals<GlobalOptions>().token === undefined ? explicit : { token: given }, roles);
    const api = new HttpApi({ url, ...(token !== undefined && { token }), ...(signal && { signal }) });
    return { api, url, ...(token !== undefined && { token }), ...(json && { json }) };
  }

  private tell(command: Command, answer: unknown, text: () => string): void {
    this.surroundings.stdout.write(command.optsWithGlobals<GlobalOptions>().json ? `${JSON.stringify(answer, undefined, 2)}\n` : text());
  }

  private async document(command: Command, out: string | undefined, data: unknown, html: () => string): Promise<void> {
    const text = command.optsWithGlobals<GlobalOptions>().json ? `${JSON.stringify(data, undefined, 2)}\n` : html();
    if (out === undefined) {
      this.surroundings.stdout.write(text);
      return;
    }
    await writeFile(out, text).catch((error: unknown) => {
      throw new Unusable(`--out ${out} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    });
    this.surroundings.stderr.write(`${printable(out)} written\n`);
  }

  private progress(text: string): void {
    const { stderr } = this.surroundings;
    stderr.write(`${printable(text)}\n`);
  }
}
