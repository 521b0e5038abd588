import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { Json, JsonSchema } from '../published-schema.js';
import { narrowings } from './narrowings.js';
import type { Rule } from './rules.js';
import { isBridged, rules } from './rules.js';

const text: JsonSchema = { type: 'string' };
const body = (properties: Record<string, JsonSchema>, required: string[] = [], open = false): JsonSchema => ({ type: 'object', properties, required, additionalProperties: open });
const found = (older: JsonSchema, newer: JsonSchema) => narrowings(older, newer).map(({ rule, at }) => `${rule} ${at}`);

/** By rule: what the older version says, a newer one that reads it all, and one that does not, with the place it is found at. */
const table: readonly (readonly [rule: Rule, older: JsonSchema, reads: JsonSchema, refuses: JsonSchema, at: string])[] = [
  ['REQUIRED_FIELD_ADDED', body({ a: text }, ['a']), body({ a: text, b: text }, ['a']), body({ a: text, b: text }, ['a', 'b']), '/required'],
  ['REQUIRED_FIELD_ADDED', body({ a: text }, ['a']), body({ a: text }), body({ a: text, b: text }, ['a', 'b']), '/required'],
  ['FIELD_REMOVED', body({ a: text, b: text }), body({ a: text }, [], true), body({ a: text }), '/properties/b'],
  ['UNKNOWN_FIELDS_REFUSED', body({ a: text }, [], true), body({ a: text }, [], true), body({ a: text }), '/additionalProperties'],
  ['TYPE_NARROWED', { type: 'integer' }, { type: 'number' }, { type: 'string' }, '/type'],
  ['TYPE_NARROWED', { type: ['string', 'null'] }, { type: ['string', 'null', 'integer'] }, { type: 'string' }, '/type'],
  ['ENUM_VALUE_REMOVED', { enum: ['a', 'b'] }, { enum: ['a', 'b', 'c'] }, { enum: ['a', 'c'] }, '/enum'],
  ['ENUM_VALUE_REMOVED', { const: 'a' }, { enum: ['a', 'b'] }, { const: 'b' }, '/const'],
  ['ENUM_ADDED', { type: 'string', enum: ['a'] }, text, { type: 'string', enum: ['b'] }, '/enum'],
  ['ENUM_ADDED', text, { type: 'string', maxLength: 9e9 }, { type: 'string', enum: ['a'] }, '/enum'],
  ['PATTERN_TIGHTENED', { type: 'string', pattern: '^a' }, text, { type: 'string', pattern: '^ab' }, '/pattern'],
  ['FORMAT_TIGHTENED', text, { type: 'string', description: 'a time' }, { type: 'string', format: 'date-time' }, '/format'],
  ['LENGTH_TIGHTENED', { type: 'string', maxLength: 9 }, { type: 'string', maxLength: 10 }, { type: 'string', maxLength: 8 }, '/maxLength'],
  ['LENGTH_TIGHTENED', text, { type: 'string', minLength: 0 }, { type: 'string', minLength: 1 }, '/minLength'],
  ['RANGE_TIGHTENED', { type: 'integer', minimum: 1 }, { type: 'integer', minimum: 0 }, { type: 'integer', minimum: 2 }, '/minimum'],
  ['RANGE_TIGHTENED', { type: 'integer' }, { type: 'integer' }, { type: 'integer', exclusiveMaximum: 7 }, '/exclusiveMaximum'],
  ['RANGE_TIGHTENED', { type: 'integer', multipleOf: 2 }, { type: 'integer' }, { type: 'integer', multipleOf: 3 }, '/multipleOf'],
  ['ITEMS_TIGHTENED', { type: 'array', maxItems: 2 }, { type: 'array', maxItems: 3 }, { type: 'array', maxItems: 1 }, '/maxItems'],
  ['ITEMS_TIGHTENED', { type: 'array' }, { type: 'array', minItems: 0 }, { type: 'array', uniqueItems: true }, '/uniqueItems'],
  ['ALTERNATIVE_REMOVED', { anyOf: [text, { type: 'null' }] }, { anyOf: [{ type: 'null' }, text, { type: 'integer' }] }, text, '/anyOf/1'],
  ['UNIT_CHANGED', { type: 'integer', 'x-unit': 'days' }, { type: 'integer', 'x-unit': 'days', minimum: -7e9 } as JsonSchema, { type: 'integer', 'x-unit': 'hours' }, '/x-unit'],
  ['PERSONAL_MARK_CHANGED', { type: 'string', 'x-personal': { subject: 'a' } }, { type: 'string', 'x-personal': { subject: 'a' } }, text, '/x-personal'],
  ['KEYWORD_UNJUDGED', { type: 'object', minProperties: 1 }, { type: 'object', minProperties: 1, title: 'x' }, { type: 'object', minProperties: 2 }, '/minProperties'],
];

describe('a newer version reads all of the older one', () => {
  it.each(table.filter(([rule]) => !['UNIT_CHANGED', 'ENUM_ADDED'].includes(rule)))('unless %s: %j is read by %j, and not by %j', (rule, older, reads, refuses, at) => {
    expect(found(older, reads)).toEqual([]);
    expect(found(older, refuses)).toEqual([`${rule} ${at}`]);
  });
  it('unless a list of values stands where there was none', () => {
    expect(found({ type: 'string', enum: ['a'] }, text)).toEqual([]);
    expect(found(text, { type: 'string', enum: ['a'] })).toEqual(['ENUM_ADDED /enum']);
  });
  it('unless a number keeps its name in another unit; an optional field with one of its own is the way', () => {
    const older = body({ age: { type: 'integer', 'x-unit': 'days' } });
    expect(found(older, body({ age: { type: 'integer', 'x-unit': 'days' }, ageHours: { type: 'integer', 'x-unit': 'hours' } }))).toEqual([]);
    expect(found(older, body({ age: { type: 'integer', 'x-unit': 'hours' } }))).toEqual(['UNIT_CHANGED /properties/age/x-unit']);
  });
  it('in lists and objects within, at any depth', () => {
    const deep = (inner: JsonSchema) => body({ list: { type: 'array', items: body({ value: inner }, ['value']) } });
    expect(found(deep({ type: 'integer' }), deep({ type: 'number' }))).toEqual([]);
    expect(found(deep({ type: 'number' }), deep({ type: 'integer' }))).toEqual(['TYPE_NARROWED /properties/list/items/properties/value/type']);
  });
  it('when a text becomes personal, since what is encrypted is one more shape', () => {
    const personal: JsonSchema = { 'x-personal': { subject: 'who' }, anyOf: [{ type: 'string', maxLength: 500 }, body({ cipher: text })] };
    expect(found({ type: 'string', maxLength: 200 }, personal)).toEqual([]);
    expect(found(personal, { type: 'string', maxLength: 500 })).toEqual(['ALTERNATIVE_REMOVED /anyOf/0', 'ALTERNATIVE_REMOVED /anyOf/1']);
  });
  it('has a case for each rule about two schemas', () => {
    const covered = new Set(table.map(([rule]) => rule));
    expect((Object.keys(rules) as Rule[]).filter((rule) => isBridged(rule) && !covered.has(rule))).toEqual([]);
  });
});

describe('whatever the versions are', () => {
  const schemas: fc.Arbitrary<JsonSchema> = fc.letrec<{ schema: JsonSchema }>((tie) => ({
    schema: fc.oneof({ depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<JsonSchema>(text, { type: 'integer' }, { type: 'number' }, { type: 'boolean' }, { type: 'null' }, { enum: ['a', 'b'] }, { enum: ['a', 'b', 'cc'] }, { const: 'a' }, {}),
      fc.record({ type: fc.constant('string'), maxLength: fc.nat(3), minLength: fc.nat(2) }, { requiredKeys: ['type'] }),
      fc.record({ type: fc.constantFrom('integer', 'number'), minimum: fc.integer({ min: -2, max: 2 }), exclusiveMaximum: fc.integer({ min: 0, max: 4 }) }, { requiredKeys: ['type'] }),
      fc.record({ type: fc.constant('array'), items: tie('schema'), maxItems: fc.nat(3), uniqueItems: fc.boolean() }, { requiredKeys: ['type'] }),
      fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }) as fc.Arbitrary<JsonSchema>,
      fc.record({
        type: fc.constant('object'), properties: fc.dictionary(fc.constantFrom('a', 'b'), tie('schema'), { maxKeys: 2, noNullPrototype: true }),
        required: fc.uniqueArray(fc.constantFrom('a', 'b')), additionalProperties: fc.boolean(),
      }, { requiredKeys: ['type'] })),
  })).schema;
  const bodies: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, fc.constantFrom<Json>('a', 'b', 'cc', '', 'dddd', 0, 1, 2.5, -3, true, null),
      fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 2, noNullPrototype: true })),
  })).value;
  /** Unrelated ones, and ones that differ in a keyword or two. */
  const pairs = fc.oneof(
    fc.tuple(schemas, schemas),
    fc.tuple(schemas, fc.nat(5)).map(([older, index]): [JsonSchema, JsonSchema] => [older, Object.fromEntries(Object.entries(older).filter((_, at) => at !== index))]),
    fc.tuple(schemas, schemas).map(([older, other]): [JsonSchema, JsonSchema] => [older, { ...other, ...older }]),
    fc.tuple(schemas, schemas).map(([older, other]): [JsonSchema, JsonSchema] => [older, { anyOf: [other, older] }]),
  );
  const ajv = new Ajv2020({ strict: false });
  const accepts = (schema: JsonSchema, value: Json): boolean => ajv.compile(schema)(value);

  it('what the older one allows is allowed by the newer, when nothing is found', () => {
    let judged = 0;
    fc.assert(fc.property(pairs, fc.array(bodies, { minLength: 10, maxLength: 25 }), ([older, newer], values) => {
      if (narrowings(older, newer).length > 0) return;
      for (const value of values) {
        if (!accepts(older, value)) continue;
        judged += 1;
        expect({ older, newer, value, accepted: accepts(newer, value) }).toMatchObject({ accepted: true });
      }
    }), { numRuns: 1_000 });
    expect(judged).toBeGreaterThan(200);
  });
  it('a version reads itself', () => {
    fc.assert(fc.property(schemas, (schema) => expect(narrowings(schema, schema)).toEqual([])), { numRuns: 200 });
  });
});
