import 'reflect-metadata';
import type { CommandClass } from '@touchstone/event-store';
import { personalFieldsOf } from '@touchstone/event-store';

/** Under these @nestjs/swagger keeps what a field was described with, in the order of the fields. */
const NAMES = 'swagger/apiModelPropertiesArray';
const FIELD = 'swagger/apiModelProperties';

/** What `ApiProperty` was given. */
interface Described {
  readonly type?: unknown;
  readonly isArray?: boolean;
  readonly required?: boolean;
  readonly description?: string;
  readonly items?: object;
  readonly enum?: readonly string[];
  readonly [keyword: string]: unknown;
}

/** JSON Schema 2020-12. */
export type BodySchema = Readonly<Record<string, unknown>>;

const TYPES = new Map<unknown, string>([[String, 'string'], [Number, 'number'], [Boolean, 'boolean'], [Object, 'object']]);
const OF_ONE = ['enum', 'format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'additionalProperties'];
const OF_LIST = ['minItems', 'maxItems'];

/** The body of a command, from the decorators that check it and describe it in OpenAPI; with what may stand beside its fields. */
export function commandSchema(commandClass: CommandClass): BodySchema {
  const instance = new commandClass() as unknown as Record<string, unknown> & { readonly type: string };
  const { properties, required } = fieldsOf(commandClass.prototype as object);
  const subjects = new Map(personalFieldsOf(commandClass).map(({ path, subject }) => [path, subject]));
  const own = Object.entries(properties).map(([name, schema]): [string, BodySchema] => [name, {
    ...schema, ...(instance[name] !== undefined && { default: instance[name] }), ...(subjects.has(name) && { 'x-personal': { subject: subjects.get(name) } }),
  }]);
  return {
    type: 'object', required: required.filter((name) => instance[name] === undefined), additionalProperties: false,
    properties: {
      ...Object.fromEntries(own), type: { type: 'string', const: instance.type, description: 'may be left out' },
      occurredAt: { type: 'string', format: 'date-time', description: 'when it became true, with its zone; now, when left out' },
    },
  };
}

function fieldsOf(prototype: object): { readonly properties: Readonly<Record<string, BodySchema>>; readonly required: readonly string[] } {
  const names = ((Reflect.getMetadata(NAMES, prototype) ?? []) as readonly string[]).map((name) => name.slice(1));
  const described = names.map((name): [string, Described] => [name, Reflect.getMetadata(FIELD, prototype, name) as Described]);
  return {
    properties: Object.fromEntries(described.map(([name, field]) => [name, { ...schemaOf(field), ...(field.description !== undefined && { description: field.description }) }])),
    required: described.filter(([, { required }]) => required !== false).map(([name]) => name),
  };
}

function schemaOf(field: Described): BodySchema {
  if (field.isArray !== true) return oneOf(field);
  return { type: 'array', ...chosen(field, OF_LIST), items: field.items ?? oneOf(field) };
}

function oneOf(field: Described): BodySchema {
  const type = typeof field.type === 'string' ? field.type : TYPES.get(field.type);
  if (type !== undefined) return { type, ...chosen(field, OF_ONE) };
  const { properties, required } = fieldsOf((field.type as () => { readonly prototype: object })().prototype);
  return { type: 'object', required, additionalProperties: false, properties };
}

const chosen = (field: Described, keywords: readonly string[]): BodySchema => Object.fromEntries(keywords.filter((keyword) => field[keyword] !== undefined).map((keyword) => [keyword, field[keyword]]));
