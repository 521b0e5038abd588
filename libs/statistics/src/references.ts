// Every published result this library is held to; one list a folder.
import type { ReferencesOf } from './reference.js';

export type { ReadFixture, ReferenceCase, ReferencedMethod, ReferencesOf } from './reference.js';

export const references: ReferencesOf = (_read) => [];
