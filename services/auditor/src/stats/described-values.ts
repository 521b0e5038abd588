import { Type } from '@sinclair/typebox';
import type { TProperties, TSchema } from '@sinclair/typebox';

/** Parts of the schemas of results. Objects are closed: a number that `--schema` does not describe is a number that `--json` must not print. */
export const record = <P extends TProperties>(properties: P, description?: string) => Type.Object(properties, { additionalProperties: false, ...(description !== undefined && { description }) });
export const number = (description: string) => Type.Number({ description });
export const whole = (description: string) => Type.Integer({ description });
export const word = (description: string) => Type.String({ description });
export const truth = (description: string) => Type.Boolean({ description });
export const list = <T extends TSchema>(of: T, description?: string) => Type.Array(of, description === undefined ? {} : { description });
export const orNull = <T extends TSchema>(schema: T, description?: string) => Type.Union([schema, Type.Null()], description === undefined ? {} : { description });
export const numberOrNull = (description: string) => orNull(Type.Number(), description);
export const oneOf = (values: readonly string[], description: string) => Type.Union(values.map((value) => Type.Literal(value)), { description });
export const sourceSchema = word('what was read');

/** Two ends, in the unit of the estimate. */
export const intervalSchema = (description: string) => record({ lower: number('lower end'), upper: number('upper end') }, description);
export const estimateSchema = (description: string) => record({ estimate: number('the estimate'), lower: number('lower end of its interval'), upper: number('upper end') }, description);
