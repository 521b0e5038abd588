import { canonicalize } from '@touchstone/ledger';
import { Codes, CodeField, DateTime, DecimalField, Decimals, Flag, JsonField, ListOf, Nested, OneOfField, Quantity, SomeOfField, TextField, Uuid, Whole } from './fields.js';
import type { FieldProblem } from './validate-command.js';
import { InvalidCommand, validateCommand } from './validate-command.js';

class Reading {
  @CodeField() gauge!: string;
  @Decimals({ min: 1, max: 3 }) values!: string[];
}

class Measure {
  readonly type = 'Measure';
  @Uuid() lotId!: string;
  @Quantity({ optional: true }) quantity?: string;
  @DecimalField({ optional: true }) limit?: string;
  @DateTime({ optional: true }) at?: string;
  @TextField({ optional: true, max: 10 }) text?: string;
  @OneOfField(['a', 'b'], { optional: true }) one?: string;
  @SomeOfField(['a', 'b'], { optional: true }) some?: string[];
  @Codes({ optional: true, max: 2 }) codes?: string[];
  @Whole({ min: 1, max: 9, optional: true }) count?: number;
  @Flag({ optional: true }) flag?: boolean;
  @Nested(() => Reading, { optional: true }) first?: Reading;
  @ListOf(() => Reading, { optional: true, max: 3 }) readings?: Reading[];
  @JsonField({ optional: true }) table?: object;
}

const lotId = '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11';
const valid = (fields: object = {}) => validateCommand(Measure, { lotId, ...fields });

function problems(body: unknown): (readonly [pointer: string, code: string])[] {
  try {
    validateCommand(Measure, body);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidCommand)) throw error;
    expect(error.details['errors']).toBe(error.errors);
    return error.errors.map(({ pointer, code }: FieldProblem) => [pointer, code] as const);
  }
}

const first = (fields: object) => problems({ lotId, ...fields })[0];

describe('a command is validated', () => {
  it.each<[string, object, string, string]>([
    ['a field that it does not have', { surprise: 1 }, '/surprise', 'UNKNOWN_FIELD'],
    ['an id that is none', { lotId: 'L-1' }, '/lotId', 'NOT_A_UUID'],
    ['a JSON number where exact digits are asked for', { limit: 12.5 }, '/limit', 'NOT_A_DECIMAL'],
    ['an exponent', { limit: '1e3' }, '/limit', 'NOT_A_DECIMAL'],
    ['a decimal of 19 digits', { limit: '1234567890123456789' }, '/limit', 'NOT_A_DECIMAL'],
    ['a quantity of nothing', { quantity: '0.00' }, '/quantity', 'NOT_A_QUANTITY'],
    ['a date without a time', { at: '2026-03-02' }, '/at', 'NOT_AN_INSTANT'],
    ['a time without its zone', { at: '2026-03-02T08:00:00' }, '/at', 'NOT_AN_INSTANT'],
    ['30 February', { at: '2026-02-30T08:00:00Z' }, '/at', 'NOT_AN_INSTANT'],
    ['an empty text', { text: '  ' }, '/text', 'NOT_A_TEXT'],
    ['a text that is too long', { text: 'eleven long' }, '/text', 'NOT_A_TEXT'],
    ['null for a field that may be left out', { text: null }, '/text', 'NOT_A_TEXT'],
    ['a word that is not on the list', { one: 'c' }, '/one', 'NOT_ONE_OF'],
    ['one word of several that is not on the list', { some: ['a', 'c'] }, '/some', 'NOT_ONE_OF'],
    ['a text for a list', { codes: 'a' }, '/codes', 'NOT_A_LIST'],
    ['a longer list than allowed', { codes: ['a', 'b', 'c'] }, '/codes', 'TOO_MANY'],
    ['a name with spaces', { codes: ['a b'] }, '/codes', 'NOT_A_CODE'],
    ['half a piece', { count: 1.5 }, '/count', 'NOT_WHOLE'],
    ['more pieces than allowed', { count: 10 }, '/count', 'OUT_OF_RANGE'],
    ['a word for yes', { flag: 'true' }, '/flag', 'NOT_A_FLAG'],
    ['a text for an object', { first: 'x' }, '/first', 'NOT_AN_OBJECT'],
    ['a number beyond exact integers', { table: { n: 2 ** 53 } }, '/table/n', 'UNSAFE_INTEGER'],
    ['half a surrogate pair in a name of free JSON', { table: { '\ud800': 1 } }, '/table/\ud800', 'NOT_A_TEXT'],
    ['another type', { type: 'Release' }, '/type', 'WRONG_TYPE'],
    ['a date when it happened that has no zone', { occurredAt: '2026-03-02T08:00' }, '/occurredAt', 'NOT_AN_INSTANT'],
  ])('and refuses %s', (_, fields, pointer, code) => {
    expect(problems({ lotId, ...fields })).toContainEqual([pointer, code]);
  });

  it('and points into lists and objects, escaping / and ~ in names', () => {
    expect(first({ readings: [{ gauge: 'g', values: ['1'] }, { gauge: 'g', values: ['1', 'x'] }] })).toEqual(['/readings/1/values', 'NOT_A_DECIMAL']);
    expect(first({ first: { gauge: 'g', values: ['1'], 'a/b~c': 1 } })).toEqual(['/first/a~1b~0c', 'UNKNOWN_FIELD']);
    expect(first({ readings: [7] })?.[0]).toMatch(/^\/readings/);
    expect(first({ readings: [{ gauge: 'g', values: ['1', '2', '3', '4'] }] })).toEqual(['/readings/0/values', 'TOO_MANY']);
  });

  it('and must be an object', () => {
    for (const body of [null, undefined, 7, 'text', [], [{ lotId }]]) expect(problems(body)).toEqual([['', 'NOT_AN_OBJECT']]);
  });

  it('and may be nested 16 deep, not 17', () => {
    const nested = (depth: number): object => (depth === 0 ? {} : { deeper: nested(depth - 1) });
    expect(problems({ lotId, table: nested(14) })).toEqual([]);
    expect(problems({ lotId, table: nested(15) })).toEqual([['', 'TOO_DEEP']]);
    expect(problems(JSON.parse(`{"table":${'['.repeat(100_000)}${']'.repeat(100_000)}}`))).toEqual([['', 'TOO_DEEP']]);
  });

  it('and is refused, not crashed on, when a list is as long as a body can hold', () => {
    expect(first({ codes: Array.from({ length: 130_000 }, () => 'a') })).toEqual(['/codes', 'TOO_MANY']);
  });
});

describe('what is taken', () => {
  it('has canonical decimals, ids in lower case and instants in UTC', () => {
    const { command, envelope } = valid({
      lotId: lotId.toUpperCase(), quantity: '0012.500', limit: '-0.0', at: '2026-03-02T08:00:00+01:00', first: { gauge: 'g', values: ['74.0020', '-1.0'] },
      occurredAt: '2026-03-02T08:00+01:00',
    });
    expect(command).toMatchObject({ type: 'Measure', lotId, quantity: '12.5', limit: '0', at: '2026-03-02T07:00:00.000Z', first: { values: ['74.002', '-1'] } });
    expect(envelope).toEqual({ occurredAt: '2026-03-02T07:00:00.000Z' });
  });

  it('holds plain objects, so that a decider may put them into events as they are', () => {
    const { command } = valid({ first: { gauge: 'g', values: ['1.0'] }, readings: [{ gauge: 'h', values: ['2'] }], table: { of: [1, { a: null }] } });
    expect(command).toBeInstanceOf(Measure);
    expect(canonicalize({ ...command })).toBe(
      `{"first":{"gauge":"g","values":["1"]},"lotId":"${lotId}","readings":[{"gauge":"h","values":["2"]}],"table":{"of":[1,{"a":null}]},"type":"Measure"}`,
    );
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])('has no field named %s, at no depth', (name) => {
    expect(problems(JSON.parse(`{"lotId":"${lotId}","${name}":{"quantity":"5"}}`))).toEqual([[`/${name}`, 'UNKNOWN_FIELD']]);
    expect(problems(JSON.parse(`{"lotId":"${lotId}","table":{"rows":[{"${name}":1}]}}`))).toEqual([[`/table/rows/0/${name}`, 'UNKNOWN_FIELD']]);
    expect(problems(JSON.parse(`{"lotId":"${lotId}","first":{"gauge":"g","values":["1"],"${name}":{"polluted":true}}}`))).toEqual([[`/first/${name}`, 'UNKNOWN_FIELD']]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('keeps a text that only looks like an escape', () => {
    expect(valid({ table: { path: '\\u0000' } }).command.table).toEqual({ path: '\\u0000' });
    expect(problems({ lotId, table: { path: '\\\0' } })).toEqual([['', 'NOT_A_TEXT']]);
  });
});
