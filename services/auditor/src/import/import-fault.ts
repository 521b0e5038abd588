/**
 * What can be wrong with a file or a mapping, as stable codes. A file fault makes the rest of the file unusable (exit code 2);
 * a row fault concerns one row only, which is then reported as invalid while the others go on.
 */
export type FileFaultCode =
  | 'INVALID_UTF8'
  | 'LINE_TOO_LONG'
  | 'FILE_CUT_OFF'
  | 'FILE_EMPTY'
  | 'FILE_UNREADABLE'
  | 'INVALID_JSON'
  | 'COLUMN_MISSING'
  | 'COLUMN_DUPLICATE'
  | 'MAPPING_UNREADABLE'
  | 'MAPPING_INVALID'
  | 'DATE_WITHOUT_ZONE'
  | 'GROUP_TOO_LONG'
  | 'TOO_MANY_KEYS';

export type RowFaultCode =
  | 'INVALID_JSON'
  | 'INVALID_QUOTE'
  | 'COLUMN_COUNT'
  | 'COLUMN_MISSING'
  | 'VALUE_MISSING'
  | 'NOT_A_DECIMAL'
  | 'NOT_AN_INTEGER'
  | 'NOT_IN_LOOKUP'
  | 'INVALID_DATE'
  | 'DATE_WITHOUT_ZONE'
  | 'LOCAL_TIME_DOES_NOT_EXIST'
  | 'LOCAL_TIME_AMBIGUOUS'
  | 'GROUP_INCOMPLETE';

/** Ends the reading of a file. `line` is the physical line, counted from 1. */
export class ImportFault extends Error {
  constructor(
    readonly code: FileFaultCode,
    readonly detail: string,
    readonly line?: number,
    /** JSON Pointer (RFC 6901) into the mapping file. */
    readonly pointer?: string,
  ) {
    super(`${code}${line === undefined ? '' : ` at line ${line}`}: ${detail}`);
  }
}

/** Makes one row invalid. `column` is the column's name where one is at fault. */
export class RowProblem extends Error {
  constructor(
    readonly code: RowFaultCode,
    readonly detail: string,
    readonly column?: string,
  ) {
    super(`${code}: ${detail}`);
  }
}
