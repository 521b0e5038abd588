import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Source } from '../sources/source.js';
import { viewsSql } from '../views/views.js';
import { Batch } from './batch.js';
import type { Exported, ExportOptions } from './export-service.js';
import { exportService } from './export-service.js';
import { lock, writeWhole } from './folder.js';
import type { Selection } from './manifest.js';
import { Manifest } from './manifest.js';

export interface FolderOptions extends Pick<ExportOptions, 'batchPlaces' | 'signal' | 'step'> {
  readonly folder: string;
  /** One after the other. */
  readonly sources: readonly Source[];
  readonly selection?: Selection;
  /** Looks again after so long, until `signal` ends it; once, when left out. */
  readonly followEveryMs?: number;
  readonly progress?: (state: { readonly service: string; readonly place: number; readonly settled: number; readonly events: number }) => void;
}

/** Brings a folder up to the logs. What one service has is exported whatever becomes of the next. Throws `ExportFault`. */
export async function exportFolder({ folder, sources, selection = {}, followEveryMs, progress, ...rest }: FolderOptions): Promise<readonly Exported[]> {
  const held = lock(folder);
  try {
    const manifest = Manifest.open(folder, selection);
    const batch = await Batch.open(folder);
    const done = new Map<string, Exported>();
    try {
      writeWhole(join(folder, 'views.sql'), viewsSql());
      do {
        for (const source of sources) {
          const now = await exportService({ folder, source, manifest, batch, ...rest, progress: (state) => progress?.({ service: source.service, ...state }) });
          const before = done.get(source.service);
          done.set(source.service, { ...now, events: now.events + (before?.events ?? 0), files: now.files + (before?.files ?? 0) });
        }
        if (followEveryMs !== undefined) await pause(followEveryMs, undefined, { ...(rest.signal && { signal: rest.signal }) }).catch(() => undefined);
      } while (followEveryMs !== undefined && !rest.signal?.aborted);
    } finally {
      batch.close();
    }
    return [...done.values()];
  } finally {
    held.release();
  }
}
