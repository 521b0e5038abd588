import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import type { ValidationOptions } from 'class-validator';
import {
  ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsInt, Max, Min, ValidateBy, ValidateIf, ValidateNested,
} from 'class-validator';
import { decimal, instant, isDecimal, isPositive, isUuid } from '@touchstone/kernel';

/**
 * The fields that commands are made of: each decorator validates, brings the value into its canonical form, and describes it in
 * OpenAPI. A violation carries a stable code.
 */
export interface FieldOptions {
  readonly optional?: boolean;
  readonly description?: string;
}

const coded = (code: string, message: string, each = false): ValidationOptions => ({ message: `$property ${message}`, context: { code }, each });

const field = (options: FieldOptions, schema: object, ...checks: PropertyDecorator[]): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ ...schema, required: !options.optional, ...(options.description !== undefined && { description: options.description }) }),
    ...(options.optional ? [ValidateIf((_, value) => value !== undefined)] : []), // null is no way to leave a field out
    ...checks,
  );

const check = (name: string, test: (value: unknown) => boolean, options: ValidationOptions): PropertyDecorator =>
  ValidateBy({ name, validator: { validate: test } }, options);

export const Uuid = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, format: 'uuid' },
    Transform(({ value }) => (typeof value === 'string' ? value.toLowerCase() : value) as unknown),
    check('isUuid', isUuid, coded('NOT_A_UUID', 'must be a UUID')));

const canonicalDecimal = Transform(({ value }) => (isDecimal(value) ? decimal(value) : value) as unknown);
const canonicalDecimals = Transform(({ value }) => (Array.isArray(value) ? value.map((each: unknown) => (isDecimal(each) ? decimal(each) : each)) : value) as unknown);

/** A decimal number as text, e.g. "74.002". */
export const DecimalField = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, format: 'decimal', example: '74.002' }, canonicalDecimal,
    check('isDecimal', isDecimal, coded('NOT_A_DECIMAL', 'must be a decimal number as text, e.g. "12.50"')));

/** A decimal above zero. */
export const Quantity = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, format: 'decimal', example: '40' }, canonicalDecimal,
    check('isQuantity', (value) => isDecimal(value) && isPositive(value), coded('NOT_A_QUANTITY', 'must be a decimal number above zero, as text')));

export const Decimals = ({ min = 1, max = 100, ...options }: FieldOptions & { min?: number; max?: number } = {}): PropertyDecorator =>
  field(options, { type: [String], format: 'decimal', minItems: min, maxItems: max }, canonicalDecimals,
    IsArray(coded('NOT_A_LIST', 'must be a list')), ArrayMinSize(min, coded('TOO_FEW', `must have at least ${min}`)),
    ArrayMaxSize(max, coded('TOO_MANY', `must have at most ${max}`)),
    check('isDecimal', isDecimal, coded('NOT_A_DECIMAL', 'must hold decimal numbers as text', true)));

/** Well-formed, and without U+0000, which PostgreSQL has no text for. */
const isKeepable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** Free text of one to `max` characters. */
export const TextField = ({ max = 500, ...options }: FieldOptions & { max?: number } = {}): PropertyDecorator =>
  field(options, { type: String, minLength: 1, maxLength: max },
    check('isText', (value) => typeof value === 'string' && value.trim().length > 0 && value.length <= max && isKeepable(value), coded('NOT_A_TEXT', `must be a text of 1 to ${max} characters`)));

const CODE = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}$/;

/** A short name: letters, digits and ._:/- */
export const CodeField = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, pattern: CODE.source },
    check('isCode', (value) => typeof value === 'string' && CODE.test(value), coded('NOT_A_CODE', 'must be 1 to 120 letters, digits or ._:/-')));

export const Codes = ({ max = 50, ...options }: FieldOptions & { max?: number } = {}): PropertyDecorator =>
  field(options, { type: [String], pattern: CODE.source, maxItems: max }, IsArray(coded('NOT_A_LIST', 'must be a list')), ArrayMaxSize(max, coded('TOO_MANY', `must have at most ${max}`)),
    check('isCode', (value) => typeof value === 'string' && CODE.test(value), coded('NOT_A_CODE', 'must hold names of letters, digits or ._:/-', true)));

export const OneOfField = <V extends string>(values: readonly V[], options: FieldOptions = {}): PropertyDecorator =>
  field(options, { enum: values }, IsIn(values, coded('NOT_ONE_OF', `must be one of: ${values.join(', ')}`)));

export const SomeOfField = <V extends string>(values: readonly V[], options: FieldOptions = {}): PropertyDecorator =>
  field(options, { enum: values, isArray: true }, IsArray(coded('NOT_A_LIST', 'must be a list')), IsIn(values, coded('NOT_ONE_OF', `must hold only: ${values.join(', ')}`, true)));

export const Whole = ({ min, max, ...options }: FieldOptions & { min: number; max: number }): PropertyDecorator =>
  field(options, { type: 'integer', minimum: min, maximum: max }, IsInt(coded('NOT_WHOLE', 'must be a whole number')),
    Min(min, coded('OUT_OF_RANGE', `must be at least ${min}`)), Max(max, coded('OUT_OF_RANGE', `must be at most ${max}`)));

export const Flag = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: Boolean }, IsBoolean(coded('NOT_A_FLAG', 'must be true or false')));

/** An instant with its zone, e.g. "2026-03-02T08:00:00+01:00"; kept in UTC. */
export const DateTime = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, format: 'date-time' },
    Transform(({ value }) => (typeof value === 'string' ? (instant(value) ?? value) : value) as unknown),
    check('isInstant', (value) => typeof value === 'string' && instant(value) !== undefined,
      coded('NOT_AN_INSTANT', 'must be a date and time with its zone, e.g. 2026-03-02T08:00:00+01:00')));

/** An object with fields of its own. */
export const Nested = (of: () => new () => object, options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: of }, Type(of), check('isThere', (value) => typeof value === 'object' && value !== null, coded('NOT_AN_OBJECT', 'must be an object')), ValidateNested(coded('NOT_AN_OBJECT', 'must be an object')));

export const ListOf = (of: () => new () => object, { min = 0, max = 100, ...options }: FieldOptions & { min?: number; max?: number } = {}): PropertyDecorator =>
  field(options, { type: of, isArray: true, minItems: min, maxItems: max }, IsArray(coded('NOT_A_LIST', 'must be a list')), ArrayMinSize(min, coded('TOO_FEW', `must have at least ${min}`)),
    ArrayMaxSize(max, coded('TOO_MANY', `must have at most ${max}`)), Type(of), ValidateNested({ each: true, ...coded('NOT_AN_OBJECT', 'must hold objects') }));

/** Any JSON of limited size; checked by whoever decides on it. */
export const JsonField = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: Object }, check('isJsonObject', (value) => typeof value === 'object' && value !== null, coded('NOT_AN_OBJECT', 'must be an object')));
