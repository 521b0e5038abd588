/** Import: files of other systems → commands of one service, with an account of every row. */
export { sendBulk, type BulkEvent, type BulkTarget } from './client.js';
export { ConnectionFault, type ConnectionFaultCode } from './connection-fault.js';
export { ImportFault, RowProblem, type FileFaultCode, type RowFaultCode } from './import-fault.js';
export { compileMapping, type BulkCommand, type MappedCommand, type MappedRows, type Mapping } from './mapping.js';
export { readRows, type ReadRow, type Row, type RowFormat } from './readers.js';
export { Tally, type ControlTotal, type Reconciliation } from './reconcile.js';
export { reportText, type LineProblem } from './report.js';
export { runImport, type ExitCode, type ImportOptions, type ImportOutput, type ImportResult } from './run-import.js';
