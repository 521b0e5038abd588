// Every published result this library is held to; one list a folder.
import type { ReferencesOf } from '@touchstone/statistics/references';

export const references: ReferencesOf = (_read) => [];
