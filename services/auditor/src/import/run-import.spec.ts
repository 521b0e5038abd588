import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { physicalLines } from './lines.js';
import type { BulkCommand } from './mapping.js';
import { runImport, type ImportOptions, type ImportResult } from './run-import.js';

interface Reply {
  status: string;
  code?: string;
  detail?: string;
  pointer?: string;
  position?: string;
}

/** A small server that speaks the bulk protocol: it answers every line as it arrives, and knows commands it took before. */
class BulkServer {
  readonly received: BulkCommand[] = [];
  readonly requests: { url: string; authorization: string | undefined }[] = [];
  readonly taken = new Map<string, string>();
  /** Waited before every answer. */
  delayMs = 0;
  decide: (command: BulkCommand) => Reply | 'hang up' | 'stay silent' = () => ({ status: 'accepted' });
  summary: (counts: Record<string, number>) => object = (counts) => counts;
  rejectWith: number | undefined;
  private readonly server: Server = createServer((request, response) => {
    this.serve(request, response).catch(() => response.destroy());
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => response.destroy());
    this.requests.push({ url: request.url ?? '', authorization: request.headers.authorization });
    if (this.rejectWith !== undefined) {
      request.resume();
      response.writeHead(this.rejectWith, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ code: 'TOKEN_EXPIRED', detail: 'the token has expired' }));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.flushHeaders();
    const counts: Record<string, number> = { accepted: 0, unchanged: 0, refused: 0, invalid: 0, failed: 0 };
    for await (const { text: line } of physicalLines(request)) {
      const command = JSON.parse(line) as BulkCommand;
      this.received.push(command);
      if (this.delayMs > 0) await setTimeout(this.delayMs);
      const reply = this.reply(command, line, request.url?.endsWith('dryRun=true') ?? false);
      if (typeof reply === 'string') await (reply === 'hang up' ? setTimeout(20) : new Promise(() => undefined));
      if (typeof reply === 'string') return void response.destroy();
      counts[reply.status] = (counts[reply.status] ?? 0) + 1;
      response.write(`${JSON.stringify({ line: command.line, ...reply })}\n`);
    }
    response.end(`${JSON.stringify({ summary: this.summary({ ...counts }) })}\n`);
  }

  private reply(command: BulkCommand, line: string, dryRun: boolean): Reply | 'hang up' | 'stay silent' {
    if (this.taken.get(command.id) === line) return { status: 'unchanged' };
    const reply = this.decide(command);
    if (typeof reply === 'object' && reply.status === 'accepted' && !dryRun) this.taken.set(command.id, line);
    return reply;
  }
}

const MAPPING = {
  source: 'shop',
  service: 'feedback',
  format: 'csv',
  totals: ['${value}'],
  commands: [
    { type: 'RegisterAccount', once: '${customer}', body: { name: '${customer}' } },
    { type: 'RecordPurchase', identity: ['${id}'], body: { amount: { decimal: '${value}' } } },
  ],
};
const FILE = 'id,customer,value\n1,A,0.10\n2,A,0.20\n3,B,1.05\n4,B,ten\n5,B,100\n';

describe('touchstone import', () => {
  let server: BulkServer;
  let url: string;
  let folder: string;
  let stdout: string;
  let stderr: string;

  beforeEach(async () => {
    server = new BulkServer();
    url = await server.start();
    folder = await mkdtemp(join(tmpdir(), 'touchstone-import-'));
  });

  afterEach(async () => {
    server.stop();
    await rm(folder, { recursive: true });
  });

  async function run(
    content: string | Uint8Array = FILE,
    options: Partial<ImportOptions> = {},
    mapping: object = MAPPING,
  ): Promise<ImportResult> {
    stdout = '';
    stderr = '';
    await writeFile(join(folder, 'orders.csv'), content);
    await writeFile(join(folder, 'mapping.json'), JSON.stringify(mapping));
    const files = { file: join(folder, 'orders.csv'), mapping: join(folder, 'mapping.json') };
    return runImport(
      { ...files, to: 'feedback', url, ...options },
      { stdout: { write: (text) => (stdout += text) }, stderr: { write: (text) => (stderr += text) } },
    );
  }

  it('accounts for every row and every cent, and says that one line was not taken', async () => {
    server.decide = ({ line }) =>
      line === 6
        ? { status: 'refused', code: 'ACCOUNT_CLOSED', detail: 'closed on 2026-01-01' }
        : { status: 'accepted', position: `p${line}` };
    const result = await run();
    expect(result).toMatchObject({
      exitCode: 3,
      rows: { read: 5, mapped: 4, invalid: { NOT_A_DECIMAL: 1 } },
      commands: { sent: 6, accepted: 5, unchanged: 0, refused: { ACCOUNT_CLOSED: 1 }, invalid: {}, failed: {}, unanswered: 0 },
      totals: [
        {
          of: '${value}',
          command: 'RecordPurchase',
          read: '101.35',
          accepted: '1.35',
          refused: '100',
          notMapped: '0',
          rowsWithoutAmount: 1,
        },
      ],
      mismatches: [],
      position: 'p4',
      problems: [
        { line: 5, status: 'invalid', code: 'NOT_A_DECIMAL', column: 'value' },
        { line: 6, status: 'refused', code: 'ACCOUNT_CLOSED', type: 'RecordPurchase' },
      ],
    });
    expect(stdout).toContain('line 5: invalid, NOT_A_DECIMAL (value)');
    expect(stdout).toContain('Every row is accounted for, but not all were taken.');
  });

  it('may be run twice: the second run changes nothing and everything is unchanged', async () => {
    const whole = FILE.replace('ten', '10');
    expect(await run(whole)).toMatchObject({ exitCode: 0, commands: { accepted: 7, unchanged: 0 } });
    expect(await run(whole)).toMatchObject({
      exitCode: 0,
      commands: { accepted: 0, unchanged: 7 },
      totals: [{ read: '111.35', unchanged: '111.35', accepted: '0' }],
    });
    expect(stdout).toContain('Everything adds up: every row is accounted for.');
  });

  it('sends the token, and asks for a dry run in which nothing is recorded', async () => {
    await run(FILE, { dryRun: true, token: 'secret' });
    expect(server.requests).toEqual([{ url: '/feedback/bulk?dryRun=true', authorization: 'Bearer secret' }]);
    expect(stdout).toContain('Dry run: nothing was recorded.');
    expect(stdout + stderr).not.toContain('secret');
    expect(await run(FILE)).toMatchObject({ commands: { accepted: 6, unchanged: 0 } });
  });

  it('stops where the file was cut off: what came before is answered, nothing after it is sent', async () => {
    const result = await run('id,customer,value\n1,A,1\n2,A,"2\n3,A,3\n');
    expect(result).toMatchObject({
      exitCode: 2,
      fault: { code: 'FILE_CUT_OFF', line: 3 },
      commands: { sent: 2, accepted: 2 },
      answeredThroughLine: 2,
      mismatches: [],
    });
    expect(server.received.map(({ line }) => line)).toEqual([2, 2]);
    expect(stdout).toContain('STOPPED: FILE_CUT_OFF at line 3');
  });

  it('sends nothing where the mapping, the service, the header or the file cannot be used', async () => {
    expect(await run(FILE, {}, { ...MAPPING, format: 'xls' })).toMatchObject({
      exitCode: 2,
      fault: { code: 'MAPPING_INVALID', pointer: '/format' },
    });
    expect(await run(FILE, { to: 'control' })).toMatchObject({ exitCode: 2, fault: { code: 'MAPPING_INVALID', pointer: '/service' } });
    expect(await run('id;customer;value\n')).toMatchObject({ exitCode: 2, fault: { code: 'COLUMN_MISSING', line: 1 } });
    expect(await run(FILE, { file: join(folder, 'absent.csv') })).toMatchObject({ exitCode: 2, fault: { code: 'FILE_UNREADABLE' } });
    expect(await run(FILE, { file: folder })).toMatchObject({ exitCode: 2, fault: { code: 'FILE_UNREADABLE' } });
    expect(await run(FILE, { report: join(folder, 'absent', 'report.csv') })).toMatchObject({
      exitCode: 2,
      fault: { code: 'FILE_UNREADABLE' },
    });
    expect(server.received).toEqual([]);
  });

  it('says up to which line was answered when the connection breaks, and completes on the next run', async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => `${index},A,1\n`).join('');
    server.decide = ({ line }) => (line === 1500 ? 'hang up' : { status: 'accepted' });
    const broken = await run(`id,customer,value\n${rows}`);
    expect(broken).toMatchObject({
      exitCode: 1,
      fault: { code: 'CONNECTION_LOST' },
      answeredThroughLine: 1499,
      commands: { accepted: 1499 },
      mismatches: [],
    });
    expect(broken.commands.unanswered).toBeGreaterThan(0);
    expect(stdout).toContain('Answers came up to line 1499.\nRunning the import again is safe');
    server.decide = () => ({ status: 'accepted' });
    expect(await run(`id,customer,value\n${rows}`)).toMatchObject({ exitCode: 0, commands: { unchanged: 1499, accepted: 1502 } });
  });

  it('says that a server is not there', async () => {
    server.stop();
    expect(await run()).toMatchObject({ exitCode: 1, fault: { code: 'SERVER_UNREACHABLE' }, commands: { accepted: 0 } });
  });

  it('says why the server rejects the request as a whole', async () => {
    server.rejectWith = 401;
    expect(await run()).toMatchObject({
      exitCode: 1,
      fault: { code: 'REQUEST_REJECTED', status: 401, detail: 'the server answered 401 TOKEN_EXPIRED: the token has expired' },
    });
  });

  it('gives up when awaited answers stay away, and stops when it is told to', async () => {
    server.decide = () => 'stay silent';
    expect(await run(FILE, { answerTimeoutMs: 50 })).toMatchObject({
      exitCode: 1,
      fault: { code: 'ANSWER_TIMEOUT' },
      commands: { unanswered: 6 },
    });
    expect(await run(FILE, { signal: AbortSignal.timeout(50) })).toMatchObject({ exitCode: 1, fault: { code: 'STOPPED' } });
    expect(await run(FILE, { signal: AbortSignal.abort() })).toMatchObject({ exitCode: 1, fault: { code: 'STOPPED' } });
  });

  it('waits for a slow server as long as answers keep coming', async () => {
    server.delayMs = 60;
    expect(await run(FILE, { answerTimeoutMs: 200 })).toMatchObject({ exitCode: 3, commands: { sent: 6, accepted: 6 } });
  });

  it('says loudly that the sums do not match when the server counts otherwise', async () => {
    server.summary = (counts) => ({ ...counts, accepted: 5 });
    expect(await run()).toMatchObject({ exitCode: 1, mismatches: ['the server counts 5 accepted, its answers were 6'] });
    expect(stdout).toContain('THE SUMS DO NOT MATCH');
  });

  it.each([
    ['an answer to another line', () => ({ status: 'accepted', line: 99 }), 'ANSWER_OUT_OF_ORDER'],
    ['an unknown status', () => ({ status: 'perhaps' }), 'ANSWER_UNREADABLE'],
  ])('does not believe %s', async (_what, reply, code) => {
    server.decide = reply;
    expect(await run()).toMatchObject({ exitCode: 1, fault: { code } });
  });

  it('shows the first 20 problems and lists all in the report file, as NDJSON or as CSV without formulas', async () => {
    const rows = Array.from({ length: 30 }, (_, index) => `${index},A,1\n`).join('');
    server.decide = () => ({ status: 'refused', code: 'NO', detail: '=HYPERLINK("x"), \u001b[31mred', pointer: '/amount' });
    for (const name of ['report.ndjson', 'report.csv']) {
      const result = await run(`id,customer,value\n${rows}`, { report: join(folder, name) });
      expect([result.problemCount, result.problems.length]).toEqual([31, 20]);
    }
    expect(stdout).toContain('… and 11 more; all of them are in');
    expect(stdout).not.toContain('\u001b');
    const ndjson = (await readFile(join(folder, 'report.ndjson'), 'utf8')).trim().split('\n');
    expect(ndjson).toHaveLength(31);
    expect(JSON.parse(ndjson[30] ?? '')).toMatchObject({ line: 31, status: 'refused', code: 'NO', pointer: '/amount' });
    const csv = (await readFile(join(folder, 'report.csv'), 'utf8')).trim().split('\r\n');
    expect(csv).toHaveLength(32);
    expect(csv[1]).toMatch(/^2,refused,NO,"'=HYPERLINK\(""x""\), /);
  });

  it('writes the same result as JSON for programs', async () => {
    const result = await run(FILE, { json: true });
    expect(JSON.parse(stdout)).toEqual(result);
  });

  it('keeps no more than 10,000 commands waiting: a server that reads and does not answer stops the reading', async () => {
    const rows = Array.from({ length: 12_000 }, (_, index) => `${index},A,1\n`).join('');
    const silent = createServer((request, response) => {
      response.writeHead(200).flushHeaders();
      request.resume();
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const result = await run(`id,customer,value\n${rows}`, { url: address, answerTimeoutMs: 1500 });
    silent.closeAllConnections();
    silent.close();
    expect(result).toMatchObject({ exitCode: 1, fault: { code: 'ANSWER_TIMEOUT' }, commands: { sent: 10_000, unanswered: 10_000 } });
  });
});
