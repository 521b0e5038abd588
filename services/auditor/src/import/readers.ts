/**
 * Reads rows from a stream in constant memory: CSV, blank-separated columns, NDJSON and JSON arrays. A row that cannot be read is
 * yielded with its problem; what makes the rest of the file unusable is thrown as ImportFault. Lines are physical, counted from 1.
 */
import { columnRows, csvRows } from './delimited-rows.js';
import { jsonArrayRows, ndjsonRows } from './json-rows.js';
import type { ReadRow, RowFormat } from './rows.js';

export { isUnreadable, type ReadRow, type Row, type RowFormat, type UnreadableRow } from './rows.js';
export { MAX_LINE_BYTES } from './lines.js';

export function readRows(bytes: AsyncIterable<Uint8Array>, format: RowFormat): AsyncGenerator<ReadRow> {
  switch (format.format) {
    case 'csv':
      return csvRows(bytes, format);
    case 'columns':
      return columnRows(bytes, format);
    case 'ndjson':
      return ndjsonRows(bytes, format);
    case 'json':
      return jsonArrayRows(bytes);
  }
}
