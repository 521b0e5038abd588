import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { isDecimal, isUuid, sum } from '@touchstone/kernel';
import { ImportFault } from './import-fault.js';
import { compileMapping, type BulkCommand, type MappedRows } from './mapping.js';
import { readRows } from './readers.js';

const DATASETS = new URL('../../../../infra/datasets/', import.meta.url);

async function* bytesOf(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content);
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function map(mapping: object, content: string): Promise<MappedRows[]> {
  const compiled = compileMapping(JSON.stringify(mapping));
  return collected(compiled.mapRows(readRows(bytesOf(content), compiled.format), 'orders.csv'));
}

async function mapDataset(mapping: string, file: string): Promise<MappedRows[]> {
  const compiled = compileMapping(readFileSync(new URL(`mappings/${mapping}.json`, DATASETS), 'utf8'));
  const bytes = createReadStream(new URL(file, DATASETS)) as AsyncIterable<Buffer>;
  return collected(compiled.mapRows(readRows(bytes, compiled.format), file.split('/').at(-1) ?? ''));
}

const commandsOf = (rows: MappedRows[]): BulkCommand[] => rows.flatMap(({ commands }) => commands.map(({ command }) => command));
const problemsOf = (rows: MappedRows[]): unknown[] =>
  rows.filter(({ problem }) => problem).map(({ line, problem }) => [line, problem?.code, problem?.column]);
const bodiesOf = (rows: MappedRows[]): Record<string, unknown>[] => commandsOf(rows).map(({ body }) => body as Record<string, unknown>);

const ORDERS = {
  source: 'shop',
  format: 'csv',
  timeZone: 'UTC',
  commands: [{ type: 'RecordPurchase', identity: ['${id}'], occurredAt: { date: '${day}' }, body: { units: { decimal: '${units}' } } }],
};

function faultIn(mapping: unknown): unknown {
  try {
    compileMapping(typeof mapping === 'string' ? mapping : JSON.stringify(mapping));
  } catch (error) {
    if (error instanceof ImportFault) return [error.code, error.pointer];
    throw error;
  }
  return 'no fault';
}

describe('mapping rows to commands', () => {
  it('makes a command with its line, a derived id and its time', async () => {
    const [row] = await map(ORDERS, 'id,day,units\n7,2026-03-01,2.50\n');
    expect(row?.commands[0]?.command).toEqual({
      line: 2,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      type: 'RecordPurchase',
      occurredAt: '2026-03-01T00:00:00.000Z',
      body: { units: '2.50' },
    });
  });

  it('gives a record the same id on every run and wherever it stands, and another source another id', async () => {
    const ids = async (mapping: object, content: string): Promise<string[]> => commandsOf(await map(mapping, content)).map(({ id }) => id);
    const [first, second] = await ids(ORDERS, 'id,day,units\n7,2026-03-01,1\n8,2026-03-01,1\n');
    expect(await ids(ORDERS, 'day,units,id\n2026-03-01,1,8\n2026-03-01,1,7\n')).toEqual([second, first]);
    expect(await ids({ ...ORDERS, source: 'other shop' }, 'id,day,units\n7,2026-03-01,1\n')).not.toContain(first);
  });

  it('makes a word where a number belongs an invalid row that names its line and column, and goes on', async () => {
    const rows = await map(ORDERS, 'id,day,units\n7,2026-03-01,two\n8,2026-02-30,1\n9,2026-03-01,\n10,2026-03-01,1\n');
    expect(problemsOf(rows)).toEqual([
      [2, 'NOT_A_DECIMAL', 'units'],
      [3, 'INVALID_DATE', 'day'],
      [4, 'VALUE_MISSING', 'units'],
    ]);
    expect(commandsOf(rows).map(({ line }) => line)).toEqual([5]);
  });

  it('sends a once-command for the first good row of its key, before what needs it, and never for a row that is invalid', async () => {
    const account = { type: 'RegisterAccount', once: '${customer}', body: { name: '${customer}' } };
    const purchase = { type: 'RecordPurchase', identity: ['${#row}'], body: { units: { decimal: '${units}' } } };
    const rows = await map({ source: 's', format: 'csv', commands: [purchase, account] }, 'customer,units\nA,x\nA,1\nB,1\nA,2\n');
    expect(commandsOf(rows).map(({ line, type }) => [line, type])).toEqual([
      [3, 'RegisterAccount'],
      [3, 'RecordPurchase'],
      [4, 'RegisterAccount'],
      [4, 'RecordPurchase'],
      [5, 'RecordPurchase'],
    ]);
  });

  it('takes an empty cell as part of an identity, but refuses an identity that is empty altogether', async () => {
    const commands = [{ type: 'X', identity: ['${a}', '${b}'], body: {} }];
    const rows = await map({ source: 's', format: 'csv', commands }, 'a,b\n1,\n,1\n,\n');
    expect(new Set(commandsOf(rows).map(({ id }) => id)).size).toBe(2);
    expect(problemsOf(rows)).toEqual([[4, 'VALUE_MISSING', undefined]]);
  });

  it('numbers equal rows 1, 2, 3, once a row however often the number is used', async () => {
    const nth = { ordinalOf: ['${a}'] };
    const commands = [{ type: 'X', identity: ['${a}', '${nth}'], body: { nth: '${nth}', again: nth } }];
    const rows = await map({ source: 's', format: 'csv', derive: { nth }, commands }, 'a\nx\ny\nx\nx\n');
    expect(bodiesOf(rows)).toEqual([1, 1, 2, 3].map((n) => ({ nth: String(n), again: n })));
    expect(new Set(commandsOf(rows).map(({ id }) => id)).size).toBe(4);
  });

  it('leaves optional members out, looks values up, and takes constants as they are', async () => {
    const body = {
      text: { text: '${note}', optional: true },
      units: { decimal: '${units}', optional: true },
      channel: { lookup: '${c}', in: { p: 'phone', m: 'e-mail' } },
      raw: { constant: { decimal: '${c}' } },
      tags: ['${c}', { text: '${note}', optional: true }],
    };
    const rows = await map(
      { source: 's', format: 'csv', commands: [{ type: 'X', identity: ['${#line}'], body }] },
      'c,note,units\np,,\nm,hi,3\nfax,,\n',
    );
    expect(bodiesOf(rows)).toEqual([
      { channel: 'phone', raw: { decimal: '${c}' }, tags: ['p'] },
      { text: 'hi', units: '3', channel: 'e-mail', raw: { decimal: '${c}' }, tags: ['m', 'hi'] },
    ]);
    expect(problemsOf(rows)).toEqual([[4, 'NOT_IN_LOOKUP', 'c']]);
  });

  it('reads decimal commas and separated thousands as the mapping says', async () => {
    const german = { ...ORDERS, delimiter: ';', decimal: ',', thousands: '.' };
    expect(bodiesOf(await map(german, 'id;day;units\n1;2026-03-01;1.234,50\n'))).toEqual([{ units: '1234.50' }]);
  });

  it('does not read cells as templates or as members of every object', async () => {
    const commands = [{ type: 'X', identity: ['${a}'], body: { a: '${a}' } }];
    expect(bodiesOf(await map({ source: 's', format: 'csv', commands }, 'a\n${b}\n$&\n'))).toEqual([{ a: '${b}' }, { a: '$&' }]);
    expect(
      problemsOf(await map({ source: 's', format: 'ndjson', commands: [{ ...commands[0], body: { a: '${toString}' } }] }, '{"a":1}\n')),
    ).toEqual([[1, 'COLUMN_MISSING', 'toString']]);
  });
});

describe('grouping rows', () => {
  const groups = {
    source: 's',
    format: 'csv',
    groupBy: '${wafer}',
    totals: ['${width}'],
    commands: [{ type: 'RecordMeasurements', identity: ['${wafer}'], body: { values: { each: { decimal: '${width}' } } } }],
  };

  it('makes one command of consecutive rows with the same key', async () => {
    const rows = await map(groups, 'wafer,width\na,1.0\na,2.5\nb,3\n');
    expect(commandsOf(rows).map(({ line, body }) => [line, body])).toEqual([
      [2, { values: ['1.0', '2.5'] }],
      [4, { values: ['3'] }],
    ]);
    expect(rows.map(({ amounts }) => amounts)).toEqual([['3.5'], ['3']]);
  });

  it('sends no sample in part: neither with a bad value nor beside a row that cannot be read', async () => {
    const rows = await map(groups, 'wafer,width\na,1\na,x\nb,1\nb,2,3\nb,4\nc,5\nd,6\n');
    expect(rows.map(({ line, rows: count, problem }) => [line, count, problem?.code])).toEqual([
      [2, 2, 'NOT_A_DECIMAL'],
      [4, 1, 'GROUP_INCOMPLETE'],
      [5, 1, 'COLUMN_COUNT'],
      [6, 1, 'GROUP_INCOMPLETE'],
      [7, 1, undefined],
      [8, 1, undefined],
    ]);
  });
});

describe('a mapping that cannot be used', () => {
  const [command] = ORDERS.commands;

  it.each([
    ['is not JSON', '{', 'MAPPING_UNREADABLE', undefined],
    ['has no source', { ...ORDERS, source: undefined }, 'MAPPING_INVALID', '/source'],
    ['has a member nobody reads', { ...ORDERS, timezone: 'UTC' }, 'MAPPING_INVALID', '/timezone'],
    ['has an unknown format', { ...ORDERS, format: 'xlsx' }, 'MAPPING_INVALID', '/format'],
    ['has no commands', { ...ORDERS, commands: [] }, 'MAPPING_INVALID', '/commands'],
    ['has a command without identity', { ...ORDERS, commands: [{ ...command, identity: undefined }] }, 'MAPPING_INVALID', '/commands/0'],
    ['has a command with an unknown member', { ...ORDERS, commands: [{ ...command, when: 'x' }] }, 'MAPPING_INVALID', '/commands/0/when'],
    ['names a column its list lacks', { ...ORDERS, columns: ['id', 'day'] }, 'MAPPING_INVALID', '/columns'],
    ['lacks columns for a file without header', { ...ORDERS, format: 'columns' }, 'MAPPING_INVALID', '/columns'],
    ['uses an unknown built-in', { ...ORDERS, totals: ['${#page}'] }, 'MAPPING_INVALID', '/totals/0'],
    ['separates thousands by the decimal mark', { ...ORDERS, thousands: '.' }, 'MAPPING_INVALID', '/thousands'],
    [
      'sums for a command that only some rows send',
      { ...ORDERS, totals: ['${units}'], commands: [{ type: 'X', once: '${id}', body: {} }] },
      'MAPPING_INVALID',
      '/totals/0/command',
    ],
    ['sums for a command it lacks', { ...ORDERS, totals: [{ of: '${units}', command: 'Y' }] }, 'MAPPING_INVALID', '/totals/0/command'],
    [
      'has dates without zone',
      { ...ORDERS, timeZone: undefined, commands: [{ ...command, occurredAt: { date: '${day}', pattern: 'yyyyMMdd' } }] },
      'DATE_WITHOUT_ZONE',
      '/commands/0/occurredAt',
    ],
  ])('that %s is refused, saying where', (_what, mapping, code, pointer) => expect(faultIn(mapping)).toEqual([code, pointer]));
});

describe('the data sets in this repository', () => {
  it('CDNOW: 6,919 lines are 6,919 different purchases of 2,357 accounts; 21 lines that repeat another are purchases too', async () => {
    const rows = await mapDataset('cdnow', 'purchases/CDNOW_sample.txt');
    expect(problemsOf(rows)).toEqual([]);
    const commands = commandsOf(rows);
    const purchases = commands.filter(({ type }) => type === 'RecordPurchase');
    const accounts = commands.filter(({ type }) => type === 'RegisterAccount');
    const members = (all: BulkCommand[], name: string): Set<unknown> =>
      new Set(all.map(({ body }) => (body as Record<string, unknown>)[name]));
    expect([purchases.length, accounts.length]).toEqual([6919, 2357]);
    expect([members(purchases, 'purchaseId').size, members(accounts, 'accountId').size]).toEqual([6919, 2357]);
    expect(members(purchases, 'externalId').size).toBe(6919);
    expect(new Set(commands.map(({ id }) => id)).size).toBe(6919 + 2357);
    expect(members(purchases, 'accountId')).toEqual(members(accounts, 'accountId'));
    const bodies = purchases.map(({ body }) => body as { amount: string; units: string; externalId: string });
    expect(sum(bodies.map(({ amount }) => amount))).toBe('244091.94');
    expect(sum(bodies.map(({ units }) => units))).toBe('16479');
    expect(bodies.filter(({ externalId }) => !externalId.endsWith('-1'))).toHaveLength(21);
    expect(commands.every(({ id }) => isUuid(id))).toBe(true);
  });

  it.each([
    ['pistonrings', 'measurements/pistonrings.csv', 40, 5],
    ['nist-mpc61', 'measurements/MPC61.DAT', 300, 1],
    ['nist-lithogra', 'measurements/LITHOGRA.DAT', 90, 5],
    ['nist-montgome', 'measurements/MONTGOME.DAT', 56, 3],
    ['nist-mavro', 'measurements/MAVRO.DAT', 50, 1],
    ['nist-lew', 'measurements/LEW.DAT', 200, 1],
    ['nist-flicker', 'measurements/FLICKER.DAT', 1000, 1],
    ['nist-michelso', 'measurements/MICHELSO.DAT', 100, 1],
    ['nist-numacc', 'measurements/NUMACC1.DAT', 3, 1],
    ['nist-numacc', 'measurements/NUMACC4.DAT', 1001, 1],
  ])('%s maps every row of %s: %d subgroups of %d, in one inspection of one lot', async (mapping, file, subgroups, size) => {
    const rows = await mapDataset(mapping, file);
    expect(problemsOf(rows)).toEqual([]);
    const commands = commandsOf(rows);
    const sent = (wanted: string): BulkCommand[] => commands.filter(({ type }) => type === wanted);
    const valuesOf = (all: BulkCommand[]): string[][] => all.map(({ body }) => (body as { values: string[] }).values);
    const values = valuesOf(sent('RecordMeasurements'));
    expect(values).toHaveLength(subgroups);
    expect(values.every((sample) => sample.length === size && sample.every(isDecimal))).toBe(true);
    expect(commands.slice(0, 3).map(({ type }) => type)).toEqual(['RegisterLot', 'StartInspection', 'RecordMeasurements']);
    expect([sent('RegisterLot').length, sent('StartInspection').length]).toEqual([1, 1]);
    // A migrated measurement starts no reaction, so what is charted sends its points itself: the same values in the same order.
    if (sent('AddPoint').length > 0) expect(valuesOf(sent('AddPoint'))).toEqual(values);
    expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
  });

  it('CFPB: 280 complaints by day and 220 narratives, each its own complaint', async () => {
    for (const [mapping, file, count] of [
      ['cfpb-complaints', 'complaints/ccdb_complaints_subset_official.csv', 280],
      ['cfpb-narratives', 'complaints/cfpb_sample_by_category.json', 220],
    ] as const) {
      const rows = await mapDataset(mapping, file);
      expect(problemsOf(rows)).toEqual([]);
      expect(new Set(bodiesOf(rows).map(({ complaintId }) => complaintId)).size).toBe(count);
    }
  });

  it('has a use for every mapping in the folder', () => {
    expect(readdirSync(new URL('mappings', DATASETS)).sort()).toEqual(
      [
        'cdnow',
        'cfpb-complaints',
        'cfpb-narratives',
        'nist-flicker',
        'nist-lew',
        'nist-lithogra',
        'nist-mavro',
        'nist-michelso',
        'nist-montgome',
        'nist-mpc61',
        'nist-numacc',
        'pistonrings',
      ].map((name) => `${name}.json`),
    );
  });
});
