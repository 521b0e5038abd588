import type { Migration } from './migration.js';
import { append } from './2-append.js';
import { log } from './1-log.js';
import { snapshot } from './3-snapshot.js';
import { logEpoch } from './4-log-epoch.js';
import { readModels } from './5-read-models.js';
import { erasure } from './6-erasure.js';

export type * from './migration.js';

/** In order of version. */
export const migrations: readonly Migration[] = [log, append, snapshot, logEpoch, readModels, erasure];
