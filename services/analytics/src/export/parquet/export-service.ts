import type { Source } from '../sources/source.js';
import type { Batch } from './batch.js';
import { ExportFault } from './export-fault.js';
import { flush, moveInto, partFile } from './folder.js';
import type { Manifest } from './manifest.js';

/** Places of the log in one batch; a batch ends at a multiple of it, or at the end of the log. */
export const BATCH_PLACES = 50_000;

/** Told after each: where a test kills. */
export type ExportStep = 'planned' | 'page' | 'written' | 'moved' | 'all moved' | 'done';

export interface ExportOptions {
  readonly folder: string;
  readonly source: Source;
  readonly manifest: Manifest;
  readonly batch: Batch;
  readonly batchPlaces?: number;
  /** Ends it after the batch that is under way. */
  readonly signal?: AbortSignal;
  /** `place` of `settled`; `events` were written since it began. */
  readonly progress?: (state: { readonly place: number; readonly settled: number; readonly events: number }) => void;
  readonly step?: (step: ExportStep) => void;
}

export interface Exported {
  readonly service: string;
  /** Everything up to here is in the folder now. */
  readonly place: number;
  /** Written by this run. */
  readonly events: number;
  readonly files: number;
  /** In the folder by now. */
  readonly total: number;
}

/**
 * What the log has and the folder does not. Batch by batch: the range is noted in the manifest, its files are written aside and
 * moved to names that follow from what they hold, then the manifest moves on. After a crash the noted range is written again;
 * a log never changes, so each file replaces itself. Throws {@link ExportFault}.
 */
export async function exportService(options: ExportOptions): Promise<Exported> {
  const { source: { service, logId }, source, manifest, batchPlaces = BATCH_PLACES, step = () => undefined } = options;
  let [events, files] = [0, 0];
  for (;;) {
    const state = manifest.of(service, logId);
    const settled = await source.settled();
    if (settled < Math.max(state.place, state.until ?? 0)) {
      throw new ExportFault('EXPORT_AHEAD_OF_LOG', `the folder holds ${service} up to ${state.until ?? state.place}, and the log ends at ${settled}: it was restored to an earlier time; export it to another folder`);
    }
    options.progress?.({ place: state.place, settled, events });
    const until = state.until ?? Math.min(settled, (Math.floor(state.place / batchPlaces) + 1) * batchPlaces);
    if (until === state.place || options.signal?.aborted) return { service, place: state.place, events, files, total: state.events };
    manifest.set(service, { ...state, until });
    step('planned');
    const written = await writeRange(options, state.place, until, (place, read) => options.progress?.({ place, settled, events: events + read }));
    manifest.set(service, { logId, place: until, events: state.events + written.events });
    step('done');
    events += written.events;
    files += written.files;
  }
}

async function writeRange(options: ExportOptions, after: number, until: number, at: (place: number, read: number) => void): Promise<{ events: number; files: number }> {
  const { folder, source, batch, manifest, step = () => undefined } = options;
  await batch.begin();
  let read = 0;
  for await (const page of source.pages(after, until)) {
    batch.append(page);
    read += page.length;
    at(page.at(-1)?.seq ?? after, read);
    step('page');
  }
  const parts = await batch.write(source.service, manifest.selection);
  step('written');
  const touched = new Set<string>();
  for (const part of parts) {
    for (const each of moveInto(part.staged, partFile(folder, part))) touched.add(each);
    step('moved');
  }
  for (const each of touched) flush(each);
  step('all moved');
  return { events: parts.reduce((sum, { events }) => sum + events, 0), files: parts.length };
}
