// What outsiders get of a public event: its JSON Schema (2020-12), readable without our code. Marks of ours become annotations
// that start with x-, so that no validator stumbles over them: see `annotations`.
import type { TSchema } from '@sinclair/typebox';
import type { Deprecation, PublicEvent } from './define-event.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
/** A JSON Schema, as data. */
export type JsonSchema = { readonly [keyword: string]: Json };
export type AnyPublicEvent = PublicEvent<string, TSchema>;

/** The annotations of published schemas beyond JSON Schema's own. They constrain nothing. */
export const annotations = {
  'x-unit': 'unit of a number: in words, `as <field> says` when another field of the same object names it, or `ordinal` for a number in a sequence',
  'x-personal': 'text about a person; `subject` is the field that holds the id of whom it is about. On topics it stands encrypted, for everybody but its producer for ever',
  'x-stream': 'category of the streams the event is appended to; the message key is `<category>-<id>`, and what shares a key keeps its order',
  'x-topic': 'topic the event is published on',
  'x-personal-fields': 'paths of all personal fields of the event',
  'x-deprecation': 'notice that this version goes: announced `since`, published beside its `successor` up to and with `until`',
} as const;

export const familyOf = (type: string): string => type.slice(0, type.lastIndexOf('.v'));
export const versionOf = (type: string): number => Number(type.slice(type.lastIndexOf('.v') + 2));
export const serviceOf = (type: string): string => type.slice(0, type.indexOf('.'));
export const schemaIdOf = (type: string): string => `urn:touchstone:event:${type}`;
/** Where a service publishes; as `topicOf` of libs/messaging. */
export const topicOfType = (type: string): string => `${serviceOf(type)}.events.v1`;

const RENAMED: Readonly<Record<string, string>> = { unit: 'x-unit', personal: 'x-personal' };

/** What can never change once it is released: the schema without examples and without notice of its end. */
export function frozenSchema({ type, stream, meaning, data }: AnyPublicEvent): JsonSchema {
  const body = published(JSON.parse(JSON.stringify(data)) as JsonSchema);
  const personal = fieldsOf(body).filter((field) => field.personal).map(({ path }) => path);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema', $id: schemaIdOf(type), title: type, description: meaning,
    'x-topic': topicOfType(type), 'x-stream': stream, ...(personal.length > 0 && { 'x-personal-fields': personal }), ...body,
  };
}

/** The schema as it is handed out, with the golden samples as examples. */
export function publishedSchema(event: AnyPublicEvent): JsonSchema {
  const { deprecated } = event;
  return {
    ...frozenSchema(event),
    ...(deprecated && { deprecated: true, 'x-deprecation': asJson(deprecated) }),
    examples: JSON.parse(JSON.stringify(event.samples)) as Json,
  };
}

const asJson = ({ since, until, successor }: Deprecation): Json => ({ since, until, successor });

function published(schema: JsonSchema): JsonSchema {
  const { properties, items, anyOf, ...rest } = schema;
  const own = Object.fromEntries(Object.entries(rest).map(([keyword, value]) => [RENAMED[keyword] ?? keyword, value]));
  const inner = isSchema(items) ? published(items) : undefined;
  return {
    ...own,
    ...(inner && own['description'] === undefined && typeof inner['description'] === 'string' && { description: `each: ${inner['description']}` }),
    ...(isSchema(properties) && { properties: mapped(properties) }),
    ...(inner && { items: inner }),
    ...(Array.isArray(anyOf) && { anyOf: (anyOf as readonly JsonSchema[]).map(published) }),
  };
}

const mapped = (properties: JsonSchema): JsonSchema => Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, published(inner as JsonSchema)]));
const isSchema = (value: Json | undefined): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value);

/** One field of a published schema, for people. */
export interface Field {
  /** `accounts[].quantity`. */
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly number: boolean;
  readonly unit?: string;
  readonly description: string;
  /** Path of the field that names whom it is about. */
  readonly personal?: string;
}

/** All fields, those of inner objects after their own. */
export function fieldsOf(schema: JsonSchema, at = ''): Field[] {
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>);
  const required = (schema['required'] ?? []) as readonly string[];
  return properties.flatMap(([name, field]) => {
    const path = at + name;
    const items = isSchema(field['items']) ? field['items'] : undefined;
    const leaf = items && !items['properties'] ? items : field;
    const subject = (field['x-personal'] as { readonly subject: string } | undefined)?.subject;
    const unit = leaf['x-unit'] as string | undefined;
    return [
      {
        path, type: typeOf(field), required: required.includes(name), number: isNumber(leaf), description: (field['description'] ?? '') as string,
        ...(unit !== undefined && { unit }), ...(subject !== undefined && { personal: at + subject }),
      },
      ...fieldsOf(items ?? field, items ? `${path}[].` : `${path}.`),
    ];
  });
}

const CODE = '^[A-Za-z0-9][A-Za-z0-9._:/-]';
const DECIMAL = '^-?(0|[1-9]';
const isDecimal = ({ pattern }: JsonSchema): boolean => typeof pattern === 'string' && pattern.startsWith(DECIMAL);
const isNumber = (schema: JsonSchema): boolean => schema['type'] === 'integer' || schema['type'] === 'number' || isDecimal(schema);

/** The type in a few words; limits are added where they are short. */
function typeOf(schema: JsonSchema): string {
  const { type, format, pattern, maxLength, minItems, maxItems, minimum, maximum } = schema;
  if (schema['x-personal']) return 'personal text';
  if (Array.isArray(schema['enum'])) return `one of ${(schema['enum'] as readonly string[]).join(', ')}`;
  if (schema['const'] !== undefined) return JSON.stringify(schema['const']);
  if (type === 'array') return `list of ${isSchema(schema['items']) ? typeOf(schema['items']) : 'anything'}${limits(minItems, maxItems)}`;
  if (isDecimal(schema)) return 'decimal as text';
  if (format === 'uuid') return 'UUID';
  if (format === 'date-time') return 'instant, ISO 8601 UTC';
  if (typeof pattern === 'string' && pattern.startsWith(CODE)) return 'code: letters, digits and ._:/-';
  if (typeof pattern === 'string') return `text like ${pattern}`;
  if (maxLength !== undefined) return `text, ${JSON.stringify(maxLength)} characters at most`;
  return `${String(type ?? 'anything')}${limits(minimum, maximum)}`;
}

const limits = (least: Json | undefined, most: Json | undefined): string =>
  least === undefined && most === undefined ? '' : `, ${[least === undefined ? '' : `${JSON.stringify(least)} at least`, most === undefined ? '' : `${JSON.stringify(most)} at most`].filter(Boolean).join(', ')}`;
