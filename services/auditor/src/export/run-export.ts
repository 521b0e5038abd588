/** `touchstone export`: the public events of the logs, as Parquet in a folder or as lines. Apart, since it brings DuckDB along and few runs need it. */
import { once } from 'node:events';
import { createWriteStream, renameSync } from 'node:fs';
import { cloudEventLine, ExportFault, exportFolder, LogSource } from '@touchstone/analytics/export';
import type { Exported, Selection, Source } from '@touchstone/analytics/export';
import { contracts } from '@touchstone/contracts';
import { openPostgresStore } from '@touchstone/event-store';
import type { PostgresStore } from '@touchstone/event-store';
import { ApiFault, Unusable } from '../api.js';
import type { ProgressSink } from '../import/progress.js';
import type { DatabaseOptions } from './databases.js';
import { openDatabases } from './databases.js';
import { ShownProgress } from './shown-progress.js';

export interface ExportOptions extends DatabaseOptions, Selection {
  /** Folder, or with `jsonl` a file; standard output when left out. */
  readonly out?: string;
  readonly format: 'parquet' | 'jsonl';
  readonly followEveryMs?: number;
}

export interface ExportSurroundings {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: ProgressSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

export type ExportResult = readonly Pick<Exported, 'service' | 'place' | 'events' | 'files' | 'total'>[];

/** Throws {@link Unusable} for what makes no sense, {@link ApiFault} where a database cannot be read. */
export async function runExport(options: ExportOptions, surroundings: ExportSurroundings): Promise<ExportResult> {
  const databases = await openDatabases(options, surroundings.env);
  const stores: PostgresStore[] = [];
  try {
    const sources: Source[] = [];
    for (const [service, url] of databases.urls) {
      const store = await openPostgresStore({ url });
      stores.push(store);
      sources.push(new LogSource(service, store, contracts));
    }
    return await (options.format === 'jsonl' ? exportLines(sources, options, surroundings) : exportParquet(sources, options, surroundings));
  } catch (error) {
    if (error instanceof ExportFault) throw new Unusable(error.message);
    if (error instanceof Unusable) throw error;
    throw new ApiFault('EXPORT_FAILED', `${error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error)}; run it again to go on`);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
    await databases.close();
  }
}

function exportParquet(sources: readonly Source[], { out = '', from, to, followEveryMs }: ExportOptions, { stderr, signal }: ExportSurroundings): Promise<ExportResult> {
  const shown = new ShownProgress(stderr);
  return exportFolder({
    folder: out, sources, selection: { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }, ...(followEveryMs !== undefined && { followEveryMs }), ...(signal && { signal }),
    progress: ({ service, place, settled, events }) => shown.at(service, place, settled, events),
  }).finally(() => shown.end());
}

async function exportLines(sources: readonly Source[], { out, from, to }: ExportOptions, { stdout, stderr, signal }: ExportSurroundings): Promise<ExportResult> {
  const file = out === undefined || out === '-' ? undefined : createWriteStream(`${out}.tmp`);
  const shown = new ShownProgress(stderr);
  const done: Exported[] = [];
  for (const source of sources) {
    const settled = await source.settled();
    let events = 0;
    for await (const page of source.pages(0, settled)) {
      if (signal?.aborted) throw new Error('interrupted');
      const chosen = page.filter(({ meta }) => within((JSON.parse(meta) as { recordedAt: string }).recordedAt.slice(0, 10), from, to));
      await written(file ?? stdout, chosen.map((event) => cloudEventLine(source, event)).join(''));
      events += chosen.length;
      shown.at(source.service, page.at(-1)?.seq ?? settled, settled, events);
    }
    done.push({ service: source.service, place: settled, events, files: file ? 1 : 0, total: events });
  }
  shown.end();
  if (file) {
    await new Promise<void>((closed, failed) => void file.on('error', failed).end(closed));
    renameSync(`${out ?? ''}.tmp`, out ?? '');
  }
  return done;
}

const within = (day: string, from = '0000', to = '9999'): boolean => day >= from && day <= to;

/** Waits while whoever reads is behind. */
async function written(sink: { write(text: string): unknown }, text: string): Promise<void> {
  if (text !== '' && sink.write(text) === false && 'once' in sink) await once(sink as NodeJS.WritableStream, 'drain');
}
