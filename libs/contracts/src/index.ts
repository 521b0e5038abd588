/**
 * The public events: what services tell each other and the world. One file an event version, with golden samples. It guards
 * that what is published was declared: an event whose type is not in the catalogue stays private to its slice.
 */
import type { TSchema } from '@sinclair/typebox';
import type { Upcaster } from '@touchstone/kernel';
import type { Downcaster, PublicEvent } from './define-event.js';
import { Catalogue } from './catalogue.js';
import * as analytics from './analytics/index.js';
import * as assurance from './assurance/index.js';
import * as control from './control/index.js';
import * as feedback from './feedback/index.js';
import * as planning from './planning/index.js';
import * as platform from './platform/index.js';

const isPublicEvent = (value: unknown): value is PublicEvent<string, TSchema> => typeof value === 'object' && value !== null && 'samples' in value && 'type' in value;

const isUpcaster = (value: unknown): value is Upcaster => typeof value === 'object' && value !== null && 'upcast' in value && 'from' in value;
const isDowncaster = (value: unknown): value is Downcaster => typeof value === 'object' && value !== null && 'downcast' in value && 'from' in value;
const isMaker = (value: unknown): value is { readonly type: string } => typeof value === 'function' && 'type' in value;

const exported = Object.values<unknown>({ ...analytics, ...assurance, ...control, ...feedback, ...planning, ...platform });

/** Every released public event, in all its versions. */
export const contracts = new Catalogue(exported.filter(isPublicEvent), {
  upcasters: exported.filter(isUpcaster), downcasters: exported.filter(isDowncaster), makers: exported.filter(isMaker),
});

export * from './catalogue.js';
export * from './characteristic.js';
export type { Deprecation, Downcaster, EventOf, PublicEvent } from './define-event.js';
export { NOTICE_DAYS } from './define-event.js';
export * from './published-schema.js';
export * from './unassigned.js';
