/**
 * Export of the public event streams: to Parquet files that any SQL engine reads, and as lines of CloudEvents. It guards: every
 * public event of a log lands in the folder exactly once, however often an export is killed; a file, once there, never changes.
 * Nothing of the service runs here: hosts import it (`touchstone export`), the service itself does not.
 */
export * from './export/parquet/export-fault.js';
export * from './export/lines/cloud-event.js';
export * from './export/parquet/export-folder.js';
export type { Exported } from './export/parquet/export-service.js';
export type { Selection } from './export/parquet/manifest.js';
export * from './export/sources/log-source.js';
export type * from './export/sources/source.js';
export * from './export/views/query.js';
export * from './export/views/views.js';
