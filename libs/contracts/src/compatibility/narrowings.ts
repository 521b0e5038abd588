import type { Json, JsonSchema } from '../published-schema.js';
import type { Rule } from './rules.js';

/** One keyword by which the newer schema refuses, or misreads, what the older one allows. */
export interface Narrowing {
  readonly rule: Rule;
  readonly at: string;
  readonly message: string;
}

const ANNOTATIONS = new Set(['$schema', '$id', '$comment', 'title', 'description', 'examples', 'default', 'deprecated', 'x-topic', 'x-stream', 'x-personal-fields', 'x-deprecation']);
const JUDGED = new Set([
  'type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'const', 'pattern', 'format', 'minLength', 'maxLength', 'minimum', 'maximum',
  'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minItems', 'maxItems', 'uniqueItems', 'anyOf', 'x-unit', 'x-personal',
]);

/**
 * Why a reader of the newer schema cannot read every body of the older one; empty when it can. Sound, not complete: what cannot
 * be decided (two patterns, an unknown keyword) counts as narrower.
 */
export function narrowings(older: JsonSchema, newer: JsonSchema, at = ''): Narrowing[] {
  if (same(older, newer)) return [];
  const [shapes, accepted] = [alternatives(older), alternatives(newer)];
  if (!shapes || !accepted) return [{ rule: 'KEYWORD_UNJUDGED', at: `${at}/anyOf`, message: 'anyOf stands beside keywords that its shapes have, too' }];
  const [shape, only] = [shapes[0] ?? {}, accepted[0] ?? {}];
  if (shapes.length === 1 && accepted.length === 1) return ofOneShape(shape, only, at);
  return shapes.flatMap((each, index) =>
    accepted.some((candidate) => ofOneShape(each, candidate, at).length === 0)
      ? []
      : [{ rule: 'ALTERNATIVE_REMOVED' as const, at: `${at}/anyOf/${index}`, message: `no shape of the newer version accepts ${inShort(each)}` }]);
}

function ofOneShape(older: JsonSchema, newer: JsonSchema, at: string): Narrowing[] {
  return [
    ...unjudged(older, newer, at), ...types(older, newer, at), ...values(older, newer, at), ...texts(older, newer, at), ...bounds(older, newer, at),
    ...objects(older, newer, at), ...lists(older, newer, at), ...marks(older, newer, at),
  ];
}

/** The shapes a value may have; nothing when a keyword stands both beside anyOf and in it. */
function alternatives(schema: JsonSchema): JsonSchema[] | undefined {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return [rest];
  const shapes = anyOf as readonly JsonSchema[];
  const twice = shapes.some((shape) => 'anyOf' in shape || Object.keys(shape).some((keyword) => keyword in rest && !ANNOTATIONS.has(keyword)));
  return twice ? undefined : shapes.map((shape) => ({ ...rest, ...shape }));
}

const unjudged = (older: JsonSchema, newer: JsonSchema, at: string): Narrowing[] =>
  [...new Set([...Object.keys(older), ...Object.keys(newer)])]
    .filter((keyword) => !JUDGED.has(keyword) && !ANNOTATIONS.has(keyword) && !same(older[keyword], newer[keyword]))
    .map((keyword) => ({ rule: 'KEYWORD_UNJUDGED', at: `${at}/${keyword}`, message: `${keyword} differs` }));

function types(older: JsonSchema, newer: JsonSchema, at: string): Narrowing[] {
  const [before, now] = [typesOf(older), typesOf(newer)];
  if (now === undefined) return [];
  const lost = (before ?? ['any']).filter((type) => !now.includes(type) && !(type === 'integer' && now.includes('number')));
  return lost.map((type) => ({ rule: 'TYPE_NARROWED', at: `${at}/type`, message: `may not be ${type} any more, only ${now.join(' or ')}` }));
}

function typesOf(schema: JsonSchema): readonly string[] | undefined {
  const { type } = schema;
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type as readonly string[];
  return valuesOf(schema)?.map((value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value));
}

const valuesOf = (schema: JsonSchema): readonly Json[] | undefined =>
  'const' in schema ? [schema['const'] as Json] : Array.isArray(schema['enum']) ? (schema['enum'] as readonly Json[]) : undefined;

function values(older: JsonSchema, newer: JsonSchema, at: string): Narrowing[] {
  const [before, now] = [valuesOf(older), valuesOf(newer)];
  if (now === undefined) return [];
  const keyword = 'const' in newer ? 'const' : 'enum';
  if (before === undefined) return [{ rule: 'ENUM_ADDED', at: `${at}/${keyword}`, message: `only ${inShort([...now])} is allowed now` }];
  return before.filter((value) => !now.some((each) => same(each, value)))
    .map((value) => ({ rule: 'ENUM_VALUE_REMOVED', at: `${at}/${keyword}`, message: `${JSON.stringify(value)} is not allowed any more` }));
}

const texts = (older: JsonSchema, newer: JsonSchema, at: string): Narrowing[] =>
  ([['pattern', 'PATTERN_TIGHTENED'], ['format', 'FORMAT_TIGHTENED']] as const)
    .filter(([keyword]) => newer[keyword] !== undefined && !same(newer[keyword], older[keyword]))
    .map(([keyword, rule]) => ({ rule, at: `${at}/${keyword}`, message: `${keyword} was ${inShort(older[keyword])}, is ${inShort(newer[keyword])}` }));

const LEAST: readonly (readonly [string, Rule])[] = [['minLength', 'LENGTH_TIGHTENED'], ['minimum', 'RANGE_TIGHTENED'], ['exclusiveMinimum', 'RANGE_TIGHTENED'], ['minItems', 'ITEMS_TIGHTENED']];
const MOST: readonly (readonly [string, Rule])[] = [['maxLength', 'LENGTH_TIGHTENED'], ['maximum', 'RANGE_TIGHTENED'], ['exclusiveMaximum', 'RANGE_TIGHTENED'], ['maxItems', 'ITEMS_TIGHTENED']];

function bounds(older: JsonSchema, newer: JsonSchema, at: string): Narrowing[] {
  const tighter = ([keyword]: readonly [string, Rule], isTighter: (before: number, now: number) => boolean, none: number): boolean => {
    const now = newer[keyword];
    const before = older[keyword];
    return typeof now === 'number' && isTighter(typeof before === 'number' ? before : none, now);
  };
  const found = [
    ...LEAST.filter((bound) => tighter(bound, (before, now) => now > before, /^min(Length|Items)$/.test(bound[0]) ? 0 : -Infinity)),
    ...MOST.filter((bound) => tighter(bound, (before, now) => now < before, Infinity)),
    ...(newer['multipleOf'] !== undefined && !same(newer['multipleOf'], older['multipleOf']) ? [['multipleOf', 'RANGE_TIGHTENED'] as const] : []),
    ...(newer['uniqueItems'] === true && older['uniqueItems'] !== true ? [['uniqueItems', 'ITEMS_TIGHTENED'] as const] : []),
  ];
  return found.map(([keyword, rule]) => ({ rule, at: `${at}/${keyword}`, message: `${keyword} was ${inShort(older[keyword])}, is ${inShort(newer[keyword])}` }));
}

function objects(older: JsonSchema, newer: JsonSchema, at: string): Narrowing[] {
  const [before, now] = [propertiesOf(older), propertiesOf(newer)];
  const [open, closed] = [older['additionalProperties'] !== false, newer['additionalProperties'] === false];
  const speaksOfObjects = older['properties'] !== undefined || (typesOf(older) ?? ['object']).includes('object');
  if (!speaksOfObjects) return [];
  const added = listOf(newer['required']).filter((name) => !listOf(older['required']).includes(name));
  return [
    ...[older, newer].filter((schema) => typeof schema['additionalProperties'] === 'object').slice(0, 1)
      .map((): Narrowing => ({ rule: 'KEYWORD_UNJUDGED', at: `${at}/additionalProperties`, message: 'additionalProperties is a schema' })),
    ...added.map((name): Narrowing => ({ rule: 'REQUIRED_FIELD_ADDED', at: `${at}/required`, message: `${name} is required, and older bodies may lack it` })),
    ...Object.keys(before).filter((name) => closed && !(name in now)).map((name): Narrowing => ({ rule: 'FIELD_REMOVED', at: `${at}/properties/${name}`, message: `${name} is not known any more, and older bodies may have it` })),
    ...(open && closed ? [{ rule: 'UNKNOWN_FIELDS_REFUSED' as const, at: `${at}/additionalProperties`, message: 'other fields were allowed, and are refused' }] : []),
    ...Object.entries(now).flatMap(([name, field]) => {
      const was = before[name] ?? (open ? {} : undefined);
      return was === undefined ? [] : narrowings(was, field, `${at}/properties/${name}`);
    }),
  ];
}

function lists(older: JsonSchema, newer: JsonSchema, at: string): Narrowing[] {
  const speaksOfLists = (typesOf(older) ?? ['array']).includes('array');
  if (newer['items'] === undefined || !speaksOfLists) return [];
  return narrowings((older['items'] ?? {}) as JsonSchema, newer['items'] as JsonSchema, `${at}/items`);
}

function marks(older: JsonSchema, newer: JsonSchema, at: string): Narrowing[] {
  const unit = older['x-unit'] !== undefined && !same(older['x-unit'], newer['x-unit']);
  const personal = older['x-personal'] !== undefined && !same(older['x-personal'], newer['x-personal']);
  return [
    ...(unit ? [{ rule: 'UNIT_CHANGED' as const, at: `${at}/x-unit`, message: `unit was ${inShort(older['x-unit'])}, is ${inShort(newer['x-unit'])}` }] : []),
    ...(personal ? [{ rule: 'PERSONAL_MARK_CHANGED' as const, at: `${at}/x-personal`, message: `was ${inShort(older['x-personal'])}, is ${inShort(newer['x-personal'])}` }] : []),
  ];
}

const propertiesOf = (schema: JsonSchema) => (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
const listOf = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? (value as readonly string[]) : []);

/** Equal as JSON, whatever the order of members. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return Array.isArray(a) === Array.isArray(b) && left.length === right.size && left.every(([name, value]) => right.has(name) && same(value as Json, right.get(name) as Json));
}

export const inShort = (value: Json | undefined): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};
